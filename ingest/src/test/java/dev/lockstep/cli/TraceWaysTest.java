package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Formats;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.lineage.LabelRow;
import dev.lockstep.lineage.LabelSelector;
import dev.lockstep.lineage.TraceJson;
import dev.lockstep.lineage.TraceText;
import dev.lockstep.lineage.Tracer;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.manifest.ManifestReader;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Times;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.RecordingIndex;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A trace that looks up must tell what one tells that reads everything, on every recording.
class TraceWaysTest {
  /// Labels, ranges and blocks that are traced of each recording and stream.
  private static final int SAMPLES = 4;

  @TempDir private Path folder;

  @Test
  void lookingUpAndReadingAllTellTheSameOfEveryFixture() throws IOException {
    copy(CommandRun.FIXTURES, folder);
    CommandRun seal = CommandRun.of("seal", folder);
    assertThat(seal.exit()).as(seal.err()).isIn(ExitCode.CLEAN, ExitCode.FINDINGS);
    int recordings = 0;
    int labels = 0;
    for (Recording recording : recordings(folder)) {
      labels += compare(recording);
      recordings++;
    }
    assertThat(recordings).isGreaterThan(25);
    assertThat(labels).isGreaterThan(60);
  }

  @Test
  void lookingUpAndReadingAllTellTheSameOfRealRecordings() throws IOException {
    int labels = 0;
    for (String name :
        List.of("mcap-samples", "kitti/scalabel", "av2", "nuscenes", "ros", "multisensor")) {
      for (Recording recording : recordings(SharedData.path(name))) {
        if (ManifestFiles.sizeBytes(recording.path()) < 8 << 20) {
          labels += compare(recording);
        }
      }
    }
    assertThat(labels).isGreaterThan(20);
  }

  private static List<Recording> recordings(Path folder) throws IOException {
    return new RecordingFinder(Formats.ALL).find(folder).recordings();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  /// Compares both ways; the number of labels that were traced.
  private static int compare(Recording recording) throws IOException {
    try (Tracer quick = open(recording, Tracer.Reading.QUICK);
        Tracer whole = open(recording, new Tracer.Reading(true, true))) {
      List<LabelRow> labels = whole.find(LabelSelector.ANY);
      assertThat(quick.find(LabelSelector.ANY)).as(recording.name()).isEqualTo(labels);
      List<LabelRow> traced = samples(labels);
      for (LabelRow label : traced) {
        LabelSelector row =
            new LabelSelector(label.file(), label.position(), label.track(), Times.NONE, -1);
        LabelSelector stamp = new LabelSelector(null, -1, label.track(), label.stampNs(), -1);
        for (LabelSelector selector : List.of(row, stamp)) {
          assertThat(quick.find(selector))
              .as(recording.name() + " " + selector)
              .isEqualTo(whole.find(selector));
        }
        assertThat(text(quick, label))
            .as(recording.name() + " " + label.place())
            .isEqualTo(text(whole, label));
      }
      compareBack(recording, quick, whole);
      return traced.size();
    }
  }

  private static void compareBack(Recording recording, Tracer quick, Tracer whole)
      throws IOException {
    for (MessageAt message : messages(recording)) {
      ByteRange bytes = message.bytes();
      ByteRange some = new ByteRange(bytes.offsetBytes(), Math.max(1, bytes.lengthBytes() / 2));
      assertThat(TraceJson.of(quick.of(message.file(), some)))
          .as(recording.name() + " " + message)
          .isEqualTo(TraceJson.of(whole.of(message.file(), some)));
    }
    Path manifest = ManifestFiles.of(recording.path());
    if (Files.exists(manifest)
        && ManifestReader.open(manifest) instanceof ManifestReader.Opened.Whole opened) {
      try (ManifestReader blocks = opened.manifest()) {
        for (String stream : blocks.streams()) {
          long last = blocks.blocks(stream) - 1L;
          for (long block : new long[] {0, last / 2, last}) {
            assertThat(TraceJson.of(quick.ofBlock(stream, block)))
                .as(recording.name() + " " + stream + ":" + block)
                .isEqualTo(TraceJson.of(whole.ofBlock(stream, block)));
          }
        }
      }
    }
  }

  /// Some messages of each stream.
  private static List<MessageAt> messages(Recording recording) throws IOException {
    List<MessageAt> found = new ArrayList<>();
    try (RecordingIndex index = recording.format().scan(recording.path())) {
      for (var stream : index.streams()) {
        long count = index.messages(stream.name());
        for (long i = 0; i < count; i += Math.max(1, count / SAMPLES)) {
          found.add(index.message(stream.name(), i));
        }
      }
    }
    return found;
  }

  private static <T> List<T> samples(List<T> all) {
    List<T> some = new ArrayList<>();
    for (int i = 0; i < all.size(); i += Math.max(1, all.size() / SAMPLES)) {
      some.add(all.get(i));
    }
    return some;
  }

  private static Tracer open(Recording recording, Tracer.Reading reading) throws IOException {
    return Tracer.open(recording.path(), recording.format(), null, null, reading);
  }

  private static String text(Tracer tracer, LabelRow label) throws IOException {
    var trace = tracer.trace(label);
    return TraceText.of(trace, tracer.manifestState())
        + TraceJson.of(List.of(trace), tracer.manifestState());
  }
}
