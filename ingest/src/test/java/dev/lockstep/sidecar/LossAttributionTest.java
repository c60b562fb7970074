package dev.lockstep.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Finding;
import dev.lockstep.follow.StreamProgress;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Span;
import dev.lockstep.model.Times;
import dev.lockstep.source.mcap.McapWriter;
import dev.lockstep.source.mcap.McapWriterOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossAttributionTest {
  private static final long START = 1_795_000_000 * Times.SECOND;
  private static final Span HOLE = new Span(START + 10 * Times.SECOND, START + 11 * Times.SECOND);

  @TempDir Path folder;

  private final LossAttribution attribution = new LossAttribution();

  private static Finding loss(String basis) {
    return new Finding(
        Checks.named("TIM008").card(),
        "messages were dropped",
        Severity.ERROR,
        Location.stream("/lidar").withStamps(HOLE.first(), HOLE.last()),
        new Evidence.Loss("sweeps", 9, basis),
        null);
  }

  private static StreamProgress stream(String name, Span... gaps) {
    return new StreamProgress(
        name,
        "camera",
        600,
        600,
        30,
        START,
        START + 20 * Times.SECOND,
        START + 20 * Times.SECOND,
        gaps.length,
        0,
        List.of(gaps),
        0);
  }

  @Test
  void blamesTheSensorWhenAllOthersWentOn() {
    assertThat(attribution.of(loss("slots 1..9"), List.of(stream("/lidar"), stream("/camera"))))
        .isEqualTo("sensor");
  }

  @Test
  void blamesNobodyWhereNothingElseShows() {
    assertThat(attribution.of(loss("slots 1..9"), List.of(stream("/lidar")))).isEmpty();
  }

  @Test
  void blamesTheNetworkWhenTheSenderCountedOn() {
    assertThat(
            attribution.of(
                loss("slots 1..9, the sender's counter agrees"), List.of(stream("/camera"))))
        .isEqualTo("network");
  }

  @Test
  void blamesTheNetworkForALostConnection() {
    Finding hole =
        new Finding(
            Checks.named("INT043").card(),
            "recording begins behind a hole",
            Severity.WARNING,
            Location.bytes("00001.mcap", 0, 0),
            new Evidence.Violation("client reconnected", "4200 ms without a byte", ""),
            null);
    assertThat(attribution.of(hole, List.of(stream("/camera")))).isEqualTo("network");
  }

  @Test
  void blamesTheRecorderWhenMostStreamsHaveTheGap() {
    assertThat(
            attribution.of(
                loss("slots 1..9, the sender's counter agrees"),
                List.of(stream("/a", HOLE), stream("/b", HOLE), stream("/c"))))
        .isEqualTo("recorder");
  }

  @Test
  void blamesTheDiskWhenTheFileDidNotGrow() {
    attribution.stalled(HOLE.first() - 5, HOLE.first() + 5);
    assertThat(attribution.of(loss("slots 1..9"), List.of(stream("/a", HOLE), stream("/b"))))
        .isEqualTo("disk");
  }

  @Test
  void leavesOtherFindingsAlone() {
    Finding other =
        new Finding(
            Checks.named("LID001").card(),
            "x",
            Severity.ERROR,
            Location.stream("/lidar").withStamps(HOLE.first(), HOLE.last()),
            new Evidence.Loss("sweeps", 9, ""),
            null);
    assertThat(attribution.of(other, List.of(stream("/camera")))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "lz4", "zstd"})
  void believesTheRecordersOwnReport(String compression) throws IOException {
    Path file = folder.resolve("lost.mcap");
    try (McapWriter writer =
        McapWriter.create(file, McapWriterOptions.ROSBAG2.withCompression(compression))) {
      int channel = writer.channel(0, "/recorder/" + LostReports.TOPIC, "cdr", Map.of());
      int noise = writer.channel(0, "/other", "raw", Map.of());
      writer.message(noise, 1, 1, 1, ByteBuffer.wrap(new byte[200]));
      writer.message(channel, 1, HOLE.last(), HOLE.last(), event("/lidar", 2, 7));
      writer.message(channel, 2, HOLE.last(), HOLE.last(), event("/camera", 5, 0));
    }
    LostReports reports = new LostReports(file);
    List<LostReports.Report> read = reports.advance(Files.size(file) - 8);
    assertThat(read)
        .containsExactly(
            new LostReports.Report("/lidar", HOLE.last(), 2, 7),
            new LostReports.Report("/camera", HOLE.last(), 5, 0));
    assertThat(reports.advance(Files.size(file) - 8)).isEmpty();
    attribution.reported(read);
    assertThat(attribution.of(loss("slots 1..9"), List.of(stream("/camera"))))
        .isEqualTo("recorder");
  }

  /// `MessagesLostEvent` with one topic, little endian.
  private static ByteBuffer event(String topic, long transport, long recorder) {
    ByteBuffer cdr = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
    cdr.putInt(0x0100);
    text(cdr, "/rosbag2_recorder");
    align(cdr, 4);
    cdr.putInt(1);
    text(cdr, topic);
    align(cdr, 8);
    cdr.putLong(transport).putLong(recorder);
    return cdr.flip();
  }

  private static void text(ByteBuffer cdr, String text) {
    align(cdr, 4);
    byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
    cdr.putInt(bytes.length).put(bytes);
  }

  private static void align(ByteBuffer cdr, int size) {
    int at = cdr.position() - 4;
    cdr.position(cdr.position() + (size - at % size) % size);
  }
}
