package dev.lockstep.engine;

import dev.lockstep.check.BlockCheck;
import dev.lockstep.check.Check;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.ShadowCheck;
import dev.lockstep.manifest.BlockFeed;
import dev.lockstep.shadow.ShadowPass;
import dev.lockstep.shadow.ShadowShare;
import dev.lockstep.source.IgnoringSink;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.SweepVisitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Checks whole recordings, and opens runs over growing ones.
///
/// An engine owns the threads that scan. It may be used for any number of recordings, one after the
/// other or side by side; results do not depend on the number of threads.
public final class Engine implements AutoCloseable {
  private final List<Check> checks;
  private final List<ShadowCheck> shadowChecks;
  private final EngineOptions options;
  private final Scanners scanners;
  private final @Nullable CostMeter meter;
  private final StreamBudget budget;

  /// An engine that applies `checks`; those that compare an export with its original have nothing
  /// to look at in one recording and are left out, as are those about a second read where the
  /// options ask for none.
  public Engine(List<Check> checks, EngineOptions options) {
    this(checks, options, null);
  }

  /// An engine that applies `checks`, as above.
  ///
  /// @param meter told what its runs cost, or null
  public Engine(List<Check> checks, EngineOptions options, @Nullable CostMeter meter) {
    this(checks, options, meter, StreamBudget.ofHeap());
  }

  Engine(
      List<Check> checks, EngineOptions options, @Nullable CostMeter meter, StreamBudget budget) {
    this.budget = budget;
    this.meter = meter;
    this.checks =
        checks.stream()
            .filter(check -> !(check instanceof ExportCheck || check instanceof ShadowCheck))
            .toList();
    this.shadowChecks =
        checks.stream().filter(ShadowCheck.class::isInstance).map(ShadowCheck.class::cast).toList();
    this.options = options;
    this.scanners = new Scanners(options.threads());
  }

  /// Checks the recording at `path` from beginning to end.
  ///
  /// @throws IOException if the operating system refuses to open or map a file
  public RecordingResult check(Path path, String name, SourceFormat format) throws IOException {
    return check(path, name, format, finding -> {}, (done, total) -> {});
  }

  /// Checks the recording at `path` from beginning to end.
  ///
  /// @param name what the recording is called in the result
  /// @param findings told of findings as they come
  /// @param progress told of progress now and then
  /// @throws IOException if the operating system refuses to open or map a file
  public RecordingResult check(
      Path path, String name, SourceFormat format, Consumer<Finding> findings, Progress progress)
      throws IOException {
    return check(path, name, format, findings, progress, List.of());
  }

  /// Checks the recording at `path` from beginning to end, and hands its blocks on in the same
  /// pass.
  ///
  /// @param feeds take the blocks; what they throw ends the run
  /// @throws IOException if the operating system refuses to open or map a file
  public RecordingResult check(
      Path path,
      String name,
      SourceFormat format,
      Consumer<Finding> findings,
      Progress progress,
      List<BlockFeed> feeds)
      throws IOException {
    try (RecordingRun run = open(path, name, format, findings, progress, feeds, List.of())) {
      run.advance(run.available(), true);
      return run.finish();
    }
  }

  /// Opens a run over a recording that may still grow.
  ///
  /// @throws IOException if the operating system refuses to open or map a file
  public RecordingRun open(
      Path path, String name, SourceFormat format, Consumer<Finding> findings, Progress progress)
      throws IOException {
    return open(path, name, format, findings, progress, List.of(), List.of());
  }

  /// Opens a run over a recording that may still grow, for those who want more than its findings.
  ///
  /// @param feeds take the blocks; what they throw ends the run
  /// @param taps see the messages of the streams as they are committed
  /// @throws IOException if the operating system refuses to open or map a file
  public RecordingRun open(
      Path path,
      String name,
      SourceFormat format,
      Consumer<Finding> findings,
      Progress progress,
      List<BlockFeed> feeds,
      List<StreamTap> taps)
      throws IOException {
    ManifestUse manifest = ManifestUse.of(path, checks, options.quick());
    try {
      boolean blocks =
          !feeds.isEmpty()
              || manifest.compared() != null
                  && checks.stream().anyMatch(BlockCheck.class::isInstance);
      ShadowShare share = options.shadow();
      ReadOptions read = blocks ? options.read().withCrc32c() : options.read();
      EngineOptions used =
          options.withRead(share == null ? read : read.withCrc32c(ShadowPass.places(share)));
      RecordingReader reader = format.open(path, used.read());
      ShadowPass shadow =
          share == null ? null : new ShadowPass(share, format, path, shadowChecks, findings);
      FlightEvents events = FlightEvents.of(name);
      Collector collector =
          new Collector(
              name,
              format.name(),
              checks,
              used,
              manifest,
              feeds,
              taps,
              shadow,
              findings,
              visitor -> readSweeps(path, format, visitor),
              budget,
              events);
      return new RecordingRun(reader, manifest, collector, scanners, progress, meter, events);
    } catch (IOException | RuntimeException | Error e) {
      manifest.close();
      throw e;
    }
  }

  /// Whether there is little room left for more recordings side by side: streams of those that are
  /// opened now may not all be examined.
  public boolean isCrowded() {
    return budget.isScarce();
  }

  private void readSweeps(Path path, SourceFormat format, SweepVisitor visitor) throws IOException {
    try (RecordingReader reader = format.open(path, options.read().sweepsOnly(visitor))) {
      RecordingRun.readAll(reader, scanners, new IgnoringSink());
    }
  }

  /// Stops the threads.
  @Override
  public void close() {
    scanners.close();
  }
}
