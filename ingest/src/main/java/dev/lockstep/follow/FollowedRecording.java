package dev.lockstep.follow;

import dev.lockstep.BuildInfo;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.RecordingRun;
import dev.lockstep.engine.StreamTap;
import dev.lockstep.follow.FollowOptions.Digest;
import dev.lockstep.manifest.BlockFeed;
import dev.lockstep.manifest.BlockLimits;
import dev.lockstep.manifest.DurableFile;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.manifest.ManifestHeader;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.report.VerdictReport;
import dev.lockstep.source.Growth;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One growing recording, checked as its bytes become readable; writes manifest and verdict at its
/// end.
///
/// What is found is what `check` finds in the same bytes, however they arrive. Bytes that do not
/// look right wait until the recording is complete: one that is being written cannot be told from
/// one that is damaged. Nothing is ever written to the recording.
///
/// Used by one thread, except for [#streams], [#checked] and [#readable], which any thread may ask.
public final class FollowedRecording implements AutoCloseable {
  private final Opening opening;
  private final Path path;
  private final Growth growth;
  private final FollowOptions options;
  private final @Nullable BlockSpool spool;
  private final ContentDigest digest;
  private final List<StreamMeter> meters = new ArrayList<>();
  private @Nullable RecordingRun run;
  private @Nullable RecordingResult result;
  private volatile List<StreamProgress> streams = List.of();
  private volatile long readable;
  private volatile long checked;
  private volatile boolean closed;
  private boolean reopened;
  private VerdictReport.@Nullable Content content;

  private FollowedRecording(
      Opening opening,
      Path path,
      Growth growth,
      FollowOptions options,
      @Nullable BlockSpool spool,
      ContentDigest digest) {
    this.opening = opening;
    this.path = path;
    this.growth = growth;
    this.options = options;
    this.spool = spool;
    this.digest = digest;
  }

  private interface Opening {
    RecordingRun run(List<BlockFeed> feeds, StreamTap tap) throws IOException;
  }

  /// Opens the recording at `path` without reading any of it yet.
  ///
  /// A recording whose format cannot be read while it grows ([SourceFormat#growth]) is read at its
  /// end, whole. One of [Growth#REOPENED] is read twice: `live` is told of everything anew at its
  /// end, and what is not told again does not hold.
  ///
  /// @param engine the checks; may serve other recordings at the same time
  /// @param name what the recording is called in the result
  /// @param live told of findings as they come, on the thread that calls [#advance]
  /// @throws IOException if the operating system refuses to open a file
  public static FollowedRecording open(
      Engine engine,
      Path path,
      String name,
      SourceFormat format,
      Consumer<Finding> live,
      FollowOptions options)
      throws IOException {
    BlockSpool spool = options.manifest() ? new BlockSpool(options.scratch()) : null;
    @Nullable FollowedRecording followed = null;
    try {
      ContentDigest digest =
          new ContentDigest(path, options.verdict() ? options.digest() : Digest.NONE);
      followed =
          new FollowedRecording(
              (feeds, tap) ->
                  engine.open(path, name, format, live, (done, total) -> {}, feeds, List.of(tap)),
              path,
              format.growth(path),
              options,
              spool,
              digest);
      if (followed.growth != Growth.UNREADABLE) {
        followed.run(followed.growth != Growth.REOPENED);
      }
      return followed;
    } catch (IOException | RuntimeException | Error e) {
      if (followed != null) {
        followed.close();
      } else if (spool != null) {
        spool.close();
      }
      throw e;
    }
  }

  /// @param last whether this run gives the result
  private RecordingRun run(boolean last) throws IOException {
    RecordingRun open = run;
    if (open == null) {
      List<BlockFeed> feeds = last && spool != null ? List.of(spool.feed()) : List.of();
      open = opening.run(feeds, new Tap(meters));
      run = open;
    }
    return open;
  }

