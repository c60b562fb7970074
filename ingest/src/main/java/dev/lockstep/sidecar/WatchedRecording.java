package dev.lockstep.sidecar;

import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.follow.FollowOptions;
import dev.lockstep.follow.FollowedRecording;
import dev.lockstep.follow.StreamProgress;
import dev.lockstep.source.Growth;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One recording that is not complete, or not known to be: follows it, and decides when it is.
///
/// Used by one thread.
final class WatchedRecording implements AutoCloseable {
  /// Bytes by which the readable part grows at once, so that a recording that was found late does
  /// not keep the sidecar from all others.
  static final long STEP_BYTES = 64L << 20;

  private final Path path;
  private final String name;
  private final SourceFormat format;
  private final Growth growth;
  private final Engine engine;
  private final FollowOptions options;
  private final LossAttribution attribution;
  private final LostReports lostReports;
  private final List<Finding> fresh = new ArrayList<>();
  private final Map<String, Integer> occurrences = new HashMap<>();
  private @Nullable FollowedRecording followed;
  private FileState state;
  private long changedNanos;
  private long changedWallNs;
  private long behindNanos = -1;
  private boolean more;
  private boolean begunAnew;
  private OpenFiles.Held held = OpenFiles.Held.UNKNOWN;
  private long heldAskedNanos = Long.MIN_VALUE;

  /// What a look at a recording gave.
  enum Step {
    /// It grows, or may.
    OPEN,
    /// There is more to read at once.
    MORE,
    /// Nothing more will come: it can be completed.
    ENDED
  }

  /// A finding with the number of those before it that have its fingerprint, counted from 1.
  record Told(Finding finding, int occurrence) {}

  WatchedRecording(
      Path path,
      String name,
      SourceFormat format,
      Engine engine,
      FollowOptions options,
      FileState state,
      LossAttribution attribution,
      long nowNanos,
      long wallNs) {
    this.path = path;
    this.name = name;
    this.format = format;
    this.growth = format.growth(path);
    this.engine = engine;
    this.options = options;
    this.state = state;
    this.attribution = attribution;
    this.changedNanos = nowNanos;
    this.changedWallNs = wallNs;
    this.lostReports = new LostReports(path);
  }

  Path path() {
    return path;
  }

  String name() {
    return name;
  }

  SourceFormat format() {
    return format;
  }

  FileState state() {
    return state;
  }

  LossAttribution attribution() {
    return attribution;
  }

  private FollowedRecording followed() throws IOException {
    FollowedRecording open = followed;
    if (open == null) {
      open = FollowedRecording.open(engine, path, name, format, fresh::add, options);
      followed = open;
    }
    return open;
  }

  /// Reads what is there.
  ///
  /// @return bytes by which the recording has grown since the last step
  /// @throws IOException if it cannot be read
  long look(long nowNanos, long wallNs) throws IOException {
    FileState now = FileState.of(path, format);
    long grown = 0;
    if (!now.equals(state)) {
      grown = Math.max(0, now.sizeBytes() - state.sizeBytes());
      state = now;
      changedNanos = nowNanos;
      changedWallNs = wallNs;
      heldAskedNanos = Long.MIN_VALUE;
    }
    boolean first = followed == null;
    boolean behind = follow(followed(), now, first || nowNanos == changedNanos);
    behindNanos = !behind ? -1 : behindNanos < 0 ? nowNanos : behindNanos;
    readLostReports(followed());
    return grown;
  }

  /// Reads on.
  ///
  /// @return whether something that is there was not read
  private boolean follow(FollowedRecording open, FileState now, boolean changed)
      throws IOException {
    more = false;
    switch (growth) {
      case APPENDED, REOPENED -> {
        if (now.sizeBytes() > open.readable()) {
          open.advance(Math.min(now.sizeBytes(), open.readable() + STEP_BYTES));
        }
        more = open.readable() < now.sizeBytes();
        return more;
      }
      case COMMITTED -> {
        if (changed || behindNanos >= 0) {
          more = open.takeCommitted(now.sizeBytes());
        }
        return open.checked() < open.readable();
      }
      case UNREADABLE -> {}
    }
    return false;
  }

