package dev.lockstep.sidecar;

import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Verdict;
import dev.lockstep.engine.Engine;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.model.Order;
import dev.lockstep.ops.PartStatus;
import dev.lockstep.ops.ServiceLog;
import dev.lockstep.ops.ServiceManager;
import dev.lockstep.ops.ServiceMonitor;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Watches folders until it is told to stop: follows each recording in them, and says as JSON Lines
/// what it finds, what goes wrong around it, and the verdict on each that is complete.
///
/// One thread does everything except for the scanning, which the engine's threads do. At most
/// [#MAX_FOLLOWED] recordings are followed at a time; others wait for their turn.
public final class Sidecar implements AutoCloseable {
  /// Recordings that are followed at a time; each costs two open files and the state of the checks.
  public static final int MAX_FOLLOWED = 64;

  /// How often files are looked at. Judged: a finding within a third of a second, at 0.1 % of a
  /// core for looking.
  private static final long TICK_MILLIS = 250;

  /// A folder of files is looked at this much less often than its looking takes.
  private static final int FOLDER_SHARE = 20;

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final WatchOptions options;
  private final Engine engine;
  private final ServiceMonitor monitor;
  private final ServiceManager manager;
  private final ServiceLog log;
  private final InstantSource clock;
  private final FolderScan scan;
  private final Memory memory = new Memory();
  private final EventJournal journal;
  private final FindingEvents findings;
  private final Conditions conditions;
  private final Surroundings surroundings;
  private final Map<String, WatchedRecording> followed = new LinkedHashMap<>();
  private final Map<String, Long> nextLookNanos = new TreeMap<>();
  private final Map<String, String> failed = new TreeMap<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final LossesOfParts losses = new LossesOfParts();
  private volatile boolean stopping;
  private boolean completed;
  private List<Path> missing = List.of();
  private int waiting;

  /// A sidecar that has not started yet; what an earlier one did not print is printed now.
  ///
  /// @param out takes events, one line each without its end
  /// @throws IOException if the state folder cannot be used
  /// @throws IllegalArgumentException if the options contradict each other
  public Sidecar(
      WatchOptions options,
      List<SourceFormat> formats,
      Engine engine,
      ServiceMonitor monitor,
      ServiceManager manager,
      ServiceLog log,
      InstantSource clock,
      Consumer<String> out)
      throws IOException {
    this.options = options;
    this.engine = engine;
    this.monitor = monitor;
    this.manager = manager;
    this.log = log;
    this.clock = clock;
    this.journal = EventJournal.open(options.state(), clock, out, memory::read);
    this.findings = new FindingEvents(memory, journal, monitor);
    this.scan =
        new FolderScan(
            formats,
            options.folders(),
            options.state(),
            System::nanoTime,
            new JoinedFolders(options, memory, followed::containsKey, failed::containsKey, clock));
    this.conditions = new Conditions(journal, monitor, log, memory.raised(), System.nanoTime());
    this.surroundings = new Surroundings(options, journal, conditions, monitor);
  }

  /// How a watch ended.
  ///
  /// @param worst worst verdict among the recordings that are complete
  /// @param incomplete whether part of one could not be examined
  public record Outcome(Verdict worst, boolean incomplete) {}

  /// Watches until [#stop], or with `once` until everything is complete that can be read.
  public Outcome run() {
    try {
      manager.ready("watching " + options.folders().size() + " folders");
      log.info("watching", "folders", options.folders(), "state", options.state());
      long searchedNanos = System.nanoTime() - options.rescan().toNanos();
      boolean told = true;
      boolean more = false;
      while (!stopping) {
        long nowNanos = System.nanoTime();
        // A recording that is complete may complete the folder that it lies in.
        if (told || completed || nowNanos - searchedNanos >= options.rescan().toNanos()) {
          completed = false;
          search(nowNanos);
          searchedNanos = nowNanos;
        }
        more = round();
        if (options.once()
            && waiting == 0
            && !completed
            && failed.keySet().containsAll(followed.keySet())
            && journal.failure().isEmpty()) {
          break;
        }
        told = scan.await(more ? 1 : TICK_MILLIS);
      }
      drain();
      return outcome();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return outcome();
    } finally {
      manager.stopping();
      ended.countDown();
    }
  }

  /// Tells [#run] to end; what is complete by then is still sealed.
  public void stop() {
    stopping = true;
  }

  /// Waits until [#run] has ended.
  ///
  /// @return whether it has within `seconds`
  public boolean awaitEnd(long seconds) throws InterruptedException {
    return ended.await(seconds, TimeUnit.SECONDS);
  }

