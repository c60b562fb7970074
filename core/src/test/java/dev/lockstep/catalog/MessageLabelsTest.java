package dev.lockstep.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Finding;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Span;
import dev.lockstep.source.RecordingIndex;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.source.rosbag2.Rosbag2Format;
import dev.lockstep.synth.Drive;
import dev.lockstep.synth.Injector;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.RecodedLabels;
import dev.lockstep.synth.RecordingOutput;
import dev.lockstep.synth.Rosbag2Output;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.synth.encode.LabelCoding;
import dev.lockstep.synth.fault.FaultSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One drive with its labels in every coding of messages: what is read and what is found must not
/// depend on it.
class MessageLabelsTest {
  private static final SynthOptions OPTIONS =
      SynthOptions.DEFAULT
          .withSeed(31)
          .withSeconds(6)
          .withCloud(4, 72)
          .withImages(64, 48)
          .withRange(32)
          .withRates(50, 20);

  private static final List<FaultSpec> FAULTS =
      List.of(
          fault("category-flip", 1, "at", "18"),
          fault("identity-switch", 2, "at", "30"),
          fault("teleport", 3, "at", "45"));

  @TempDir private Path folder;

  private static FaultSpec fault(String name, long seed, String key, String value) {
    return new FaultSpec(name, seed, new TreeMap<>(Map.of("stream", Drive.LABELS_3D, key, value)));
  }

  private Path mcap(LabelCoding coding) throws IOException {
    Path file = folder.resolve(coding + ".mcap");
    Injector.drive(file, OPTIONS, McapSettings.DEFAULT.withCompression("zstd"), coding, FAULTS);
    return file;
  }

  /// Each box in words; quaternions and centres of 2D boxes are computed on the way.
  private static List<String> table(SourceFormat format, Path recording, boolean parts)
      throws IOException {
    List<String> rows = new ArrayList<>();
    try (RecordingIndex index = format.index(recording)) {
      for (LabelSet set : index.labels(Long.MIN_VALUE, Long.MAX_VALUE)) {
        for (int row = 0; row < set.size(); row++) {
          rows.add(row(set, row, parts));
        }
      }
    }
    return rows;
  }

  private static String row(LabelSet set, int row, boolean parts) {
    StringBuilder out = new StringBuilder();
    out.append(set.name()).append(' ').append(set.frameOfReference()).append(' ');
    // Image annotations name no camera.
    out.append(set.has3d(row) ? set.details().frameName() : "").append(' ');
    // The place in a part is not that in the whole.
    out.append(parts ? "" : set.positions()[row]).append(' ');
    out.append(set.stampsNs()[row]).append(' ');
    out.append(set.trackName(set.tracks()[row])).append(' ');
    out.append(set.categoryName(set.categories()[row]));
    for (int i = 0; i < LabelSet.BOX_3D; i++) {
      out.append(String.format(Locale.ROOT, " %.9f", set.boxes3d()[row * LabelSet.BOX_3D + i]));
    }
    for (int i = 0; i < LabelSet.BOX_2D; i++) {
      out.append(String.format(Locale.ROOT, " %.3f", set.boxes2d()[row * LabelSet.BOX_2D + i]));
    }
    return out.toString().replace("-0.000000000", "0.000000000");
  }

  /// Findings of labels by rule and place; frame numbers are not in every coding.
  private static List<String> findings(SourceFormat format, Path recording) throws IOException {
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(2))) {
      return engine.check(recording, "drive", format).findings().stream()
          .map(MessageLabelsTest::brief)
          .sorted()
          .toList();
    }
  }

  private static String brief(Finding finding) {
    Span messages = finding.location().messages();
    Span stamps = finding.location().stampsNs();
    return finding.check().id()
        + " "
        + finding.location().stream()
        + " "
        + finding.location().track()
        + " "
        + messages
        + " "
        + stamps
        + " "
        + finding.evidence();
  }

  /// The same lines, whatever the order of the sets; only what differs is shown.
  private static void assertSame(String name, List<String> found, List<String> expected) {
    assertThat(found.stream().filter(line -> !expected.contains(line)).limit(5).toList())
        .as(name)
        .isEmpty();
    assertThat(expected.stream().filter(line -> !found.contains(line)).limit(5).toList())
        .as(name)
        .isEmpty();
    assertThat(found).as(name).hasSameSizeAs(expected);
  }

  @Test
  void everyCodingTellsTheSameBoxesAndFaults() throws IOException {
    Path json = mcap(LabelCoding.JSON);
    List<String> table = table(new McapFormat(), json, false);
    List<String> findings = findings(new McapFormat(), json);
    assertThat(table).hasSizeGreaterThan(300);
    assertThat(findings).hasSizeGreaterThanOrEqualTo(3).anyMatch(f -> f.startsWith("LAB"));
    for (LabelCoding coding : List.of(LabelCoding.SCENE, LabelCoding.DETECTIONS)) {
      Path file = mcap(coding);
      assertSame(coding.name(), table(new McapFormat(), file, false), table);
      assertSame(coding.name(), findings(new McapFormat(), file), findings);
    }
  }

  @Test
  void aBagTellsTheSameDetections() throws IOException {
    Path bag = folder.resolve("bag");
    try (RecordingOutput out =
        new RecodedLabels(new Rosbag2Output(bag, 4096, 1000), LabelCoding.DETECTIONS)) {
      Injector.drive(out, OPTIONS, FAULTS);
    }
    assertSame(
        "bag",
        table(new Rosbag2Format(new McapFormat()), bag, true),
        table(new McapFormat(), mcap(LabelCoding.DETECTIONS), true));
  }
}
