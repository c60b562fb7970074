package dev.lockstep.server;

import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.follow.FollowOptions;
import dev.lockstep.follow.FollowedRecording;
import dev.lockstep.follow.StreamProgress;
import dev.lockstep.report.VerdictReport;
import dev.lockstep.session.PartChecks;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.store.StoreLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Checks parts by following their files, on threads of its own; writes manifest and verdict beside
/// each.
///
/// Each part is followed by one thread at a time, in turns of [#TURN_BYTES], so that a fast stream
/// does not keep slow ones waiting. Where many streams are being checked already, parts that come
/// then wait until others are done or they themselves are whole. Nobody waits for any of this but
/// the `done` line.
public final class CheckedParts implements PartChecks {
  /// The verdict where the checks themselves failed.
  public static final String UNEXAMINED = "unexamined";

  private static final long TURN_BYTES = 32L << 20;

  /// After so many it is asked how many streams there are.
  private static final long PIECE_BYTES = 1L << 20;

  /// A part with more streams is not examined: each costs some kilobytes even where no rule looks
  /// at it. Judged: ten times what the largest vehicles record.
  private static final int MAX_STREAMS = 10_000;

  private final Engine engine;
  private final SourceFormat format;
  private final Path scratch;
  private final Executor threads;
  private final StoreLog log;
  private final BiConsumer<String, Finding> heard;
  private final Set<Check> open = ConcurrentHashMap.newKeySet();

  /// @param scratch folder for what is kept while a part grows
  /// @param threads run the checks
  /// @param heard told of every finding, with the name of its part
  public CheckedParts(
      Engine engine,
      SourceFormat format,
      Path scratch,
      Executor threads,
      StoreLog log,
      BiConsumer<String, Finding> heard) {
    this.heard = heard;
    this.engine = engine;
    this.format = format;
    this.scratch = scratch;
    this.threads = threads;
    this.log = log;
  }

  @Override
  public PartCheck open(Path file, String name, Consumer<Finding> findings) {
    Check check = new Check(file, name, findings);
    open.add(check);
    return check;
  }

  /// Durable bytes that were not checked yet, of all parts.
  public long lagBytes() {
    return open.stream().mapToLong(Check::lagBytes).sum();
  }

  /// How long the oldest of them have waited.
  public long lagNs() {
    long now = System.nanoTime();
    return open.stream().mapToLong(check -> check.lagNs(now)).max().orElse(0);
  }

  /// How the streams of all parts go that are being written.
  public Collection<Followed> followed() {
    return open.stream()
        .map(check ->
            new Followed(check.name, check.checkedBytes(), check.found.sum(), check.streams()))
        .toList();
  }

  /// A part that is being written.
  ///
  /// @param name what it is called
  /// @param checkedBytes how far it has been checked
  /// @param findings findings so far
  /// @param streams its streams
  public record Followed(
      String name, long checkedBytes, long findings, List<StreamProgress> streams) {}

  private final class Check implements PartCheck {
    private final Path file;
    private final String name;
    private final Consumer<Finding> findings;
    private final LongAdder found = new LongAdder();
    private final CompletableFuture<Checked> result = new CompletableFuture<>();
    private @Nullable FollowedRecording recording;
    private boolean broken;
    private boolean scheduled;
    private boolean waiting;
    private boolean completing;
    private boolean closed;
    private long target;
    private long reached;
    private long behindSinceNs;

    Check(Path file, String name, Consumer<Finding> findings) {
      this.file = file;
      this.name = name;
      this.findings =
          finding -> {
            found.increment();
            heard.accept(name, finding);
            findings.accept(finding);
          };
    }

    @Override
    public void advance(long bytes) {
      synchronized (this) {
        if (bytes <= target) {
          return;
        }
        if (target == reached) {
          behindSinceNs = System.nanoTime();
        }
        target = bytes;
      }
      schedule();
    }

    @Override
    public CompletableFuture<Checked> complete(long bytes) {
      synchronized (this) {
        target = Math.max(target, bytes);
        completing = true;
      }
      schedule();
      return result;
    }