  private void readLostReports(FollowedRecording open) throws IOException {
    if (growth != Growth.APPENDED) {
      // Their reader knows the records of MCAP only.
      return;
    }
    for (StreamProgress stream : open.streams()) {
      if (tellsOfLosses(stream)) {
        attribution.reported(lostReports.advance(open.checked()));
      }
    }
  }

  /// What can be said about its end.
  Step judge(WatchOptions watch, long nowNanos) throws IOException {
    if (more) {
      return Step.MORE;
    }
    boolean appended = growth == Growth.APPENDED || growth == Growth.REOPENED;
    if (appended && state.sizeBytes() < followed().readable()) {
      // What has been read is gone: nothing that is written now belongs to it.
      return Step.ENDED;
    }
    if (growth != Growth.UNREADABLE
        && format.saysItHasEnded(path)
        && FileState.of(path, format).sizeBytes() == state.sizeBytes()) {
      return Step.ENDED;
    }
    if (unchangedFor(nowNanos) < watch.settle().toNanos()) {
      return Step.OPEN;
    }
    return switch (held(nowNanos)) {
      case YES -> Step.OPEN;
      case NO -> Step.ENDED;
      case UNKNOWN -> unchangedFor(nowNanos) >= watch.abandon().toNanos() ? Step.ENDED : Step.OPEN;
    };
  }

  /// Asked once a second at most: looking through all processes costs milliseconds.
  private OpenFiles.Held held(long nowNanos) {
    if (heldAskedNanos == Long.MIN_VALUE
        || nowNanos - heldAskedNanos >= Duration.ofSeconds(1).toNanos()) {
      heldAskedNanos = nowNanos;
      held = OpenFiles.heldForWriting(path);
    }
    return held;
  }

  /// Whether it is held open by somebody and yet has not grown for `stall`.
  boolean isStalled(Duration stall, long nowNanos) {
    return unchangedFor(nowNanos) >= stall.toNanos() && held(nowNanos) != OpenFiles.Held.NO;
  }

  long unchangedFor(long nowNanos) {
    return nowNanos - changedNanos;
  }

  /// When it last changed, by the wall clock, ns since 1970.
  long changedWallNs() {
    return changedWallNs;
  }

  /// How long readable bytes have been waiting, ns.
  long behindFor(long nowNanos) {
    return behindNanos < 0 ? 0 : nowNanos - behindNanos;
  }

  /// What the recorder reported, of a folder that is read when all is written.
  private void readLostReportsOfParts() throws IOException {
    if (growth != Growth.UNREADABLE
        || !Files.isDirectory(path)
        || streams().stream().noneMatch(WatchedRecording::tellsOfLosses)) {
      return;
    }
    List<Path> parts = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*.mcap")) {
      files.forEach(parts::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    for (Path part : parts) {
      attribution.reported(new LostReports(part).advance(Files.size(part)));
    }
  }

  private static boolean tellsOfLosses(StreamProgress stream) {
    return stream.name().endsWith(LostReports.TOPIC) && stream.messages() > 0;
  }

  /// The findings that came since the last call.
  List<Told> fresh() {
    List<Told> told = new ArrayList<>();
    for (Finding finding : fresh) {
      told.add(new Told(finding, occurrences.merge(finding.fingerprint(), 1, Integer::sum)));
    }
    fresh.clear();
    return told;
  }

  /// Whether it is read anew at its end, so that what was told of it counts only if it is told
  /// again; only the first time that this is asked.
  boolean beginsAnew() {
    boolean anew = growth == Growth.REOPENED && !begunAnew;
    begunAnew |= anew;
    if (anew) {
      occurrences.clear();
    }
    return anew;
  }

  /// Completes it, which also writes what the options ask for; may be repeated where that failed.
  ///
  /// @throws IOException if it cannot be read, or something cannot be written
  RecordingResult complete() throws IOException {
    RecordingResult result = followed().complete();
    readLostReports(followed());
    readLostReportsOfParts();
    return result;
  }

  List<StreamProgress> streams() {
    FollowedRecording open = followed;
    return open == null ? List.of() : open.streams();
  }

  /// How far it has been checked; all of it where that is done at its end only.
  long checkedBytes() {
    FollowedRecording open = followed;
    return open == null ? 0 : open.checked();
  }

  @Override
  public void close() throws IOException {
    if (followed != null) {
      followed.close();
      followed = null;
    }
  }
}
