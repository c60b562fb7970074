package dev.lockstep.synth;

import dev.lockstep.model.Location;
import dev.lockstep.model.Times;
import dev.lockstep.synth.encode.Schema;
import dev.lockstep.synth.fault.Corruption;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.fault.Injection;
import dev.lockstep.synth.fault.StreamSpec;
import dev.lockstep.synth.fault.Tape;
import dev.lockstep.synth.fault.TapeRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Plants faults in KITTI tracking label files: one text file a sequence, one line a box, of which
/// the lines of a frame are taken as one message.
final class KittiLabels {
  private static final int COLUMNS = 17;

  private KittiLabels() {}

  /// Whether a file looks like labels of a sequence.
  static boolean isLabelFile(Path file) throws java.io.UncheckedIOException {
    if (!file.toString().endsWith(".txt")) {
      return false;
    }
    try (java.io.BufferedReader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      String line = in.readLine();
      return line != null
          && line.strip().split(" +", -1).length >= COLUMNS
          && line.strip().matches("\\d+ -?\\d+ [A-Za-z_]+ .*");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// Damages a label file in place.
  ///
  /// @param root what locations are relative to
  static List<Injection> plant(Path file, Path root, List<FaultSpec> faults) throws IOException {
    Map<Long, StringBuilder> frames = new TreeMap<>();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      if (!line.isBlank()) {
        long frame = Long.parseLong(line.strip().split(" ", 2)[0]);
        frames.computeIfAbsent(frame, f -> new StringBuilder()).append(line).append('\n');
      }
    }
    Schema schema = new Schema("kitti", "", "kitti-label-lines", new byte[0]);
    String name =
        root.equals(file) ? file.getFileName().toString() : root.relativize(file).toString();
    Tape tape =
        new Tape(
            List.of(new StreamSpec(name, schema)),
            key ->
                frames
                    .getOrDefault(key, new StringBuilder())
                    .toString()
                    .getBytes(StandardCharsets.UTF_8));
    if (!frames.isEmpty()) {
      // Frames without a line are frames all the same.
      long last = frames.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
      for (long frame = 0; frame <= last; frame++) {
        tape.add(0, frame, Times.NONE, frame, frame, 0);
      }
    }
    List<Injection> injections = Corruption.plantInTape(tape, faults);
    StringBuilder out = new StringBuilder();
    for (TapeRow row : tape.rows()) {
      out.append(new String(tape.payload(row), StandardCharsets.UTF_8));
    }
    Files.writeString(file, out);
    return injections.stream().map(injection -> inFile(injection, name)).toList();
  }

  /// Labels have no messages: what tells the place is file, track and frames.
  private static Injection inFile(Injection injection, String file) {
    Location at = injection.location();
    return new Injection(
        injection.spec(),
        injection.effective(),
        injection.what(),
        new Location(file, null, null, null, null, at.track(), at.frames()),
        injection.expected(),
        injection.consequences());
  }
}
