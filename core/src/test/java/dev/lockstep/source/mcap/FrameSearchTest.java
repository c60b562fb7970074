package dev.lockstep.source.mcap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameSearchTest {
  private static int[] search(long frame, long[]... messages) throws IOException {
    return new FrameSearch(messages.length, i -> messages[i]).messagesOf(frame);
  }

  @Test
  void findsEveryMessageOfAFrame() throws IOException {
    long[][] messages = {{}, {3}, {3}, {}, {5}, {8}, {8}, {8}, {}, {9}, {}};
    assertThat(search(3, messages)).containsExactly(1, 2);
    assertThat(search(5, messages)).containsExactly(4, 4);
    assertThat(search(8, messages)).containsExactly(5, 7);
    assertThat(search(9, messages)).containsExactly(9, 9);
  }

  @Test
  void saysThatThereIsNone() throws IOException {
    long[][] messages = {{3}, {}, {5}, {9}};
    for (long frame : new long[] {2, 4, 6, 10}) {
      assertThat(search(frame, messages)).as("frame " + frame).containsExactly(0, -1);
    }
    assertThat(search(3)).containsExactly(0, -1);
    assertThat(search(3, new long[0], new long[0])).containsExactly(0, -1);
  }

  @Test
  void doesNotKnowWhereOnlyAReadOfAllCanTell() throws IOException {
    assertThat(search(3, new long[] {-1}, new long[] {-1})).isEmpty();
    assertThat(search(3, new long[] {1, 3}, new long[] {4})).isEmpty();
    assertThat(search(3, new long[] {8}, new long[] {4})).isEmpty();
    assertThat(search(2, new long[] {1}, new long[] {9}, new long[] {2}, new long[] {4})).isEmpty();
  }

  @Test
  void readsFewMessagesOfMany() throws IOException {
    Random random = new Random(3);
    int[] reads = new int[1];
    for (int round = 0; round < 100; round++) {
      int frame = random.nextInt(100_000);
      FrameSearch search =
          new FrameSearch(
              100_000,
              i -> {
                reads[0]++;
                return new long[] {i};
              });
      assertThat(search.messagesOf(frame)).containsExactly(frame, frame);
    }
    assertThat(reads[0]).as("reads of 100 searches").isLessThan(100 * 25);
  }
}
