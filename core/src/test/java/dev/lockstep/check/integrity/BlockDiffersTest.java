package dev.lockstep.check.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.manifest.BlockBuilder;
import dev.lockstep.manifest.BlockLimits;
import dev.lockstep.model.Block;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StoredBlocks;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.testing.CheckPages;
import dev.lockstep.testing.RecordedFindings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockDiffersTest {
  private static final StreamInfo LIDAR =
      StreamInfo.of(0, "/lidar", Modality.LIDAR, StampSource.HEADER, "cdr", "");
  private static final int MESSAGES = 1000;

  private static final String EXAMPLE =
      """
      error INT040 block-differs: content was changed: CRC-32C of message 437 in block 43 stored 0x000F43A5, computed 0x12345678
        at /lidar, message 437, stamp 43700 ns, byte 27968+64\
      """;

  @FunctionalInterface
  private interface IntIntToLongFunction {
    long applyAsLong(int index, int crc);
  }

  /// Content of message `i`, all different.
  private static int content(int i) {
    return i * 2289 + 0x40;
  }

  private static List<Integer> sealedMessages() {
    return new ArrayList<>(
        IntStream.range(0, MESSAGES).map(BlockDiffersTest::content).boxed().toList());
  }

  /// Stamps of sealed content, wherever it lies; 100 ns a message for all else.
  private static long stampNs(int index, int crc) {
    int sealed = (crc - 0x40) / 2289;
    boolean known = sealed >= 0 && sealed < MESSAGES && content(sealed) == crc;
    return (known ? sealed : index) * 100L;
  }

  private static List<Block> blocks(StreamInfo stream, List<Integer> crcs) {
    return blocks(stream, crcs, BlockDiffersTest::stampNs);
  }

  private static List<Block> blocks(
      StreamInfo stream, List<Integer> crcs, IntIntToLongFunction stampsNs) {
    List<Block> blocks = new ArrayList<>();
    BlockBuilder builder = new BlockBuilder(stream, BlockLimits.DEFAULT, blocks::add);
    MessageBatch batch = new MessageBatch(stream, crcs.size());
    for (int i = 0; i < crcs.size(); i++) {
      long stampNs = stampsNs.applyAsLong(i, crcs.get(i));
      int row = batch.add(stampNs, i * 100L, i * 100L, i * 64L, 64);
      batch.setCrc32c(row, crcs.get(i));
    }
    builder.accept(batch);
    builder.end();
    return blocks;
  }

  private static String check(List<Integer> now) {
    return check(new ListedBlocks(blocks(LIDAR, sealedMessages())), blocks(LIDAR, now));
  }

  private static String check(StoredBlocks stored, List<Block> computed) {
    BlockDiffers check = new BlockDiffers();
    RecordedFindings findings = new RecordedFindings(check.card());
    Set<String> streams = new LinkedHashSet<>();
    computed.forEach(block -> streams.add(block.stream()));
    streams.addAll(stored.streams());
    for (String stream : streams) {
      var observer = check.open(stream, stored, findings);
      computed.stream().filter(b -> b.stream().equals(stream)).forEach(observer::onBlock);
      assertThat(observer.onEnd()).isInstanceOf(Conclusion.Examined.class);
    }
    return findings.text();
  }

  @Test
  void isSilentOnWhatWasSealed() {
    assertThat(check(sealedMessages())).isEmpty();
  }

  @Test
  void namesTheOneMessageThatChanged() {
    List<Integer> now = sealedMessages();
    now.set(437, 0x12345678);
    assertThat(check(now)).isEqualTo(EXAMPLE);
    CheckPages.assertComplete(new BlockDiffers(), EXAMPLE);
  }

  @Test
  void namesEveryBlockThatChanged() {
    List<Integer> now = sealedMessages();
    now.set(18, 1);
    now.set(21, 2);
    now.set(23, 3);
    assertThat(check(now))
        .isEqualTo(
            """
            error INT040 block-differs: content was changed: CRC-32C of message 18 in block 1 stored 0x0000A132, computed 0x00000001
              at /lidar, message 18, stamp 1800 ns, byte 1152+64
            error INT040 block-differs: content was changed: CRC-32C of 2 messages in block 2 different (expected as sealed)
              at /lidar, messages 21..23\
            """);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 990})
  void tellsExchangedNeighboursFromChangedOnes(int at) {
    List<Integer> now = sealedMessages();
    now.set(at, content(at + 1));
    now.set(at + 1, content(at));
    assertThat(check(now))
        .startsWith("error INT040 block-differs: messages were exchanged: order " + at)
        .doesNotContain("\nerror");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 40})
  void tellsExchangedBlocks(int apart) {
    List<Integer> now = sealedMessages();
    for (int i = 0; i < 10; i++) {
      now.set(300 + i, content(300 + 10 * apart + i));
      now.set(300 + 10 * apart + i, content(300 + i));
    }
    int other = 30 + apart;
    assertThat(check(now))
        .isEqualTo(
            "error INT040 block-differs: blocks were exchanged: order of blocks 30, %d -> %d, 30\n"
                    .formatted(other, other)
                + "  at /lidar, messages 300..309");
  }

  @Test
  void tellsAReplayedBlock() {
    List<Integer> now = sealedMessages();
    for (int i = 0; i < 10; i++) {
      now.set(500 + i, content(120 + i));
    }
    assertThat(check(now))
        .isEqualTo(
            """
            error INT040 block-differs: block was replayed: block 50 holds the content of block 12 (expected its own)
              at /lidar, messages 500..509\
            """);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10, 57})
  void namesLostMessagesOnceAndStaysAligned(int lost) {
    List<Integer> now = sealedMessages();
    now.subList(205, 205 + lost).clear();
    assertThat(check(now))
        .startsWith("error INT040 block-differs: messages were lost after sealing: " + lost + " ")
        .contains("sealed as 205")
        .doesNotContain("\nerror");
  }

  @Test
  void namesALostEnd() {
    List<Integer> now = sealedMessages();
    now.subList(990, 1000).clear();
    assertThat(check(now))
        .isEqualTo(
            """
            error INT040 block-differs: messages were lost after sealing: 10 messages missing (sealed as 990..999 in block 99)
              at /lidar, message 990\
            """);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 333, 999})
  void namesAddedMessagesOnceAndStaysAligned(int at) {
    List<Integer> now = sealedMessages();
    now.add(at, 77);
    now.add(at, 78);
    assertThat(check(now))
        .isEqualTo(
            "error INT040 block-differs: messages were added after sealing: 2 messages added"
                + " (expected none)\n  at /lidar, messages "
                + at
                + ".."
                + (at + 1));
  }

  @Test
  void tellsChangedStampsOfUnchangedContentOnce() {
    List<Block> now =
        blocks(
            LIDAR,
            sealedMessages(),
            (i, crc) -> stampNs(i, crc) + (i >= 40 && i < 70 ? 37_000_000_000L : 0));
    assertThat(check(new ListedBlocks(blocks(LIDAR, sealedMessages())), now))
        .isEqualTo(
            """
            error INT040 block-differs: stamps were changed: stamp of message 40 in block 4 stored 4000 ns, computed 37000004000 ns
              at /lidar, messages 40..69\
            """);
  }

  @Test
  void namesStreamsThatAreOnOneSideOnly() {
    StreamInfo other = StreamInfo.of(1, "/new", Modality.OTHER, StampSource.HEADER, "cdr", "");
    String text =
        check(new ListedBlocks(blocks(LIDAR, sealedMessages())), blocks(other, List.of(1, 2, 3)));
    assertThat(text)
        .isEqualTo(
            """
            error INT040 block-differs: stream was added after sealing: manifest does not know it (expected every stream)
              at /new
            error INT040 block-differs: messages were lost after sealing: 1000 messages missing (sealed as 0..999 in block 0 to block 99)
              at /lidar, message 0\
            """);
  }

  @Test
  void findsSomethingInEverySeededMutation() {
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      List<Integer> now = sealedMessages();
      for (int faults = 1 + random.nextInt(3); faults > 0; faults--) {
        int at = random.nextInt(now.size() - 60);
        int length = 1 + random.nextInt(50);
        switch (random.nextInt(4)) {
          case 0 -> now.set(at, random.nextInt());
          case 1 -> now.subList(at, at + length).clear();
          case 2 -> now.addAll(at, random.ints(length).boxed().toList());
          default -> {
            List<Integer> moved = new ArrayList<>(now.subList(at, at + length));
            now.subList(at, at + length).clear();
            now.addAll(random.nextInt(now.size()), moved);
          }
        }
      }
      assertThat(check(now).isEmpty()).as("seed %d", seed).isEqualTo(now.equals(sealedMessages()));
    }
  }

  /// Blocks held in a list.
  private record ListedBlocks(List<Block> all) implements StoredBlocks {
    @Override
    public List<String> streams() {
      return all.stream().map(Block::stream).distinct().toList();
    }

    @Override
    public int blocks(String stream) {
      return (int) all.stream().filter(b -> b.stream().equals(stream)).count();
    }

    @Override
    public long messages(String stream) {
      return all.stream().mapToLong(Block::messages).sum();
    }

    @Override
    public Block block(String stream, int index) {
      return all.get(index);
    }

    @Override
    public int blockOf(String stream, long message) {
      return (int) message / 10;
    }
  }
}