  private Outcome outcome() {
    Verdict worst = Verdict.CLEAN;
    boolean incomplete = !failed.isEmpty();
    for (String name : memory.sealedNames()) {
      Memory.Sealed sealed = memory.sealed(name);
      if (sealed != null) {
        incomplete |= sealed.incomplete();
        for (Verdict verdict : Verdict.values()) {
          if (verdict.label().equals(sealed.verdict()) && verdict.compareTo(worst) > 0) {
            worst = verdict;
          }
        }
      }
    }
    return new Outcome(worst, incomplete);
  }

  /// Looks for recordings that have come, gone, or changed since they were complete.
  private void search(long nowNanos) {
    List<FolderScan.Found> found = scan.search();
    missing = scan.missing();
    Set<String> present = new HashSet<>();
    waiting = 0;
    long wallNs = wallNs();
    for (FolderScan.Found each : found) {
      String name = each.path().toString();
      present.add(name);
      WatchedRecording known = followed.get(name);
      if (known != null && known.format().equals(each.format())) {
        continue;
      }
      try {
        if (known != null) {
          // What has come since says that it is something else: what was told must be told again.
          leave(name);
          log.info("read anew", "recording", name, "format", each.format().name());
        }
        FileState state = FileState.of(each.path(), each.format());
        Memory.Sealed sealed = memory.sealed(name);
        if (sealed != null && sealed.state().equals(state)) {
          continue;
        }
        if (followed.size() >= MAX_FOLLOWED) {
          waiting++;
          continue;
        }
        if (sealed != null) {
          // It was complete, and goes on after all.
          memory.reopen(name);
          journal.replay(name, memory::retell);
          if (options.follow().verdict()) {
            Files.deleteIfExists(ManifestFiles.verdictOf(each.path()));
          }
          log.info("goes on", "recording", name);
        }
        findings.begin(name);
        followed.put(
            name,
            new WatchedRecording(
                each.path(),
                name,
                each.format(),
                engine,
                options.follow(),
                state,
                losses.of(each.path()),
                nowNanos,
                wallNs));
      } catch (IOException e) {
        log.warn("cannot be looked at", "recording", name, "cause", String.valueOf(e.getMessage()));
      }
    }
    for (String name : memory.names()) {
      if (!present.contains(name) && !followed.containsKey(name)) {
        gone(name, present);
      }
    }
    for (String name : List.copyOf(followed.keySet())) {
      if (!present.contains(name)) {
        leave(name);
        gone(name, present);
      }
    }
    failed.keySet().retainAll(present);
  }

  private void gone(String name, Set<String> present) {
    Path path = Path.of(name);
    String whole = wholeOf(path, present);
    boolean elsewhere =
        !whole.isEmpty() || present.stream().anyMatch(each -> Path.of(each).startsWith(path));
    // A closed part of a split recording keeps its own: who waited for it may be at work.
    boolean keeps = !whole.isEmpty() && scan.isReadableMeanwhile(path);
    if (elsewhere && !keeps && memory.sealed(name) != null && options.follow().verdict()) {
      // It is part of a larger recording now, or its parts are recordings: these have verdicts.
      try {
        Files.deleteIfExists(ManifestFiles.verdictOf(path));
        if (options.follow().manifest()) {
          Files.deleteIfExists(ManifestFiles.of(path));
        }
      } catch (IOException e) {
        log.warn("stays", "verdict", name, "cause", String.valueOf(e.getMessage()));
      }
    }
    memory.forget(name);
    findings.forget(name);
    Json fields = new Json().text("recording", name).textIfAny("part_of", whole);
    journal.append("gone", fields.toString());
    monitor.partGone(name);
    log.info("gone", "recording", name, "part_of", whole);
  }

  /// The recording that a path lies in, or empty.
  private static String wholeOf(Path path, Set<String> present) {
    for (Path above = path.getParent(); above != null; above = above.getParent()) {
      if (present.contains(above.toString())) {
        return above.toString();
      }
    }
    return "";
  }

  private void leave(String name) {
    WatchedRecording recording = followed.remove(name);
    nextLookNanos.remove(name);
    if (recording != null) {
      try {
        recording.close();
      } catch (IOException e) {
        log.warn("cannot be closed", "recording", name, "cause", String.valueOf(e.getMessage()));
      }
    }
  }

