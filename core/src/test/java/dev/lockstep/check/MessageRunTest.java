package dev.lockstep.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import org.junit.jupiter.api.Test;

class MessageRunTest {
  private static final StreamInfo STREAM =
      StreamInfo.of(0, "/lidar", Modality.LIDAR, StampSource.HEADER, "", "");

  @Test
  void spansItsMessagesAndTheirStamps() {
    MessageRun run = new MessageRun(STREAM, 3, 300);
    assertThat(run.isFollowedBy(4)).isTrue();
    run.extend(4, 400);
    run.extend(7, 700);
    assertThat(run.isFollowedBy(5)).isFalse();
    assertThat(run.isFollowedBy(8)).isTrue();
    assertThat(run.location())
        .isEqualTo(Location.stream("/lidar").withMessages(3, 7).withStamps(300, 700));
  }

  @Test
  void hasNoStampsWhereAnEndHasNone() {
    MessageRun run = new MessageRun(STREAM, 3, 300);
    run.extend(4, Times.NONE);
    assertThat(run.location()).isEqualTo(Location.stream("/lidar").withMessages(3, 4));
  }
}
