package dev.lockstep.labels.waymo;

import static dev.lockstep.synth.labels.WaymoFile.message;
import static dev.lockstep.synth.labels.WaymoFile.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.report.FindingText;
import dev.lockstep.source.labelfile.LabelFileFormat;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaymoLabelsTest {
  private static final Path FIXTURE =
      Path.of("..", "fixtures", "labels", "waymo", "drive.tfrecord");

  private final WaymoLabels format = new WaymoLabels();
  private final List<Defect> defects = new ArrayList<>();

  @TempDir private Path folder;

  private LabelFormat.Reading read(byte[] bytes) {
    return format.read(
        LabelInput.of(Path.of("drive.tfrecord"), MemorySegment.ofArray(bytes)), defects::add);
  }

  private static byte[] joined(byte[]... parts) {
    byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static byte[] frame(long micros, String id) throws IOException {
    return record(
        message(frame -> {
          frame.writeByteArray(1, message(context -> context.writeString(1, "segment-7")));
          frame.writeInt64(2, micros);
          frame.writeByteArray(4, new byte[500]);
          frame.writeByteArray(
              6,
              message(label -> {
                label.writeByteArray(
                    1,
                    message(box -> {
                      for (int field = 1; field <= 6; field++) {
                        box.writeDouble(field, field);
                      }
                      box.writeDouble(7, 0.25);
                    }));
                label.writeByteArray(2, message(metadata -> metadata.writeDouble(2, -1.5)));
                label.writeEnum(3, 4);
                label.writeString(4, id);
                label.writeEnum(6, 2);
                label.writeInt32(7, 12);
                label.writeString(11, "FRONT");
              }));
        }));
  }

  private List<String> told() {
    return defects.stream()
        .map(defect -> defect.kind() + ": " + FindingText.evidence(defect.evidence()))
        .toList();
  }

  @Test
  void readsEveryPartOfALabel() throws IOException {
    byte[] bytes = joined(frame(1_500_000_000_000_001L, "a"), frame(1_500_000_000_100_000L, "b"));
    LabelFormat.Reading reading = read(bytes);
    assertThat(told()).isEmpty();
    assertThat(reading.sums()).isEqualTo(new LabelFormat.Sums(4, bytes.length, "TFRecord CRC-32C"));
    LabelSet labels = reading.sets().getFirst();
    assertThat(reading.sets()).hasSize(1);
    assertThat(labels.name()).isEqualTo("segment-7");
    assertThat(labels.frameOfReference()).isEqualTo(LabelSet.Frame.EGO);
    assertThat(labels.size()).isEqualTo(2);
    assertThat(labels.stampsNs()[0]).isEqualTo(1_500_000_000_000_001_000L);
    assertThat(labels.frames()[1]).isEqualTo(1);
    assertThat(labels.trackName(labels.tracks()[1])).isEqualTo("b");
    assertThat(labels.categoryName(labels.categories()[0])).isEqualTo("TYPE_CYCLIST");
    assertThat(labels.points()[0]).isEqualTo(12);
    // Centre; then length, width, height, of which the file gives the width first.
    assertThat(Arrays.copyOf(labels.boxes3d(), 6)).containsExactly(1, 2, 3, 5, 4, 6);
    assertThat(2 * Math.atan2(labels.boxes3d()[9], labels.boxes3d()[6]))
        .isCloseTo(0.25, within(1e-12));
    assertThat(labels.details().attributes(0))
        .containsExactly(
            new Attribute("speed_y", "-1.5"), new Attribute("tracking_difficulty", "2"));
  }

  @Test
  void aRecordWithAWrongSumGivesNoLabelsAndTheNextDoes() throws IOException {
    byte[] first = frame(1_500_000_000_000_001L, "a");
    first[200] ^= 4;
    LabelFormat.Reading reading = read(joined(first, frame(1_500_000_000_100_000L, "b")));
    assertThat(defects).hasSize(1);
    assertThat(defects.getFirst().kind()).isEqualTo(DefectKind.CHUNK_CRC);
    assertThat(FindingText.evidence(defects.getFirst().evidence()))
        .startsWith("masked CRC-32C of record 0 stored 0x");
    assertThat(reading.sets().getFirst().size()).isEqualTo(1);
    assertThat(reading.sums().protectedBytes()).isEqualTo(first.length);
  }

  @Test
  void saysWhereALengthEndsTheFile() throws IOException {
    byte[] whole = joined(frame(1_500_000_000_000_001L, "a"), frame(1_500_000_000_100_000L, "b"));
    LabelFormat.Reading reading = read(Arrays.copyOf(whole, whole.length - 5));
    assertThat(reading.sets().getFirst().size()).isEqualTo(1);
    assertThat(told())
        .containsExactly(
            "LABEL_MALFORMED: length of record 1 "
                + (whole.length / 2 - 16)
                + " bytes (expected at most "
                + (whole.length / 2 - 21)
                + " bytes, which are left)");
  }

  @Test
  void isToldFromOtherRecords() throws IOException {
    assertThat(format.recognise("x", frame(1_500_000_000_000_001L, "a"))).isNotNull();
    byte[] example =
        record(
            message(out ->
                out.writeByteArray(
                    1,
                    message(features ->
                        features.writeByteArray(
                            1, message(entry -> entry.writeString(1, "image/encoded")))))));
    assertThat(format.recognise("x", example)).isNull();
    byte[] damaged = frame(1_500_000_000_000_001L, "a");
    damaged[9] ^= 1;
    assertThat(format.recognise("x", damaged)).isNull();
  }

  @Test
  void aDriveIsCleanAndAllOfItUnderChecksums() throws IOException {
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      RecordingResult result = engine.check(FIXTURE, "drive", new LabelFileFormat(format));
      assertThat(result.findings()).isEmpty();
      assertThat(result.labelSets())
          .extracting(RecordingResult.LabelSummary::name)
          .containsExactly("drive", "drive/FRONT");
      assertThat(result.coverage().protectedBytes()).isEqualTo(Files.size(FIXTURE));
      assertThat(result.coverage().basis()).isEqualTo("TFRecord CRC-32C");
    }
  }

  @Test
  void everyFlippedBitIsReported() throws IOException {
    byte[] whole = joined(frame(1_500_000_000_000_001L, "a"), frame(1_500_000_000_100_000L, "b"));
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] bytes = whole.clone();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      defects.clear();
      read(bytes);
      assertThat(defects).as("bit %d", bit).isNotEmpty();
    }
  }

  /// Damage under a sum that was computed afterwards: only the structure can tell.
  @Test
  void damagedFramesAreToldAndNeverThrown() throws IOException {
    byte[] whole = frame(1_500_000_000_000_001L, "a");
    byte[] payload = Arrays.copyOfRange(whole, 12, whole.length - 4);
    long seed = 41;
    Random random = new Random(seed);
    int told = 0;
    for (int round = 0; round < 5000; round++) {
      byte[] bytes = Arrays.copyOf(payload, random.nextInt(payload.length + 1));
      for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
        // The image takes most of it.
        int at = random.nextBoolean() ? random.nextInt(30) : payload.length - random.nextInt(130);
        if (at < bytes.length) {
          bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
      }
      defects.clear();
      LabelFormat.Reading reading = read(record(bytes));
      assertThat(defects).as("seed %d round %d", seed, round).hasSizeLessThan(3);
      told += defects.size();
      assertThat(reading.sets()).hasSizeLessThan(4);
    }
    assertThat(told).isGreaterThan(500);
    Files.write(folder.resolve("x.tfrecord"), record(new byte[] {1, 2, 3}));
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      assertThat(
              engine
                  .check(folder.resolve("x.tfrecord"), "x", new LabelFileFormat(format))
                  .findings())
          .isNotEmpty();
    }
  }
}
