package dev.lockstep.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.lockstep.labels.LabelField;
import dev.lockstep.labels.LabelFiles;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelLosses;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.labels.SampleLabels;
import dev.lockstep.labels.log.LabelLog;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.testing.MainClasses;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every label format promises.
class LabelFormatsTest {
  @TempDir private Path folder;

  static Stream<LabelFormat> writable() {
    return LabelFormats.ALL.stream().filter(LabelFormat::isWritable);
  }

  @Test
  void listsEveryLabelFormatThereIs() throws ReflectiveOperationException {
    Set<String> listed = new TreeSet<>();
    LabelFormats.ALL.forEach(format -> listed.add(format.getClass().getName()));
    assertThat(listed).isEqualTo(MainClasses.implementing(LabelFormat.class));
    assertThat(LabelFormats.ALL)
        .extracting(LabelFormat::name)
        .isSorted()
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z0-9-]+"));
  }

  @Test
  void unknownNamesListTheKnownOnes() {
    assertThatThrownBy(() -> LabelFormats.named("yolo"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("unknown label format: yolo (known: av2, cvat, ");
  }

  @ParameterizedTest
  @MethodSource("writable")
  void readsBackWhatItWrote(LabelFormat format) throws IOException {
    int compared = 0;
    for (LabelSet.Frame frame : LabelSet.Frame.values()) {
      for (boolean flat : new boolean[] {true, false}) {
        boolean solid = frame != LabelSet.Frame.IMAGE;
        boolean fits =
            (flat && format.capabilities().carries(LabelField.BOX_2D))
                || (solid && format.capabilities().carries(LabelField.BOX_3D));
        boolean framed =
            !solid
                || !format.capabilities().carries(LabelField.BOX_3D)
                || format.capabilities().frames().contains(frame);
        if (!fits || !framed) {
          continue;
        }
        boolean tilt = format.capabilities().carries(LabelField.TILT);
        LabelSet labels = SampleLabels.of(frame, flat, tilt, 17);
        Path target = Files.createDirectories(folder.resolve(frame + "-" + flat));
        LabelSet read = LabelFiles.readClean(format, write(format, labels, target));
        boolean stamps = !format.capabilities().carries(LabelField.FRAME);
        assertThat(LabelFiles.differences(labels, read, format.capabilities(), stamps))
            .as("frame %s, 2D boxes %s", frame, flat)
            .isEmpty();
        if (solid && format.capabilities().carries(LabelField.BOX_3D)) {
          assertThat(read.frameOfReference()).isEqualTo(frame);
        }
        compared++;
      }
    }
    assertThat(compared).isPositive();
  }

  private static Path write(LabelFormat format, LabelSet labels, Path folder) throws IOException {
    return format.write(labels, LabelWriteOptions.of(labels), folder).getFirst();
  }

  @ParameterizedTest
  @MethodSource("writable")
  void recognisesItsOwnFilesAndNobodyElseDoes(LabelFormat format) throws IOException {
    LabelSet labels = sampleFor(format);
    Path file = write(format, labels, folder);
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(LabelFormat.HEAD_BYTES);
    }
    assertThat(LabelFormats.ALL)
        .filteredOn(other -> other.recognise(file.getFileName().toString(), head) != null)
        .containsExactly(format);
  }

  @ParameterizedTest
  @MethodSource("writable")
  void writesEqualBytesTwice(LabelFormat format) throws IOException {
    LabelSet labels = sampleFor(format);
    Path first = write(format, labels, Files.createDirectory(folder.resolve("first")));
    Path second = write(format, labels, Files.createDirectory(folder.resolve("second")));
    assertThat(first).hasSameBinaryContentAs(second);
  }

  @ParameterizedTest
  @MethodSource("writable")
  void writesAndReadsASetWithoutRows(LabelFormat format) throws IOException {
    LabelSet.Frame frame = sampleFor(format).frameOfReference();
    LabelSet empty = new LabelSet("empty", frame, StampSource.FRAME_NUMBER);
    empty.details().setImageSize(10, 10);
    empty.seal();
    Path file = write(format, empty, folder);
    assertThat(LabelFiles.readClean(format, file).size()).isZero();
  }

  /// What a row is made of stands where it says.
  @ParameterizedTest
  @MethodSource("writable")
  void saysWhichBytesARowTakes(LabelFormat format) throws IOException {
    assumeThat(format.zerosAreData()).as("rows of tables are not together").isFalse();
    Path file = write(format, sampleFor(format), folder);
    LabelSet read = LabelFiles.readClean(format, file);
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    for (int row = 0; row < read.size(); row++) {
      int from = (int) read.details().offsetBytes(row);
      int to = from + read.details().lengthBytes(row);
      assertThat(from).isNotNegative();
      assertThat(to).isBetween(from + 1, text.length());
      String bytes = text.substring(from, to);
      String number =
          read.has2d(row)
              ? Long.toString((long) read.boxes2d()[row * LabelSet.BOX_2D])
              : Long.toString(Math.abs((long) read.boxes3d()[row * LabelSet.BOX_3D]));
      boolean converted = Set.of("label-studio", "openlabel").contains(format.name());
      boolean shifted = format.name().equals("mot");
      if (!converted && !shifted) {
        assertThat(bytes).as("row %d of %s", row, format.name()).contains(number);
      } else {
        assertThat(bytes).matches("(?s).*\\d.*");
      }
    }
  }

  private static LabelSet sampleFor(LabelFormat format) {
    boolean flat = format.capabilities().carries(LabelField.BOX_2D);
    LabelSet.Frame solid =
        format.capabilities().frames().contains(LabelSet.Frame.WORLD)
            ? LabelSet.Frame.WORLD
            : LabelSet.Frame.EGO;
    return SampleLabels.of(flat ? LabelSet.Frame.IMAGE : solid, flat, false, 3);
  }

  @Test
  void theLabelLogLosesNothing() {
    LabelSet labels = SampleLabels.of(LabelSet.Frame.SENSOR, true, true, 5);
    LabelFormat log = LabelFormats.named("label-log");
    assertThat(LabelLosses.of(labels, log.capabilities()).none()).isTrue();
  }

  @Test
  void saysWhatAFormatCannotHold() {
    LabelSet labels = SampleLabels.of(LabelSet.Frame.SENSOR, true, true, 5);
    LabelLosses losses = LabelLosses.of(labels, LabelFormats.named("mot").capabilities());
    assertThat(losses.text())
        .isEqualTo(
            Stream.of(
                    "3D box",
                    "tilt of the box",
                    "score",
                    "number of points",
                    "truncation",
                    "keyframe flag",
                    "annotator",
                    "tool",
                    "time of the last change",
                    "revision",
                    "label id",
                    "attributes")
                .map(field -> field + " (" + labels.size() + " rows)")
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow());
    LabelSet solid = SampleLabels.of(LabelSet.Frame.WORLD, false, false, 5);
    assertThat(LabelLosses.of(solid, LabelFormats.named("mot").capabilities()).rows())
        .isEqualTo(solid.size());
  }

  @Test
  void refusesBoxesInAFrameThatTheFormatDoesNotKnow() {
    LabelSet world = SampleLabels.of(LabelSet.Frame.WORLD, true, false, 5);
    assertThatThrownBy(() ->
            LabelFormats.named("kitti-tracking").write(world, LabelWriteOptions.of(world), folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "label set sample: its boxes are in frame WORLD (format kitti-tracking holds [SENSOR,"
                + " IMAGE])");
  }

  /// What the log writes is what its schema says.
  @Test
  void theLabelLogKeepsItsSchema() throws IOException {
    LabelFormat log = LabelFormats.named("label-log");
    Path file = write(log, SampleLabels.of(LabelSet.Frame.SENSOR, true, true, 8), folder);
    try (InputStream in = LabelLog.class.getResourceAsStream("label-log.schema.json")) {
      Schema schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
      for (String line : Files.readAllLines(file)) {
        assertThat(schema.validate(line, InputFormat.JSON)).as(line).isEmpty();
      }
      assertThat(schema.validate("{\"frame\":-1}", InputFormat.JSON)).isNotEmpty();
    }
  }
}
