package dev.lockstep.bench.ingest;

import dev.lockstep.synth.ReplayRecorder.Habit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `lockstep watch` beside a recorder that writes the recordings at random paces, each with the
/// habits of another writer, both as processes of their own. With `kills`, the sidecar is killed
/// while it is at work, again and again, and goes on.
public final class WatchDoor implements Door {
  private static final Pattern EVENT =
      Pattern.compile("\\{\"seq\":(\\d+),\"event\":\"(\\w+)\",.*?\"recording\":\"([^\"]*)\".*");

  private final int kills;
  private final long mostPauseMillis;
  private int killed;
  private long printedTwice;

  /// @param kills how often the sidecar is killed
  /// @param mostPauseMillis longest pause of the recorder between two pieces
  public WatchDoor(int kills, long mostPauseMillis) {
    this.kills = kills;
    this.mostPauseMillis = mostPauseMillis;
  }

  @Override
  public String name() {
    return kills == 0 ? "watch" : "watch, killed";
  }

  /// How often it was killed so far.
  public int killed() {
    return killed;
  }

  /// Lines that were printed again after a kill, under the same number.
  public long printedTwice() {
    return printedTwice;
  }

  @Override
  public Map<String, List<String>> findings(List<Source> drives, long seed, Path scratch)
      throws IOException, InterruptedException {
    Path folder = Files.createDirectories(scratch.resolve("recordings"));
    Path state = scratch.resolve("state");
    Path out = scratch.resolve("out.jsonl");
    Path err = scratch.resolve("err.txt");
    Files.createFile(out);
    Random random = new Random(seed);
    Map<String, String> nameOf = new TreeMap<>();
    Path jobs = scratch.resolve("jobs");
    Files.writeString(jobs, jobs(drives, folder, random, nameOf));
    Process recorder =
        Children.shortLived(
                Children.java("-Xmx256m", "dev.lockstep.synth.ReplayRecorder", jobs.toString()))
            .redirectError(ProcessBuilder.Redirect.appendTo(err.toFile()))
            .start();
    Process sidecar = watch(folder, state, out, err);
    try {
      for (int i = 0; i < kills; i++) {
        Thread.sleep(300 + random.nextInt(2500));
        sidecar.destroyForcibly().waitFor();
        killed++;
        sidecar = watch(folder, state, out, err);
      }
      Children.succeed(recorder, "the recorder");
      // What is written is whole now: another one takes over and ends when all is complete.
      sidecar.destroy();
      sidecar.waitFor();
      sidecar = watch(folder, state, out, err, "--once");
      int exit = sidecar.waitFor();
      if (exit != 0 && exit != 1 && exit != 3) {
        throw new IOException("watch ended with " + exit + ": " + Files.readString(err));
      }
    } finally {
      recorder.destroyForcibly().waitFor();
      sidecar.destroyForcibly().waitFor();
    }
    compareWithJournal(out, state.resolve("events.jsonl"));
    return findings(state.resolve("events.jsonl"), nameOf);
  }

  private static Process watch(Path folder, Path state, Path out, Path err, String... more)
      throws IOException {
    ProcessBuilder watch = Children.watch(folder, state, out, err, "--nice", "0");
    watch.command().addAll(List.of(more));
    return Children.shortLived(watch).start();
  }

  private String jobs(List<Source> drives, Path folder, Random random, Map<String, String> nameOf) {
    StringBuilder jobs = new StringBuilder();
    Habit[] habits = Habit.values();
    for (Source drive : drives) {
      Path own = folder.resolve(drive.name());
      // A file keeps its name, which findings carry.
      Path target = own.resolve(String.valueOf(drive.root().getFileName()));
      try {
        Files.createDirectories(own);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      jobs.append(habits[random.nextInt(habits.length)])
          .append('\t')
          .append(random.nextLong())
          .append('\t')
          .append(mostPauseMillis)
          .append('\t')
          .append(drive.root().toAbsolutePath())
          .append('\t')
          .append(target)
          .append('\n');
      nameOf.put(
          (drive.recording().isEmpty() ? target : target.resolve(drive.recording())).toString(),
          drive.name());
    }
    return jobs.toString();
  }

  /// Every event must have been printed, and none changed.
  private void compareWithJournal(Path out, Path journal) throws IOException {
    List<String> lines = Files.readAllLines(out);
    List<String> events = Files.readAllLines(journal);
    Map<Long, String> printed = new TreeMap<>();
    for (String line : lines) {
      Matcher event = EVENT.matcher(line);
      if (event.matches()) {
        String before = printed.put(Long.parseLong(event.group(1)), line);
        if (before != null && !before.equals(line)) {
          throw new IOException("printed differently: " + before + " and " + line);
        }
        printedTwice += before == null ? 0 : 1;
      }
    }
    for (String event : events) {
      Matcher parts = EVENT.matcher(event);
      if (parts.matches() && !event.equals(printed.get(Long.parseLong(parts.group(1))))) {
        throw new IOException("not printed: " + event);
      }
    }
  }

  private static Map<String, List<String>> findings(Path journal, Map<String, String> nameOf)
      throws IOException {
    Map<String, List<String>> found = new TreeMap<>();
    // What looked like a recording before the rest of it came is gone in the end.
    Map<String, String> unexpected = new TreeMap<>();
    for (String line : Files.readAllLines(journal)) {
      Matcher event = EVENT.matcher(line);
      if (!event.matches()) {
        continue;
      }
      String name = nameOf.get(event.group(3));
      if (name == null) {
        if (event.group(2).equals("gone")) {
          unexpected.remove(event.group(3));
        } else {
          unexpected.putIfAbsent(event.group(3), line);
        }
        continue;
      }
      switch (event.group(2)) {
        case "finding" ->
            found.computeIfAbsent(name, key -> new ArrayList<>()).add(Findings.ofJson(line));
        case "retracted" -> {
          String id = line.substring(line.indexOf("\"id\":\""));
          String start = id.substring(0, id.indexOf('"', 6) + 1);
          List<String> known = found.getOrDefault(name, List.of());
          known.stream()
              .filter(each -> each.startsWith(start))
              .reduce((a, b) -> b)
              .ifPresent(known::remove);
        }
        case "verdict" -> found.computeIfAbsent(name, key -> new ArrayList<>());
        case "gone" -> found.remove(name);
        default -> {}
      }
    }
    if (!unexpected.isEmpty()) {
      throw new IOException("unexpected recordings: " + unexpected.values());
    }
    found.values().forEach(each -> each.sort(null));
    return found;
  }
}
