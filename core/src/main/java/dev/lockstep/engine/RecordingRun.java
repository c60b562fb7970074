package dev.lockstep.engine;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.ScanUnit;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// One run over one recording, from its first byte on, in as many steps as it takes.
///
/// Units are cut in order, scanned in parallel and committed in order, so that every observer sees
/// the recording in order on one thread, which scans, too, while the next unit is not ready. At
/// most [#UNITS_PER_THREAD] units a thread are under way, which bounds memory whatever the length
/// of the recording.
///
/// Used by one thread at a time.
public final class RecordingRun implements AutoCloseable {
  /// Units under way for each thread: one that is scanned, one that waits for it, one that waits
  /// for its turn to be committed.
  static final int UNITS_PER_THREAD = 3;

  private final RecordingReader reader;
  private final ManifestUse manifest;
  private final Scanners scanners;
  private final ArrayDeque<Scan> underWay = new ArrayDeque<>();
  private final Collector collector;
  private final Progress progress;
  private final @Nullable CostMeter meter;
  private final @Nullable FlightEvents events;
  private long total;
  private boolean complete;

  /// The end of the reader once nothing more is read, or null.
  private Scanners.@Nullable Task closing;

  RecordingRun(
      RecordingReader reader,
      ManifestUse manifest,
      Collector collector,
      Scanners scanners,
      Progress progress,
      @Nullable CostMeter meter,
      @Nullable FlightEvents events) {
    this.meter = meter;
    this.events = events;
    this.reader = reader;
    this.manifest = manifest;
    this.collector = collector;
    this.scanners = scanners;
    this.progress = progress;
  }

  /// How much there is to read now.
  ///
  /// @throws IOException if the operating system refuses to tell
  public long available() throws IOException {
    return reader.available();
  }

  /// How far the run has come, in the unit of [#available]: what lies before has been read and will
  /// not be read again.
  public long position() {
    return reader.position();
  }

  /// Reads on, up to `available`; `complete` says that no more will follow.
  ///
  /// @throws IOException if the file cannot be mapped further
  public void advance(long available, boolean complete) throws IOException {
    if (this.complete) {
      throw new IllegalStateException("the recording is complete already");
    }
    this.complete = complete;
    this.total = available;
    reader.extend(available, complete);
    for (ScanUnit unit = reader.next(); unit != null; unit = reader.next()) {
      ScanUnit next = unit;
      underWay.add(new Scan(next, scanners.submit(() -> scan(next))));
      while (isFull(underWay, scanners)) {
        commit(underWay.remove());
      }
    }
    // What could be read has been read: observers must not wait for bytes that may never come.
    for (Scan scan = underWay.poll(); scan != null; scan = underWay.poll()) {
      commit(scan);
    }
  }

  /// Reads a recording from front to back and hands it to `sink`, all that is there.
  ///
  /// @throws IOException if the file cannot be mapped
  static void readAll(RecordingReader reader, Scanners scanners, RecordingSink sink)
      throws IOException {
    reader.extend(reader.available(), true);
    ArrayDeque<Scan> underWay = new ArrayDeque<>();
    try {
      for (ScanUnit unit = reader.next(); unit != null; unit = reader.next()) {
        ScanUnit next = unit;
        underWay.add(new Scan(next, scanners.submit(next::scan)));
        while (isFull(underWay, scanners)) {
          scanned(underWay.remove(), underWay).commit(sink);
        }
      }
      for (Scan scan = underWay.poll(); scan != null; scan = underWay.poll()) {
        scanned(scan, underWay).commit(sink);
      }
    } finally {
      // Mappings may go only when nobody reads them any more.
      underWay.forEach(scan -> scan.task().await());
    }
  }

  private static boolean isFull(ArrayDeque<Scan> underWay, Scanners scanners) {
    return underWay.size() >= scanners.threads() * UNITS_PER_THREAD;
  }

  /// The unit of `next` once it is scanned; until then, units behind it are.
  private static ScanUnit scanned(Scan next, ArrayDeque<Scan> behind) {
    next.task().begin();
    for (Scan later : behind) {
      if (next.task().isDone()) {
        break;
      }
      later.task().begin();
    }
    Throwable failure = next.task().await();
    if (failure != null) {
      throw new IllegalStateException("a unit could not be scanned", failure);
    }
    return next.unit();
  }

  private void scan(ScanUnit unit) {
    CostMeter used = meter;
    long sinceNs = used == null ? 0 : used.threadCpuNs();
    FlightEvents recorded = events;
    if (recorded == null) {
      unit.scan();
    } else {
      FlightEvents.Scan event = recorded.scan();
      unit.scan();
      event.commit();
    }
    if (used != null) {
      used.scanned(sinceNs);
    }
  }

  private void commit(Scan scan) {
    ScanUnit unit = scanned(scan, underWay);
    CostMeter used = meter;
    long sinceNs = used == null ? 0 : used.threadCpuNs();
    FlightEvents recorded = events;
    if (recorded == null) {
      unit.commit(collector);
    } else {
      FlightEvents.Order event = recorded.order();
      unit.commit(collector);
      event.commit();
    }
    if (used != null) {
      used.ordered(sinceNs);
    }
    progress.at(reader.position(), total);
  }

  /// Ends the run and gives its result.
  ///
  /// @throws IllegalStateException if the recording was not handed over to its end
  public RecordingResult finish() {
    if (!complete) {
      throw new IllegalStateException("the recording is not complete yet");
    }
    CostMeter used = meter;
    long sinceNs = used == null ? 0 : used.threadCpuNs();
    reader.finish(collector);
    // To give back the mapping of a gigabyte takes as long as the rules about the whole.
    closing = scanners.submit(reader::close);
    RecordingResult result = collector.result();
    if (used != null) {
      used.ended(sinceNs);
      sinceNs = used.threadCpuNs();
    }
    RecordingResult whole = collector.shadowed(result);
    if (used != null && collector.readsTwice()) {
      used.shadowed(sinceNs);
    }
    return whole;
  }

  /// The streams side by side, once the run has ended, for those who measure more than rules do.
  ///
  /// @throws IllegalStateException if the recording was not handed over to its end
  public Alignment alignment() {
    if (!complete) {
      throw new IllegalStateException("the recording is not complete yet");
    }
    return collector.alignment();
  }

  @Override
  public void close() {
    collector.close();
    @Nullable Scan scan;
    while ((scan = underWay.poll()) != null) {
      // Mappings may go only when nobody reads them any more; what a scan failed with when the run
      // is closed early is of no interest.
      scan.task().await();
    }
    Scanners.Task begun = closing;
    try (manifest) {
      if (begun == null) {
        reader.close();
      } else {
        Throwable failure = begun.await();
        if (failure != null) {
          throw new IllegalStateException("the recording could not be closed", failure);
        }
      }
    }
  }

  private record Scan(ScanUnit unit, Scanners.Task task) {}
}