  /// Looks at every recording once.
  ///
  /// @return whether there is more to read at once
  private boolean round() {
    boolean more = false;
    journal.flush();
    double lag = 0;
    double stalled = 0;
    for (WatchedRecording each : List.copyOf(followed.values())) {
      if (journal.isStuck()) {
        break;
      }
      long nowNanos = System.nanoTime();
      if (nowNanos < nextLookNanos.getOrDefault(each.name(), Long.MIN_VALUE)) {
        continue;
      }
      more |= step(each, nowNanos);
      lag = Math.max(lag, each.behindFor(nowNanos) / 1e9);
      if (followed.containsKey(each.name())) {
        stalled = Math.max(stalled, each.unchangedFor(nowNanos) / 1e9);
      }
    }
    surroundings.look(missing, failed);
    conditions.settle(System.nanoTime());
    monitor.metrics().lag(lag);
    monitor.metrics().stalled(stalled);
    monitor.alerts().tick();
    monitor.beat();
    manager.beat(clock.millis());
    return more;
  }

  private boolean step(WatchedRecording recording, long nowNanos) {
    String name = recording.name();
    try {
      monitor.metrics().received(recording.look(nowNanos, wallNs()));
      WatchedRecording.Step step = recording.judge(options, nowNanos);
      findings.tell(recording);
      if (step == WatchedRecording.Step.ENDED) {
        complete(recording);
        return false;
      }
      if (Files.isDirectory(recording.path())) {
        long tookNanos = System.nanoTime() - nowNanos;
        nextLookNanos.put(name, nowNanos + Math.max(SECOND_NANOS, FOLDER_SHARE * tookNanos));
      }
      surroundings.watch(recording, nowNanos, wallNs());
      show(recording, PartStatus.State.OPEN, "", memory.count(name));
      if (failed.remove(name) != null) {
        log.info("can be read again", "recording", name);
      }
      return step == WatchedRecording.Step.MORE;
    } catch (IOException | UncheckedIOException e) {
      fail(recording, e);
      return false;
    } catch (RuntimeException | InternalError | OutOfMemoryError | StackOverflowError e) {
      // A defect of ours, or memory that went away in an unguarded place: all others go on, and
      // this one is followed anew after the next search.
      fail(recording, e);
      leave(name);
      return false;
    }
  }

  private void fail(WatchedRecording recording, Throwable e) {
    String cause = e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString();
    if (!cause.equals(failed.put(recording.name(), cause))) {
      log.warn("cannot be followed", "recording", recording.name(), "cause", cause);
    }
    show(recording, PartStatus.State.FAILED, "", memory.count(recording.name()));
    // Another look soon: files vanish and disks fill up, and both may pass.
    nextLookNanos.put(recording.name(), System.nanoTime() + SECOND_NANOS);
  }

  private void complete(WatchedRecording recording) throws IOException {
    String name = recording.name();
    FileState state = recording.state();
    if (recording.beginsAnew()) {
      findings.begin(name);
    }
    RecordingResult result = recording.complete();
    findings.tell(recording);
    findings.end(recording, result);
    journal.append(
        "verdict",
        new Json()
            .text("recording", name)
            .text("verdict", result.verdict().label())
            .truth("incomplete", result.incomplete())
            .number("findings", result.findings().size())
            .number("size_bytes", state.sizeBytes())
            .number("files", state.files())
            .number("modified_ns", state.modifiedNs())
            .text("file", state.file())
            .toString());
    journal.force();
    memory.seal(name, new Memory.Sealed(state, result.verdict().label(), result.incomplete()));
    surroundings.completed(recording);
    losses.completed(recording.path(), recording.attribution());
    completed = true;
    show(recording, PartStatus.State.SEALED, result.verdict().label(), result.findings().size());
    log.info(
        "complete",
        "recording",
        name,
        "verdict",
        result.verdict().label(),
        "findings",
        result.findings().size());
    leave(name);
  }

  private void show(
      WatchedRecording recording, PartStatus.State state, String verdict, int findings) {
    String name = recording.name();
    long size = recording.state().sizeBytes();
    monitor.part(
        new PartStatus(
            name,
            name,
            state,
            size,
            -1,
            state == PartStatus.State.SEALED ? size : recording.checkedBytes(),
            verdict,
            findings));
    monitor.streams(name, recording.streams());
  }

  /// Takes what has come meanwhile, and seals what is complete; the rest goes on at the next start.
  private void drain() {
    List<WatchedRecording> left = new ArrayList<>(followed.values());
    left.sort(Order.by(WatchedRecording::name));
    for (WatchedRecording each : left) {
      long nowNanos = System.nanoTime();
      for (boolean more = true; more && !journal.isStuck(); ) {
        more = step(each, nowNanos) && followed.containsKey(each.name());
      }
      leave(each.name());
    }
    journal.flush();
    log.info("ended", "unfinished", left.size());
  }

  private long wallNs() {
    return clock.millis() * 1_000_000L;
  }

  @Override
  public void close() throws IOException {
    for (String name : List.copyOf(followed.keySet())) {
      leave(name);
    }
    scan.close();
    journal.close();
  }
}
