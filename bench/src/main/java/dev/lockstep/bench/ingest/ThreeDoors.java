package dev.lockstep.bench.ingest;

import dev.lockstep.bench.files.Folders;
import dev.lockstep.catalog.Formats;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.source.Growth;
import dev.lockstep.synth.Injector;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.synth.fault.FaultSpec;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Three doors, one verdict: every fixture, and synthetic drives, through `check` and through
/// `watch`, which must find the same.
///
/// ```text
/// ./lockstep bench doors [ROUNDS [KILLS]]
/// ```
///
/// Prints a table and exits with 1 if any finding differs. Each round takes every recording through
/// each door, with another seed; in the rounds of the door that is killed, KILLS times each.
public final class ThreeDoors {
  /// What is planted in the synthetic drives, one after the other; some cannot be told before the
  /// end of the file, or only from what follows.
  private static final List<List<String>> PLANTED =
      List.of(
          List.of("drop-messages", "flip-chunk-bit"),
          List.of("frozen-image", "truncate-mid-record"),
          List.of("clock-offset", "zero-page"),
          List.of("sequence-gap", "append-junk"),
          List.of("stuck-stamp", "destroy-length"));

  private ThreeDoors() {}

  /// What a comparison gave.
  ///
  /// @param recordings recordings that went through both doors
  /// @param findings findings of the first door
  /// @param differences what differs, in words
  public record Outcome(int recordings, long findings, List<String> differences) {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    int kills = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    Path scratch = Files.createTempDirectory("lockstep-doors-");
    boolean same = true;
    try (PrintWriter out =
        new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)) {
      List<Door.Source> drives = drives(Path.of("fixtures"), scratch.resolve("drives"), 3);
      out.println("door          round  recordings  findings  different  killed  printed again");
      for (int round = 1; round <= rounds; round++) {
        for (WatchDoor door : List.of(new WatchDoor(0, 20), new WatchDoor(kills, 40))) {
          Path folder = scratch.resolve("round-" + round + "-" + door.killed() + door.name());
          Outcome outcome =
              compare(new CheckDoor(), door, drives, round, Files.createDirectories(folder));
          Folders.delete(folder);
          out.printf(
              "%-13s %5d  %10d  %8d  %9d  %6d  %13d%n",
              door.name(),
              round,
              outcome.recordings(),
              outcome.findings(),
              outcome.differences().size(),
              door.killed(),
              door.printedTwice());
          outcome.differences().forEach(out::println);
          same &= outcome.differences().isEmpty();
        }
      }
    } finally {
      Folders.delete(scratch);
    }
    if (!same) {
      throw new IllegalStateException("the doors differ");
    }
  }

  /// The fixtures, and `count` synthetic drives with faults planted in them, made below `scratch`.
  ///
  /// @throws IOException if one cannot be read or made
  public static List<Door.Source> drives(Path fixtures, Path scratch, int count)
      throws IOException {
    List<Door.Source> drives = new ArrayList<>();
    for (Recording each : new RecordingFinder(Formats.ALL).find(fixtures).recordings()) {
      Path relative = fixtures.relativize(each.path());
      // fixtures/FORMAT/CASE/...: files that refer to each other lie in one case.
      Path root = fixtures.resolve(relative.subpath(0, 2));
      boolean alone = each.format().growth(each.path()) != Growth.UNREADABLE;
      drives.add(
          new Door.Source(
              relative.toString().replace('/', '-'),
              alone ? each.path() : root,
              alone ? "" : root.relativize(each.path()).toString(),
              each.format()));
    }
    Files.createDirectories(scratch);
    for (int i = 0; i < count; i++) {
      Path file = scratch.resolve("synthetic-" + i + ".mcap");
      long seed = 100L + i;
      Injector.drive(
          file,
          SynthOptions.DEFAULT.withSeed(seed).withSeconds(6),
          McapSettings.DEFAULT.withCompression(
              McapSettings.COMPRESSIONS.get(i % McapSettings.COMPRESSIONS.size())),
          PLANTED.get(i % PLANTED.size()).stream().map(name -> FaultSpec.of(name, seed)).toList());
      drives.add(source(file));
    }
    return drives;
  }

  private static Door.Source source(Path file) throws IOException {
    Recording recording = new RecordingFinder(Formats.ALL).find(file).recordings().getFirst();
    return new Door.Source(String.valueOf(file.getFileName()), file, "", recording.format());
  }

  /// Takes `drives` through two doors.
  public static Outcome compare(
      Door first, Door second, List<Door.Source> drives, long seed, Path scratch)
      throws IOException, InterruptedException {
    Map<String, List<String>> expected =
        first.findings(drives, seed, Files.createDirectories(scratch.resolve("first")));
    Map<String, List<String>> found =
        second.findings(drives, seed, Files.createDirectories(scratch.resolve("second")));
    List<String> differences = new ArrayList<>();
    long findings = 0;
    for (Map.Entry<String, List<String>> each : expected.entrySet()) {
      findings += each.getValue().size();
      List<String> other = found.get(each.getKey());
      if (other == null) {
        differences.add(each.getKey() + ": no verdict from " + second.name());
        continue;
      }
      List<String> missing = new ArrayList<>(each.getValue());
      other.forEach(missing::remove);
      List<String> added = new ArrayList<>(other);
      each.getValue().forEach(added::remove);
      missing.forEach(
          line -> differences.add(each.getKey() + ": not from " + second.name() + ": " + line));
      added.forEach(
          line -> differences.add(each.getKey() + ": only from " + second.name() + ": " + line));
    }
    return new Outcome(expected.size(), findings, differences);
  }
}