    @Override
    public void close() {
      synchronized (this) {
        closed = true;
      }
      schedule();
    }

    private void schedule() {
      synchronized (this) {
        if (scheduled) {
          return;
        }
        scheduled = true;
      }
      execute();
    }

    /// Called by whoever has set `scheduled`: nobody else uses the recording then.
    private void execute() {
      try {
        threads.execute(this::turn);
      } catch (RejectedExecutionException e) {
        // The server stops; the next start begins anew with what is stored.
        release();
      }
    }

    private void turn() {
      long end;
      boolean last;
      boolean gone;
      synchronized (this) {
        waiting = recording == null && !broken && !completing && !closed && engine.isCrowded();
        if (waiting) {
          scheduled = false;
          return;
        }
        end = Math.min(target, reached + TURN_BYTES);
        gone = closed;
        last = completing && end == target;
      }
      if (gone) {
        release();
        return;
      }
      step(end);
      if (last) {
        Checked checked = finish();
        release();
        result.complete(checked);
        return;
      }
      boolean more;
      synchronized (this) {
        reached = end;
        more = reached < target || completing || closed;
        scheduled = more;
        behindSinceNs = System.nanoTime();
      }
      if (more) {
        execute();
      }
    }

    private void step(long end) {
      if (broken) {
        return;
      }
      try {
        FollowedRecording following = recording;
        if (following == null) {
          following =
              FollowedRecording.open(
                  engine,
                  file,
                  name,
                  format,
                  findings,
                  FollowOptions.findingsOnly()
                      .withVerdict(FollowOptions.Digest.SHA256)
                      .withManifest(scratch));
          synchronized (this) {
            recording = following;
          }
        }
        while (following.readable() < end) {
          following.advance(Math.min(end, following.readable() + PIECE_BYTES));
          int streams = following.streams().size();
          if (streams > MAX_STREAMS) {
            throw new IllegalStateException(
                streams + " streams (expected at most " + MAX_STREAMS + ")");
          }
        }
      } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
        // Whatever a stranger sends ends his own checks at most.
        broken(e);
      }
    }

    /// Gives up. What was kept of the part goes at once: it may grow for hours yet, and memory may
    /// be what was short.
    private void broken(Throwable cause) {
      broken = true;
      closeRecording();
      log.problem(name + ": cannot be checked: " + cause);
    }

    private Checked finish() {
      FollowedRecording following = recording;
      if (!broken && following != null) {
        try {
          RecordingResult examined = following.complete();
          VerdictReport.Content content = following.content();
          if (content != null) {
            return new Checked(
                examined.verdict().label(), content.digest(), examined.findings().size());
          }
        } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
          broken(e);
        }
      }
      return new Checked(UNEXAMINED, digest(), 0);
    }

    private String digest() {
      try (InputStream in = Files.newInputStream(file)) {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        byte[] piece = new byte[1 << 16];
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
          sha.update(piece, 0, count);
        }
        return HexFormat.of().formatHex(sha.digest());
      } catch (IOException e) {
        log.problem(file + ": cannot be read: " + e.getMessage());
        return "0".repeat(64);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }

    private void release() {
      open.remove(this);
      closeRecording();
      open.forEach(Check::wake);
    }

    private void closeRecording() {
      FollowedRecording following;
      synchronized (this) {
        following = recording;
        recording = null;
      }
      if (following != null) {
        try {
          following.close();
        } catch (IOException | RuntimeException e) {
          log.problem(name + ": " + e.getMessage());
        }
      }
    }

    private void wake() {
      synchronized (this) {
        if (!waiting) {
          return;
        }
        waiting = false;
      }
      schedule();
    }

    synchronized long checkedBytes() {
      return reached;
    }

    synchronized long lagBytes() {
      return target - reached;
    }

    synchronized long lagNs(long now) {
      return target == reached ? 0 : now - behindSinceNs;
    }

    synchronized List<StreamProgress> streams() {
      FollowedRecording following = recording;
      return following == null ? List.of() : following.streams();
    }
  }
}
