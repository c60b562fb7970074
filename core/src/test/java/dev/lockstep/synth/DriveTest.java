package dev.lockstep.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.model.Modality;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.synth.encode.Schema;
import dev.lockstep.synth.fault.StreamSpec;
import dev.lockstep.synth.scene.Spinner;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriveTest {
  private static final SynthOptions SMALL =
      SynthOptions.DEFAULT.withSeconds(4).withCloud(8, 90).withImages(64, 48).withRates(100, 50);

  /// What the drive of [#SMALL] has been since it was first written.
  private static final String DIGEST =
      "e966c4f3b632e1e362e1ba49404fb2d01228bfb4cc3b23733f5fc55183a953d0";

  @Test
  void isTheSameOnEveryMachine() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    new Drive(SMALL)
        .forEach(message -> {
          digest.update(
              (message.stream() + " " + message.logTimeNs() + " " + message.publishTimeNs())
                  .getBytes(StandardCharsets.UTF_8));
          digest.update(message.payload());
        });

    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(DIGEST);
  }

  @Test
  void messagesComeInOrderOfLogTimeAfterTheirStamps() {
    long[] last = {Long.MIN_VALUE};
    long[] next = new long[9];
    long[] lastStamp = new long[9];
    new Drive(SMALL)
        .forEach(message -> {
          int stream = message.stream();
          assertThat(message.logTimeNs()).isGreaterThanOrEqualTo(last[0]);
          assertThat(message.publishTimeNs()).isBetween(message.stampNs() + 1, message.logTimeNs());
          assertThat(message.index()).isEqualTo(next[stream]++);
          assertThat(message.sequence()).isEqualTo((int) next[stream]);
          assertThat(message.stampNs()).isGreaterThan(lastStamp[stream]);
          last[0] = message.logTimeNs();
          lastStamp[stream] = message.stampNs();
        });
    assertThat(next).containsExactly(40, 80, 80, 80, 400, 200, 40, 80, 80);
  }

  @Test
  void everyPayloadIsSoundToTheReadersAndBearsItsStamp() {
    Drive drive = new Drive(SMALL);
    List<PayloadProfile> profiles = new ArrayList<>();
    for (StreamSpec spec : drive.streams()) {
      Schema schema = spec.schema();
      PayloadProfile profile =
          PayloadProfile.of(
              spec.topic(),
              schema.messageEncoding(),
              schema.name(),
              schema.encoding(),
              schema.data());
      assertThat(profile.schemaFault()).as(spec.topic()).isNull();
      profiles.add(profile);
    }
    assertThat(profiles.stream().map(PayloadProfile::modality))
        .containsExactly(
            Modality.LIDAR,
            Modality.CAMERA,
            Modality.CAMERA,
            Modality.VIDEO,
            Modality.IMU,
            Modality.POSE,
            Modality.LABELS,
            Modality.LABELS,
            Modality.LABELS);
    PayloadFacts facts = new PayloadFacts();
    int[] boxes = new int[9];
    int[] keyframes = {0};
    drive.forEach(message -> {
      facts.reset();
      byte[] payload = message.payload();
      profiles
          .get(message.stream())
          .reader()
          .read(MemorySegment.ofArray(payload), 0, payload.length, facts);
      String where = drive.streams().get(message.stream()).topic() + " " + message.index();
      assertThat(facts.faults()).as(where).isEmpty();
      assertThat(facts.stampNs).as(where).isEqualTo(message.stampNs());
      boxes[message.stream()] += facts.boxes().size();
      keyframes[0] += facts.keyframe ? 1 : 0;
    });
    assertThat(boxes[6]).isGreaterThan(200);
    assertThat(boxes[7]).isGreaterThan(80);
    assertThat(keyframes[0]).isEqualTo(4);
  }

  @Test
  void oneImageOfEachTurnIsTakenAsTheBeamCrossesTheCamera() {
    List<Long> sweeps = new ArrayList<>();
    List<Long> images = new ArrayList<>();
    new Drive(SMALL)
        .forEach(message -> {
          if (message.stream() == 0) {
            sweeps.add(message.stampNs());
          } else if (message.stream() == 2) {
            images.add(message.stampNs());
          }
        });
    double crossing = Spinner.crossing(Math.PI * 70 / 180);
    for (long sweep : sweeps) {
      long wanted = sweep + Math.round(crossing * Drive.TURN_NS);
      long nearest =
          images.stream().mapToLong(image -> Math.abs(image - wanted)).min().orElseThrow();
      // Jitter of the sweep is 30 µs, at most 3.5 times that.
      assertThat(nearest).isLessThan(130_000);
    }
  }

  @Test
  void memoryDoesNotGrowWithTheDrive() {
    SynthOptions tiny = SMALL.withCloud(1, 8).withImages(16, 16).withRates(10, 10);
    long[] most = {0};
    long before = usedAfterCollection();
    int[] count = {0};
    new Drive(tiny.withSeconds(240))
        .forEach(message -> {
          if (++count[0] % 10_000 == 0) {
            most[0] = Math.max(most[0], usedAfterCollection());
          }
        });
    assertThat(count[0]).isGreaterThan(30_000);
    // All payloads together are above 20 MB.
    assertThat(most[0] - before).isLessThan(4L << 20);
  }

  private static long usedAfterCollection() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void saysWhatIsWrongWithOptions() {
    assertThatThrownBy(() -> SMALL.withSeconds(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("seconds: 0.0 (expected above 0, up to 1000000)");
    assertThatThrownBy(() -> McapSettings.DEFAULT.withCompression("gzip"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("compression: gzip (expected one of [none, lz4, zstd])");
    assertThatThrownBy(() -> BulkDrive.ofBytes(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bytes: 0 (expected above 0)");
  }
}
