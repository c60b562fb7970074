package dev.lockstep.bench.robustness;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.engine.RecordingRun;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.mapped.OffHeap;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Location;
import dev.lockstep.model.Span;
import dev.lockstep.report.FindingText;
import dev.lockstep.source.Growth;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Checks what lies in a folder with every check there is, and says which promises were not kept.
final class Judge implements AutoCloseable {
  private final Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(2));
  private final Engine single = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1));

  /// About the recording as a whole: how much of it no checksum protects.
  private static final String ABOUT_THE_WHOLE = "INT016";

  /// Names the place of lost messages, which may lie behind the last one.
  private static final String ABOUT_LOSS = "INT040";

  /// What a folder gave.
  ///
  /// @param recordings recordings that were found and checked
  /// @param findings findings on them
  /// @param failures promises that were not kept, in words
  record Judgement(int recordings, long findings, List<String> failures) {}

  /// Checks every recording in `folder`.
  ///
  /// @param inPieces whether each recording is read again in random pieces, on one thread, and must
  ///   give the same
  Judgement judge(Path folder, SplittableRandom pieces, boolean inPieces) {
    List<String> failures = new ArrayList<>();
    int mappings = MappedFile.openCount();
    long offHeapBytes = OffHeap.openBytes();
    int recordings = 0;
    long findings = 0;
    try {
      for (Recording recording : new RecordingFinder(Formats.ALL).find(folder).recordings()) {
        recordings++;
        RecordingResult result =
            engine.check(recording.path(), recording.name(), recording.format());
        findings += result.results().stream().mapToLong(CheckResult::total).sum();
        examine(result, recording.path(), failures);
        if (inPieces) {
          compare(result, inPieces(recording, pieces), failures);
        }
      }
    } catch (Throwable e) {
      failures.add("escaped: " + trace(e));
    }
    if (MappedFile.openCount() != mappings) {
      failures.add("mappings left open: " + (MappedFile.openCount() - mappings));
    }
    if (OffHeap.openBytes() != offHeapBytes) {
      failures.add("bytes left outside of the heap: " + (OffHeap.openBytes() - offHeapBytes));
    }
    return new Judgement(recordings, findings, failures);
  }

  private RecordingResult inPieces(Recording recording, SplittableRandom random)
      throws IOException {
    if (recording.format().growth(recording.path()) == Growth.REOPENED) {
      // What is followed of it says nothing of its end, for which it is opened anew.
      try (RecordingRun run = open(recording)) {
        advance(run, random);
      }
      try (RecordingRun run = open(recording)) {
        run.advance(run.available(), true);
        return run.finish();
      }
    }
    try (RecordingRun run = open(recording)) {
      advance(run, random);
      run.advance(run.available(), true);
      return run.finish();
    }
  }

  private RecordingRun open(Recording recording) throws IOException {
    return single.open(
        recording.path(), recording.name(), recording.format(), finding -> {}, (done, total) -> {});
  }

  private static void advance(RecordingRun run, SplittableRandom random) throws IOException {
    long all = run.available();
    long[] steps = random.longs(random.nextInt(1, 8), 0, all + 1).sorted().toArray();
    for (long step : steps) {
      run.advance(step, false);
    }
  }

  /// Looks for checks that broke and findings without a place.
  static void examine(RecordingResult result, Path path, List<String> failures) throws IOException {
    for (CheckResult check : result.results()) {
      if (check.outcome() instanceof Outcome.Broken broken) {
        failures.add(
            "broken: " + check.check().id() + " on '" + check.subject() + "': " + broken.cause());
      }
      for (Finding finding : check.findings()) {
        Optional<String> wrong = misplaced(finding, result, path);
        if (wrong.isPresent()) {
          failures.add(
              "place: " + finding.check().id() + ", " + wrong.get() + ": " + text(finding));
        }
      }
    }
  }

  private static String text(Finding finding) {
    return FindingText.of(finding) + " " + finding.location();
  }

  /// What is wrong with the place of a finding.
  private static Optional<String> misplaced(Finding finding, RecordingResult result, Path path)
      throws IOException {
    Location at = finding.location();
    String file = at.file();
    String stream = at.stream();
    if (file == null && stream == null) {
      return finding.check().id().equals(ABOUT_THE_WHOLE)
          ? Optional.empty()
          : Optional.of("neither file nor stream");
    }
    if (file == null && at.bytes() != null) {
      return Optional.of("bytes of no file");
    }
    if (file != null) {
      Path named = named(path, file);
      ByteRange bytes = at.bytes();
      if (bytes != null && !Files.exists(named)) {
        return Optional.of("bytes of a file that does not exist");
      }
      if (bytes != null && bytes.endBytes() > Files.size(named)) {
        return Optional.of("bytes behind the end of the file at " + Files.size(named));
      }
    }
    Span messages = at.messages();
    if (stream != null && messages != null) {
      long most = most(stream, file, result, path);
      long behind = finding.check().id().equals(ABOUT_LOSS) ? 1 : 0;
      if (most >= 0 && (messages.first() < 0 || messages.last() >= most + behind)) {
        return Optional.of("messages that the stream does not have: " + most);
      }
    }
    Set<String> known = new HashSet<>();
    result.streams().forEach(summary -> known.add(summary.stream().name()));
    result.labelSets().forEach(labels -> known.add(labels.name()));
    // A manifest may know streams that the recording has lost.
    if (stream != null && !known.contains(stream) && file == null && messages == null) {
      return Optional.of("a stream that the recording does not have");
    }
    return Optional.empty();
  }

  /// How many messages a stream has, or places a label set: boxes, lines where it is a text, at
  /// most so many rows where it is a table; -1 if there is neither.
  private static long most(String stream, @Nullable String file, RecordingResult result, Path path)
      throws IOException {
    long most = -1;
    for (StreamSummary summary : result.streams()) {
      most = summary.stream().name().equals(stream) ? Math.max(most, summary.messages()) : most;
    }
    for (RecordingResult.LabelSummary labels : result.labelSets()) {
      if (labels.name().equals(stream)) {
        most = Math.max(most, labels.boxes());
        if (file != null
            && (file.endsWith(".txt") || file.endsWith(".xml") || file.endsWith(".jsonl"))) {
          // Lines are counted from 1, and the last one need not end.
          most = Math.max(most, 2 + lineEnds(named(path, file)));
        } else if (file != null
            && (file.endsWith(".feather") || file.endsWith(".arrow") || file.endsWith(".json"))) {
          // Rows of a table, which may hold the labels of several logs and rows that are none; each
          // takes a byte at least.
          most = Math.max(most, Files.size(named(path, file)));
        }
      }
    }
    return most;
  }

  private static long lineEnds(Path file) throws IOException {
    long ends = 0;
    for (byte b : Files.readAllBytes(file)) {
      ends += b == '\n' || b == '\r' ? 1 : 0;
    }
    return ends;
  }

  private static Path named(Path recording, String file) {
    return Files.isDirectory(recording) ? recording.resolve(file) : recording.resolveSibling(file);
  }

  private static void compare(
      RecordingResult whole, RecordingResult pieces, List<String> failures) {
    if (whole.equals(pieces)) {
      return;
    }
    List<List<String>> texts = new ArrayList<>();
    for (RecordingResult each : List.of(whole, pieces)) {
      List<String> lines = new ArrayList<>();
      each.streams().forEach(stream -> lines.add(stream.toString()));
      each.labelSets().forEach(labels -> lines.add(labels.toString()));
      each.calibrations().forEach(calibration -> lines.add(calibration.toString()));
      each.results().forEach(result -> lines.add(result.toString()));
      each.measurements().forEach(value -> lines.add(value.toString()));
      lines.add(each.coverage().toString());
      lines.addAll(each.notes());
      texts.add(lines);
    }
    int at = Arrays.mismatch(texts.get(0).toArray(), texts.get(1).toArray());
    failures.add(
        "pieces: whole has\n    "
            + (at < texts.get(0).size() ? texts.get(0).get(Math.max(0, at)) : "nothing")
            + "\n  in pieces it has\n    "
            + (at < texts.get(1).size() ? texts.get(1).get(Math.max(0, at)) : "nothing"));
  }

  private static String trace(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString().lines().limit(60).collect(Collectors.joining("\n  "));
  }

  @Override
  public void close() {
    engine.close();
    single.close();
  }
}
