package dev.lockstep.source.mp4;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.FrameOrder;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.report.FindingText;
import dev.lockstep.source.Probe;
import dev.lockstep.testing.ReaderDriver;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Mp4SharedDataTest {
  private static ReaderDriver.Read read(String... path) throws IOException {
    return new ReaderDriver(new Mp4Format()).read(SharedData.path(path));
  }

  private static ReaderDriver.Read nasa() throws IOException {
    return read("video", "torchcodec", "test", "resources", "nasa_13013.mp4");
  }

  static List<Path> videos() throws IOException {
    List<Path> claimed = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SharedData.path("video"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (new Mp4Format().match(Probe.of(file)).claimed()) {
          claimed.add(file);
        }
      }
    }
    return claimed;
  }

  /// Truth lists every frame in the order in which it is shown, in seconds with 6 decimals.
  @ParameterizedTest
  @CsvSource({"video/1,0,325", "video/4,3,390"})
  void everyFrameIsShownWhenTheTruthSaysSo(String stream, int number, int frames)
      throws IOException {
    MessageBatch rows = nasa().messages(stream);
    long[] stamps = Arrays.copyOf(rows.stampsNs(), rows.size());
    Arrays.sort(stamps);
    Path truth =
        SharedData.path(
            "video",
            "torchcodec",
            "test",
            "resources",
            "nasa_13013.mp4.stream" + number + ".all_frames_info.json");
    JsonNode list = new ObjectMapper().readTree(Files.readAllBytes(truth));
    assertThat(stamps).hasSize(frames);
    assertThat(list).hasSize(frames);
    for (int i = 0; i < frames; i++) {
      assertThat(seconds(stamps[i]))
          .as("frame " + i)
          .isEqualTo(new BigDecimal(list.get(i).get("pts_time").asText()));
    }
  }

  private static BigDecimal seconds(long ns) {
    return BigDecimal.valueOf(ns, 9).setScale(6, RoundingMode.HALF_UP);
  }

  @Test
  void framesOfB_framesAreDecodedInAnotherOrderThanShown() throws IOException {
    MessageBatch rows = nasa().messages("video/4");
    long before = Long.MIN_VALUE;
    int back = 0;
    for (int row = 0; row < rows.size(); row++) {
      back += rows.stampsNs()[row] < before ? 1 : 0;
      before = rows.stampsNs()[row];
    }
    assertThat(back).isPositive();
  }

  @Test
  void tablesWithoutMediaAreNamedAsThat() throws IOException {
    ReaderDriver.Read read = read("video", "mp4ff", "mp4", "testdata", "init_prog.mp4");
    assertThat(text(read, Severity.INFO))
        .isEqualTo(
            List.of(
                "error MEDIA_MISSING: media data no mdat in 5113 bytes (expected 480 samples that"
                    + " the tables list)"));
  }

  @Test
  void aCutMovieBoxIsNamedAsThat() throws IOException {
    ReaderDriver.Read read = read("video", "mp4ff", "mp4", "testdata", "init_truncated.mp4");
    assertThat(text(read, Severity.INFO))
        .isEqualTo(List.of("error FILE_TRUNCATED: box moov 31 bytes (expected 646 bytes)"));
  }

  private static List<String> text(ReaderDriver.Read read, Severity least) {
    return read.defects(least).stream()
        .map(d -> d.severity().label() + " " + d.kind() + ": " + FindingText.evidence(d.evidence()))
        .toList();
  }

  /// What is really odd about files of others, by name; all others must be without a warning.
  private static final Map<String, String> ODD =
      Map.of(
          "init_prog.mp4", "MEDIA_MISSING",
          "init_truncated.mp4", "FILE_TRUNCATED",
          "clear_with_enc_boxes.mp4", "PAYLOAD_EMPTY",
          "vvc_400kbps_2s.mp4", "SEGMENT_INDEX",
          "complseg-1.0001.mp4", "SEGMENT_INDEX");

  @Test
  void findsNothingInWhatOthersWroteButWhatIsThere() throws IOException {
    int segments = 0;
    for (Path file : videos()) {
      ReaderDriver.Read read = new ReaderDriver(new Mp4Format()).read(file);
      String name = file.getFileName().toString();
      List<String> found = new ArrayList<>();
      read.defects(Severity.WARNING).forEach(d -> found.add(d.kind().name()));
      if (found.equals(List.of(DefectKind.MOVIE_MISSING.name()))) {
        segments++;
      } else if (ODD.containsKey(name)) {
        assertThat(found).as(name).contains(ODD.get(name));
      } else {
        assertThat(found).as(name).isEmpty();
      }
    }
    assertThat(segments).as("segments without their initialisation").isEqualTo(15);
  }

  @Test
  void numbersEveryFrameOfH264() throws IOException {
    Map<String, Integer> numbered = new TreeMap<>();
    for (Path file : videos()) {
      ReaderDriver.Read read = new ReaderDriver(new Mp4Format()).read(file);
      read.streams().stream()
          .filter(stream -> stream.encoding().equals("h264"))
          .forEach(stream -> {
            MessageBatch rows = read.messages(stream.id());
            int known = 0;
            for (int row = 0; row < rows.size(); row++) {
              int order = rows.frameOrders().length == 0 ? 0 : rows.frameOrders()[row];
              known += FrameOrder.has(order, FrameOrder.KNOWN) ? 1 : 0;
              assertThat(FrameOrder.has(order, FrameOrder.PARAMETERS_MISSING)).isFalse();
            }
            if (known > 0) {
              numbered.put(file.getFileName() + " " + stream.name(), known);
              assertThat(known).as(file + " " + stream).isEqualTo(rows.size());
            }
          });
    }
    assertThat(numbered).hasSizeGreaterThan(12);
  }
}
