package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StreamsCrossedTest implements AlignmentCheckContract {
  private static final int AT = 100;

  @Override
  public AlignmentCheck check() {
    return new StreamsCrossed();
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(100).build();
  }

  @Override
  public Alignment violating() {
    return crossed("/left", "/back").build();
  }

  @Override
  public String expected() {
    return """
    error SYN025 streams-crossed: from here on two streams hold each other's messages: stamps of /left and /back lie at each other's phase, 22.21 ms from their own (expected each at its own, as before)
      at /left, message 100, stamp 1700000005002768740 ns
      likely cause: names, cables or drivers of these streams were exchanged\
    """;
  }

  /// Exchanges what two streams hold from a message on; each is reported to jump there.
  private static RigScene crossed(String a, String b) {
    RigScene scene = RigScene.fourCameras(100);
    long[] first = scene.stamps(a);
    long[] second = scene.stamps(b);
    long[] own = first.clone();
    System.arraycopy(second, AT, first, AT, first.length - AT);
    System.arraycopy(own, AT, second, AT, own.length - AT);
    return stepped(stepped(scene.stamps(a, first).stamps(b, second), a), b);
  }

  private static RigScene stepped(RigScene scene, String stream) {
    return scene.reported(stream, new Alignment.Absence("TIM007", AT - 1L, Long.MAX_VALUE, 0));
  }

  @Test
  void isSilentOnStreamsThatJumpElsewhere() {
    RigScene scene =
        RigScene.fourCameras(100)
            .map("/left", s -> s < RigScene.EPOCH_NS + 5_000_000_000L ? s : s + 7_000_000)
            .map("/back", s -> s < RigScene.EPOCH_NS + 5_000_000_000L ? s : s - 7_000_000);
    Alignment jumped = stepped(stepped(scene, "/left"), "/back").build();
    assertThat(AlignmentCheckContract.run(check(), jumped).text()).isEmpty();
  }

  @Test
  void findsAMessageAmongThoseOfAnotherStream() {
    RigScene scene = RigScene.fourCameras(100);
    long stray = scene.stamps("/left")[AT];
    long[] mixed =
        LongStream.concat(LongStream.of(scene.stamps("/back")), LongStream.of(stray))
            .sorted()
            .toArray();
    scene.stamps("/back", mixed).drop("/left", AT, AT);
    scene.reported("/left", new Alignment.Absence("TIM008", AT - 1L, AT, 1));
    assertThat(AlignmentCheckContract.run(check(), scene.build()).text())
        .isEqualTo(
            """
            error SYN025 streams-crossed: a message stands among those of another stream: the message has the stamp that /left lacks, and is one too many here (expected in /left behind message 99)
              at /back, message 101, stamp %d ns
              likely cause: a message was recorded under another stream's name\
            """
                .formatted(stray));
  }

  @Test
  void takesALostMessageForLost() {
    RigScene scene = RigScene.fourCameras(100).drop("/left", AT, AT);
    scene.reported("/left", new Alignment.Absence("TIM008", AT - 1L, AT, 1));
    assertThat(AlignmentCheckContract.run(check(), scene.build()).text()).isEmpty();
  }
}
