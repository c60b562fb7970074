package dev.lockstep.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.labels.log.LabelLog;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import dev.lockstep.source.mcap.McapFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One flipped bit in raw data, label log or export is told with its place.
class OneBitTest {
  private static final Path DRIVE = Path.of("..", "fixtures", "mcap", "clean-lz4", "drive.mcap");
  private static final Path LOG = Path.of("..", "fixtures", "labels", "label-log", "drive.jsonl");
  private static final Pattern BYTES = Pattern.compile("at byte (\\d+)\\+(\\d+)");
  private static final Pattern TRACK = Pattern.compile("\"track\":\"([^\"]*)\"");
  private static final Pattern FRAME = Pattern.compile("\"frame\":(\\d+)");

  @TempDir private Path folder;

  private static List<ExportCheck> checks() {
    return Checks.ALL.stream()
        .filter(ExportCheck.class::isInstance)
        .map(ExportCheck.class::cast)
        .toList();
  }

  @Test
  void inRawDataItIsLocatedToItsChunkOrRecord() throws IOException {
    byte[] sound = Files.readAllBytes(DRIVE);
    Path file = folder.resolve("drive.mcap");
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1))) {
      for (int seed = 0; seed < 40; seed++) {
        Random random = new Random(seed);
        byte[] flipped = sound.clone();
        int at = 8 + random.nextInt(sound.length - 16);
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, flipped);
        RecordingResult result = engine.check(file, "drive.mcap", new McapFormat());
        List<Finding> damage =
            result.findings().stream().filter(f -> f.check().family().equals("INT")).toList();
        assertThat(damage).as("seed %d, byte %d", seed, at).isNotEmpty();
        assertThat(damage)
            .as("seed %d, byte %d", seed, at)
            .anySatisfy(f -> {
              ByteRange bytes = f.location().bytes();
              assertThat(bytes == null || covers(bytes, at)).isTrue();
            });
      }
    }
  }

  /// In or directly beside: a record whose length was hit ends elsewhere.
  private static boolean covers(ByteRange bytes, long at) {
    return at >= bytes.offsetBytes() - 64 && at < bytes.endBytes() + 64;
  }

  /// Any byte of the file: flips that are not located must leave the content as it was.
  @Test
  void inTheLabelLogOrTheExportItIsLocatedToItsLabel() throws IOException {
    byte[] sound = Files.readAllBytes(LOG);
    Path other = folder.resolve("drive.jsonl");
    List<String> unseen = new ArrayList<>();
    int flips = 60;
    for (int seed = 0; seed < flips; seed++) {
      Random random = new Random(71L * seed + 5);
      byte[] flipped = sound.clone();
      int at = random.nextInt(sound.length);
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(other, flipped);
      boolean inLog = seed % 2 == 0;
      RecordingResult result =
          new ShadowRun(checks())
              .run(source(inLog ? other : LOG), source(inLog ? LOG : other), "drive");
      if (!located(result, sound, at) && !content(other).equals(content(LOG))) {
        unseen.add("seed " + seed + ", byte " + at + ": " + around(flipped, at) + told(result));
      }
    }
    assertThat(unseen).as("%d flips", flips).isEmpty();
  }

  /// All that a label log says, in canonical form: a digit behind those that a number has, white
  /// space and the order of members are no content.
  private static String content(Path log) throws IOException {
    StringBuilder text = new StringBuilder();
    LabelSource.Read read = source(log).first();
    read.defects().forEach(defect -> text.append(defect).append('\n'));
    for (LabelSet set : read.sets()) {
      LabelDetails details = set.details();
      text.append(set.name()).append(' ').append(set.frameOfReference());
      text.append(' ').append(set.stampSource()).append(' ').append(details.frameRateHertz());
      text.append(' ').append(details.imageWidth()).append('x').append(details.imageHeight());
      for (int row = 0; row < set.size(); row++) {
        int track = set.tracks()[row];
        text.append('\n').append(track < 0 ? "" : set.trackName(track)).append(' ');
        text.append(set.categoryName(set.categories()[row]));
        text.append(SameFormat.values(set, row)).append(details.flags(row));
      }
    }
    return text.toString();
  }

  private static LabelSource source(Path path) {
    return new LabelSource(path, null, new LabelLog());
  }

  private static String around(byte[] bytes, int at) {
    int from = Math.max(0, at - 30);
    return new String(bytes, from, Math.min(60, bytes.length - from), StandardCharsets.ISO_8859_1);
  }

  private static String told(RecordingResult result) {
    StringBuilder text = new StringBuilder();
    for (Finding f : result.findings()) {
      text.append("\n  ").append(f.check().id()).append(' ').append(f.location());
      text.append(' ').append(f.evidence());
    }
    for (CheckResult r : result.results()) {
      if (r.outcome() instanceof Outcome.Broken broken) {
        text.append("\n  ").append(broken.cause());
        break;
      }
    }
    return text.toString();
  }

  /// Whether a finding names the label of the line that holds the byte, or damage its bytes.
  private static boolean located(RecordingResult result, byte[] sound, int at) {
    int from = at;
    while (from > 0 && sound[from - 1] != '\n') {
      from--;
    }
    int to = at;
    while (to < sound.length && sound[to] != '\n') {
      to++;
    }
    String line = new String(sound, from, to - from, StandardCharsets.UTF_8);
    String track = group(TRACK, line);
    String frame = group(FRAME, line);
    for (Finding f : result.findings()) {
      ByteRange bytes = f.location().bytes();
      var frames = f.location().frames();
      boolean here = bytes != null && bytes.offsetBytes() <= at && at <= bytes.endBytes();
      boolean label =
          (track.equals(f.location().track()) || f.location().track() == null)
              && frames != null
              && frames.first() <= Long.parseLong(frame.isEmpty() ? "-1" : frame)
              && frames.last() >= Long.parseLong(frame.isEmpty() ? "-1" : frame);
      // What an export has more than its original is told, but is no error.
      boolean one = frames != null && frames.first() == frames.last();
      if (f.severity() != Severity.INFO || here || one) {
        if (here || label) {
          return true;
        }
      }
    }
    for (CheckResult r : result.results()) {
      if (r.outcome() instanceof Outcome.Broken broken) {
        Matcher bytes = BYTES.matcher(broken.cause());
        if (bytes.find()) {
          long first = Long.parseLong(bytes.group(1));
          return first <= to + 1 && first + Long.parseLong(bytes.group(2)) >= from;
        }
      }
    }
    return false;
  }

  private static String group(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }
}
