package dev.lockstep.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.labels.LabelField;
import dev.lockstep.labels.LabelFiles;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import dev.lockstep.source.labelfile.LabelFileFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Label files by themselves, sound and damaged.
class LabelFilesAsRecordingsTest {
  private static final Path FIXTURES = Path.of("..", "fixtures", "labels");
  private static final long SEED = 20;
  private static final int ROUNDS = 150;

  @TempDir private Path folder;

  static Stream<LabelFormat> formats() {
    return LabelFormats.ALL.stream().filter(format -> format.isWritable() && format.standsAlone());
  }

  private static Path fixture(LabelFormat format) throws IOException {
    List<RecordingFinder.Recording> found =
        new RecordingFinder(Formats.ALL).find(FIXTURES.resolve(format.name())).recordings();
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().format().name()).isEqualTo(format.name());
    return found.getFirst().path();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void theTruthOfADriveIsCleanInEveryFormat(LabelFormat format) throws IOException {
    Path file = fixture(format);
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      RecordingResult result = engine.check(file, "drive", new LabelFileFormat(format));
      assertThat(result.findings())
          .extracting(Finding::severity)
          .as("%s", result.findings())
          .allMatch(severity -> severity == Severity.INFO);
      assertThat(result.labelSets()).hasSize(1);
      assertThat(result.labelSets().getFirst().boxes()).isGreaterThan(50);
    }
  }

  /// The same drive says the same in every format, as far as each can say it.
  @ParameterizedTest
  @MethodSource("formats")
  void anyFormatAgreesWithTheLabelLog(LabelFormat format) throws IOException {
    boolean world = !format.capabilities().carries(LabelField.BOX_2D);
    LabelSet labels = LabelFiles.readClean(format, fixture(format));
    if (!world) {
      LabelFormat log = LabelFormats.named("label-log");
      LabelSet truth = LabelFiles.readClean(log, fixture(log));
      assertThat(LabelFiles.differences(truth, labels, format.capabilities(), false)).isEmpty();
    }
    assertThat(labels.size()).isGreaterThan(50);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void damageIsToldAndNeverThrown(LabelFormat format) throws IOException {
    byte[] sound = Files.readAllBytes(fixture(format));
    Path file = folder.resolve(fixture(format).getFileName());
    Random random = new Random(SEED);
    int mappings = MappedFile.openCount();
    int told = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = damaged(sound, random);
      Files.write(file, damaged);
      List<Defect> defects = new ArrayList<>();
      LabelFormat.Reading reading;
      try {
        reading = LabelFiles.read(format, file, defects::add);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError(format.name() + ", seed " + SEED + ", round " + round, e);
      }
      told += defects.isEmpty() ? 0 : 1;
      for (Defect defect : defects) {
        assertThat(defect.kind()).isEqualTo(DefectKind.LABEL_MALFORMED);
        assertThat(defect.location().file()).isEqualTo(file.getFileName().toString());
        var bytes = defect.location().bytes();
        if (bytes != null) {
          assertThat(bytes.offsetBytes() + bytes.lengthBytes())
              .as("%s, round %d: %s", format.name(), round, defect)
              .isBetween(0L, damaged.length + 1L);
        }
      }
      for (LabelSet labels : reading.sets()) {
        assertThat(labels.trackRows()).isNotNull();
        assertThat(labels.size()).isLessThanOrEqualTo(damaged.length);
      }
    }
    assertThat(MappedFile.openCount()).isEqualTo(mappings);
    assertThat(told).as("rounds in which something was told").isGreaterThan(ROUNDS / 10);
  }

  private static byte[] damaged(byte[] sound, Random random) {
    byte[] bytes = sound.clone();
    switch (random.nextInt(5)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> {
        for (int i = 0; i < 1 + random.nextInt(20); i++) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 2 -> {
        int from = random.nextInt(bytes.length);
        int length = Math.min(1 + random.nextInt(200), bytes.length - from);
        byte[] shorter = new byte[bytes.length - length];
        System.arraycopy(bytes, 0, shorter, 0, from);
        System.arraycopy(bytes, from + length, shorter, from, shorter.length - from);
        bytes = shorter;
      }
      case 3 -> {
        int at = random.nextInt(bytes.length);
        Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(64)), (byte) '9');
      }
      default -> random.nextBytes(bytes);
    }
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({
    "cvat,drive.xml",
    "darwin,drive.json",
    "label-studio,drive.json",
    "openlabel,drive.json",
    "scalabel,drive.json",
    "scale,drive.json"
  })
  void aCutDocumentIsTold(String name, String file) throws IOException {
    LabelFormat format = LabelFormats.named(name);
    byte[] sound = Files.readAllBytes(FIXTURES.resolve(name).resolve(file));
    LabelSet whole = LabelFiles.readClean(format, FIXTURES.resolve(name).resolve(file));
    for (int share = 1; share < 10; share++) {
      Path cut = folder.resolve(file);
      Files.write(cut, Arrays.copyOf(sound, sound.length * share / 10));
      List<Defect> defects = new ArrayList<>();
      LabelFormat.Reading reading = LabelFiles.read(format, cut, defects::add);
      assertThat(defects).as("%s, %d tenths", name, share).isNotEmpty();
      assertThat(reading.sets().stream().mapToInt(LabelSet::size).sum())
          .isLessThanOrEqualTo(whole.size());
    }
  }

  private List<Defect> defects(String format, String fileName, String content) throws IOException {
    Path file = folder.resolve(fileName);
    Files.writeString(file, content, StandardCharsets.UTF_8);
    List<Defect> defects = new ArrayList<>();
    LabelFiles.read(LabelFormats.named(format), file, defects::add);
    return defects;
  }

  @Test
  void entitiesOfXmlAreRefused() throws IOException {
    StringBuilder bomb = new StringBuilder("<?xml version=\"1.0\"?>\n<!DOCTYPE annotations [\n");
    bomb.append("<!ENTITY a0 \"boom\">\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("<!ENTITY a%d \"&a%d;&a%d;\">\n".formatted(i, i - 1, i - 1));
    }
    bomb.append("]>\n<annotations><track label=\"&a29;\"/></annotations>");
    assertThat(defects("cvat", "bomb.xml", bomb.toString()))
        .singleElement()
        .satisfies(defect ->
            assertThat(defect.evidence().what() + " " + defect.evidence().observed())
                .isEqualTo("document type declared"));
    assertThat(
            defects(
                "cvat", "entity.xml", "<annotations><track label=\"&unknown;\"/></annotations>"))
        .hasSize(1);
  }

  @Test
  void nestingWithoutEndIsRefused() throws IOException {
    int depth = 200_000;
    for (String format : List.of("scale", "scalabel", "label-studio")) {
      assertThat(defects(format, "deep.json", "[".repeat(depth))).as(format).hasSize(1);
    }
    assertThat(defects("openlabel", "deep.json", "{\"openlabel\":" + "{\"a\":".repeat(depth)))
        .singleElement()
        .satisfies(
            defect -> assertThat(defect.evidence().observed()).startsWith("beyond the limits"));
    assertThat(defects("cvat", "deep.xml", "<annotations>" + "<a>".repeat(depth))).hasSize(1);
    assertThat(
            defects(
                "label-log",
                "deep.jsonl",
                "{\"type\":\"lockstep.label-log\",\"version\":1,\"set\":\"a\"}\n"
                    + "{\"a\":".repeat(10_000)
                    + "\n"))
        .hasSize(1);
  }

  /// A frame number decides how many boxes are filled in: a damaged one must not.
  @Test
  void keyframesFarApartAreNotFilled() throws IOException {
    String darwin =
        """
        {"version":"2.0","item":{"slots":[{"fps":10}]},"annotations":[{"id":"a","name":"car",
        "interpolated":true,"ranges":[[0,90000001]],"frames":{
        "0":{"bounding_box":{"x":1,"y":1,"w":5,"h":5},"keyframe":true},
        "4":{"bounding_box":{"x":5,"y":1,"w":5,"h":5},"keyframe":true},
        "90000000":{"bounding_box":{"x":9,"y":1,"w":5,"h":5},"keyframe":true}}}]}
        """;
    assertThat(defects("darwin", "far.json", darwin))
        .singleElement()
        .satisfies(defect ->
            assertThat(defect.evidence().what())
                .isEqualTo("frames between keyframes of annotation a"));
  }

  @Test
  void malformedRowsAreToldWithTheirPlaceAndOthersAreKept() throws IOException {
    Path file = folder.resolve("gt.txt");
    Files.writeString(
        file,
        """
        1,1,10,20,30,40,1,1,1
        2,1,11,20,30,forty,1,1,1
        3,1,12,20,30,40,1,1,1
        0,1,12,20,30,40,1,1,1
        4,1,12,20,30,40,1,99,1
        5,1,12
        """);
    List<Defect> defects = new ArrayList<>();
    LabelFormat.Reading reading = LabelFiles.read(LabelFormats.named("mot"), file, defects::add);
    assertThat(reading.sets().getFirst().size()).isEqualTo(2);
    assertThat(reading.examined()).isEqualTo(6);
    assertThat(defects)
        .extracting(defect ->
            defect.location().messages().first()
                + " "
                + defect.location().bytes().offsetBytes()
                + " "
                + defect.evidence().what()
                + " "
                + defect.evidence().observed())
        .containsExactly(
            "2 22 column height forty",
            "4 69 column frame 0",
            "5 91 column class 99",
            "6 114 columns 3");
  }

  @Test
  void theLatestRevisionOfALabelWins() throws IOException {
    Path file = folder.resolve("log.jsonl");
    Files.writeString(
        file,
        """
        {"type":"lockstep.label-log","version":1,"set":"front","frame_of_reference":"image","stamps":"column"}
        {"id":"a","revision":0,"stamp_ns":5,"track":"1","category":"car","box2d":[1,2,3,4]}
        {"id":"b","revision":0,"stamp_ns":5,"track":"2","category":"car","box2d":[1,2,3,4]}
        {"id":"a","revision":2,"stamp_ns":5,"track":"1","category":"van","box2d":[1,2,3,4],"annotator":"kim","edited_ns":9}
        {"id":"a","revision":1,"stamp_ns":5,"track":"1","category":"bus","box2d":[1,2,3,4]}
        {"id":"b","revision":1,"deleted":true}
        {"stamp_ns":6,"track":"1","category":"van"}
        """);
    LabelSet labels = LabelFiles.readClean(LabelFormats.named("label-log"), file);
    assertThat(labels.size()).isEqualTo(2);
    assertThat(labels.categoryName(labels.categories()[0])).isEqualTo("van");
    assertThat(labels.annotator(0)).isEqualTo("kim");
    assertThat(labels.editedNs()[0]).isEqualTo(9);
    assertThat(labels.details().revision(0)).isEqualTo(2);
    assertThat(labels.positions()[0]).isEqualTo(4);
    String text = Files.readString(file);
    int from = (int) labels.details().offsetBytes(0);
    assertThat(text.substring(from, from + labels.details().lengthBytes(0)))
        .startsWith("{\"id\":\"a\",\"revision\":2")
        .endsWith("}");
  }
}