  /// Checks what lies before `readableBytes` and was not checked yet. Less than before is no fault:
  /// there is nothing new then.
  ///
  /// @throws IOException if the file has become shorter or cannot be mapped further; what was
  ///   checked remains, and [#complete] still gives a result
  public void advance(long readableBytes) throws IOException {
    if (readableBytes <= readable) {
      return;
    }
    readable = readableBytes;
    RecordingRun open = run;
    if (open == null) {
      return;
    }
    open.advance(readableBytes, false);
    progressed(open);
    if (growth == Growth.APPENDED) {
      // What the run has passed is final even where a writer goes back to the head of its chunk.
      digest.advance(open.position());
    }
  }

  /// Checks what the recorder has committed and was not checked yet, or part of it if it is much.
  /// Only for [Growth#COMMITTED]; nothing of the content is final before [#complete].
  ///
  /// @param sizeBytes length of the recording now
  /// @return whether there is more that can be had at once
  /// @throws IOException if a file cannot be opened
  public boolean takeCommitted(long sizeBytes) throws IOException {
    RecordingRun open = run(true);
    long before = open.position();
    readable = sizeBytes;
    open.advance(sizeBytes, false);
    progressed(open);
    return checked > before && checked < sizeBytes;
  }

  private void progressed(RecordingRun open) {
    checked = open.position();
    streams = meters.stream().map(StreamMeter::progress).toList();
  }

  /// Checks the rest, since no more will follow, and gives the result; writes block manifest and
  /// verdict if the options say so, in this order. May be called again where writing failed.
  ///
  /// @throws IOException if the file cannot be mapped, or manifest or verdict cannot be written
  public RecordingResult complete() throws IOException {
    RecordingResult found = result;
    if (found == null) {
      if (growth == Growth.REOPENED && !reopened) {
        reopen();
      }
      boolean grew = run != null;
      RecordingRun open = run(true);
      long available = grew ? Math.max(readable, open.available()) : open.available();
      open.advance(available, true);
      readable = available;
      progressed(open);
      found = open.finish();
      result = found;
    }
    String name = ManifestFiles.name(path);
    if (spool != null) {
      spool.writeTo(
          ManifestFiles.of(path),
          new ManifestHeader(
              BlockLimits.DEFAULT, name, found.format(), ManifestFiles.sizeBytes(path)));
    }
    if (options.verdict()) {
      VerdictReport.Content judged =
          new VerdictReport.Content(name, digest.finish(), digest.algorithm(), digest.value());
      DurableFile.write(
          ManifestFiles.verdictOf(path), VerdictReport.of(found, BuildInfo.version(), judged));
      content = judged;
    }
    return found;
  }

  private void reopen() {
    reopened = true;
    RecordingRun provisional = run;
    run = null;
    meters.clear();
    if (provisional != null) {
      provisional.close();
    }
  }

  /// What was judged, as the verdict file says; null before [#complete], and without such a file.
  public VerdictReport.@Nullable Content content() {
    return content;
  }

  /// How the streams go, in order of their ids, as of the last [#advance].
  public List<StreamProgress> streams() {
    return streams;
  }

  /// How far the recording has been checked: bytes, or files of a folder at its end. The rest of
  /// what is readable waits for what makes it whole.
  public long checked() {
    return checked;
  }

  /// How far the recording was readable at the last [#advance].
  public long readable() {
    return readable;
  }

  /// Releases the recording. Without [#complete] before, nothing is left behind.
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (run != null) {
        run.close();
      }
      digest.close();
    } finally {
      if (spool != null) {
        spool.close();
      }
    }
  }

  private record Tap(List<StreamMeter> meters) implements StreamTap {
    @Override
    public void stream(StreamInfo stream) {
      meters.add(new StreamMeter(stream));
    }

    @Override
    public void messages(MessageBatch batch) {
      meters.get(batch.stream().id()).accept(batch);
    }
  }
}
