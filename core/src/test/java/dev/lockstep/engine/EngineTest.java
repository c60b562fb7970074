package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.check.Check;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Run;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.check.integrity.PayloadRepeats;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.report.JsonReport;
import dev.lockstep.source.Match;
import dev.lockstep.source.Probe;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.ScanUnit;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.testing.ListedRecording;
import dev.lockstep.testing.ListedRecording.Listed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EngineTest {
  private static final Path NOWHERE = Path.of("nowhere");
  private static final StreamInfo CAMERA =
      StreamInfo.of(0, "/camera", Modality.CAMERA, StampSource.HEADER, "cdr", "");
  private static final StreamInfo LIDAR =
      StreamInfo.of(1, "/lidar", Modality.LIDAR, StampSource.HEADER, "cdr", "");
  private static final StreamInfo POSE =
      StreamInfo.of(2, "/pose", Modality.POSE, StampSource.HEADER, "cdr", "");

  private static ListedRecording drive(int perUnit) {
    Random random = new Random(3);
    List<Listed> messages = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      int frozen = i / 40 % 7 == 3 ? i / 40 : i;
      messages.add(new Listed(CAMERA, i * 100L, frozen));
      if (i % 2 == 0) {
        messages.add(new Listed(LIDAR, i * 100L + 7, random.nextInt(200)));
      }
    }
    return new ListedRecording(List.of(CAMERA, LIDAR, POSE), messages, perUnit);
  }

  private static RecordingResult run(ListedRecording drive, int threads, Check... checks)
      throws IOException {
    EngineOptions options = EngineOptions.defaults().withThreads(threads);
    try (Engine engine = new Engine(List.of(checks), options)) {
      return engine.check(NOWHERE, "drive", drive);
    }
  }

  private static String text(RecordingResult result) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonReport.document().write(new Run("test", List.of(result), List.of(), 0), out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void saysOfHowManyStreamsItDidNotLookAt() throws IOException {
    ListedRecording drive = drive(400);
    try (Engine engine =
        new Engine(
            List.of(new PayloadRepeats()), EngineOptions.defaults(), null, new StreamBudget(2))) {
      RecordingResult result = engine.check(NOWHERE, "drive", drive);
      assertThat(result.incomplete()).isTrue();
      assertThat(result.notes())
          .containsExactly(
              "messages of 1 of 3 streams were not examined, /pose among them: the memory of this"
                  + " process is too small for so many (LOCKSTEP_JAVA_OPTS=-Xmx2g gives it more)");
      assertThat(result.results()).noneMatch(each -> each.subject().equals("/pose"));
      assertThat(engine.isCrowded()).as("given back").isFalse();
      try (RecordingRun other =
          engine.open(NOWHERE, "drive", drive, finding -> {}, (done, total) -> {})) {
        other.advance(100, false);
        assertThat(engine.isCrowded()).isTrue();
      }
      assertThat(engine.isCrowded()).isFalse();
    }
  }

  @Test
  void givesTheSameBytesForAnyThreadsUnitsAndSteps() throws IOException {
    String whole = text(run(drive(5000), 1, new PayloadRepeats()));
    assertThat(whole).contains("INT030");
    for (int threads : new int[] {1, 2, 5}) {
      for (int perUnit : new int[] {1, 17, 400}) {
        assertThat(text(run(drive(perUnit), threads, new PayloadRepeats())))
            .as("%d threads, %d messages a unit", threads, perUnit)
            .isEqualTo(whole);
      }
    }
    for (long seed = 1; seed <= 10; seed++) {
      ListedRecording drive = drive(50);
      int[] steps = new Random(seed).ints(30, 0, 7501).sorted().toArray();
      try (Engine engine =
              new Engine(List.of(new PayloadRepeats()), EngineOptions.defaults().withThreads(2));
          RecordingRun run =
              engine.open(NOWHERE, "drive", drive, finding -> {}, (done, total) -> {})) {
        for (int step : steps) {
          run.advance(step, false);
        }
        run.advance(run.available(), true);
        assertThat(text(run.finish())).as("seed %d", seed).isEqualTo(whole);
      }
    }
  }

  @Test
  void endsEveryCheckOnEveryStreamWithAnOutcome() throws IOException {
    RecordingResult result = run(drive(100), 2, new PayloadRepeats());
    assertThat(result.results())
        .extracting(CheckResult::subject)
        .containsExactly("/camera", "/lidar", "/pose");
    assertThat(result.results().get(2).outcome())
        .isEqualTo(new Outcome.Skipped("equal messages are ordinary on a stream of pose"));
  }

  @Test
  void keepsAFewFindingsAndCountsAll() throws IOException {
    List<Listed> messages = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      messages.add(new Listed(CAMERA, i, i / 2));
    }
    ListedRecording drive = new ListedRecording(List.of(CAMERA), messages, 64);
    CheckResult result = run(drive, 2, new PayloadRepeats()).results().getFirst();
    assertThat(result.outcome()).isEqualTo(new Outcome.Found(1500));
    assertThat(result.total()).isEqualTo(1500);
    assertThat(result.findings()).hasSize(FindingLog.KEPT + 1);
    assertThat(result.findings().getLast().location().messages().last()).isEqualTo(2999);
  }

  @Test
  void tellsFindingsAsTheyCome() throws IOException {
    List<Finding> told = new ArrayList<>();
    ListedRecording drive = drive(10);
    try (Engine engine =
            new Engine(List.of(new PayloadRepeats()), EngineOptions.defaults().withThreads(1));
        RecordingRun run = engine.open(NOWHERE, "drive", drive, told::add, (done, total) -> {})) {
      run.advance(400, false);
      assertThat(told).isNotEmpty();
    }
  }

  @Test
  void boundsTheUnitsUnderWay() throws IOException {
    ListedRecording drive = drive(3);
    run(drive, 2, new PayloadRepeats());
    assertThat(drive.mostUnderWay.get()).isLessThanOrEqualTo(2 * RecordingRun.UNITS_PER_THREAD);
  }

  @Test
  void aCheckThatFailsIsBrokenAndHarmsNoOther() throws IOException {
    RecordingResult result = run(drive(100), 2, new FailingCheck(), new PayloadRepeats());
    assertThat(result.incomplete()).isTrue();
    assertThat(result.results().getFirst().outcome())
        .isEqualTo(new Outcome.Broken("java.lang.IllegalStateException: at message 100"));
    assertThat(result.results())
        .filteredOn(r -> r.check().id().equals("INT030"))
        .first()
        .extracting(CheckResult::outcome)
        .isInstanceOf(Outcome.Found.class);
  }

  @Test
  void aCheckThatExaminedNothingHasNotPassed() throws IOException {
    ListedRecording drive = new ListedRecording(List.of(CAMERA), List.of(), 1);
    assertThat(run(drive, 1, new PayloadRepeats()).results().getFirst().outcome())
        .isInstanceOf(Outcome.Skipped.class);
  }

  @Test
  void aScanThatFailsEndsTheRunAndReleasesTheRecording() {
    FailingScans recording = new FailingScans();
    try (Engine engine = new Engine(List.of(), EngineOptions.defaults().withThreads(2))) {
      assertThatThrownBy(() -> engine.check(NOWHERE, "drive", recording))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a unit could not be scanned")
          .hasRootCauseMessage("in the scan");
    }
    assertThat(recording.closed).isTrue();
  }

  /// Several units are under way when the first fails.
  private static final class FailingScans implements SourceFormat, RecordingReader {
    private int units = 20;
    private boolean closed;

    @Override
    public String name() {
      return "failing";
    }

    @Override
    public String summary() {
      return "nothing";
    }

    @Override
    public Match match(Probe probe) {
      return Match.no("never");
    }

    @Override
    public RecordingReader open(Path path, ReadOptions options) {
      return this;
    }

    @Override
    public long available() {
      return units;
    }

    @Override
    public void extend(long available, boolean complete) {}

    @Override
    public @Nullable ScanUnit next() {
      if (units-- == 0) {
        return null;
      }
      return new ScanUnit() {
        @Override
        public void scan() {
          throw new UnsupportedOperationException("in the scan");
        }

        @Override
        public void commit(RecordingSink sink) {}
      };
    }

    @Override
    public long position() {
      return 0;
    }

    @Override
    public void finish(RecordingSink sink) {}

    @Override
    public void close() {
      closed = true;
    }
  }

  /// Fails in the middle of a recording.
  private static final class FailingCheck implements StreamCheck {
    @Override
    public CheckCard card() {
      return CheckCard.of("TIM999", FailingCheck.class, Severity.ERROR, "Fails.");
    }

    @Override
    public @Nullable String notApplicable(StreamInfo stream) {
      return null;
    }

    @Override
    public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
      return new Observer() {
        @Override
        public void onBatch(MessageBatch batch) {
          if (batch.firstIndex() + batch.size() > 100) {
            throw new IllegalStateException("at message 100");
          }
          sink.report(
              Severity.INFO,
              "seen",
              batch.location(0),
              new Evidence.Violation("batch", "seen", ""));
        }

        @Override
        public Conclusion onEnd() {
          return Conclusion.undecided("fails");
        }
      };
    }
  }
}
