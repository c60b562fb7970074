package dev.lockstep.synth;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.model.Location;
import dev.lockstep.model.Span;
import dev.lockstep.synth.encode.LabelCoding;
import dev.lockstep.synth.fault.Corruption;
import dev.lockstep.synth.fault.Fault;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.fault.InapplicableFaultException;
import dev.lockstep.synth.fault.Injection;
import dev.lockstep.synth.fault.Tape;
import dev.lockstep.synth.fault.TapeRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Plants faults in a copy of a recording and writes what should be found beside it.
///
/// An MCAP file takes every fault: it is read message by message, written anew in a layout like its
/// own, and then damaged in its bytes. If only bytes are to be damaged, the copy is exact
/// otherwise. Of other files and of folders, KITTI label files take faults in labels, tables of
/// text those in tables, and any file takes faults in bytes.
public final class Injector {
  /// Name of the file that says what should be found.
  public static final String EXPECTED = "expected.json";

  private Injector() {}

  /// Plants `faults` in a copy of `input` inside `folder`.
  ///
  /// @param input an MCAP file, any other file, or a folder; not changed
  /// @param folder made if it does not exist; receives the damaged copy under its own name, and
  ///   [#EXPECTED]
  /// @return one an injection: those in messages and labels first, then those in bytes
  /// @throws InapplicableFaultException if a fault is unknown, wrongly set, or finds nothing to
  ///   damage, in words for a user
  /// @throws IOException if a file cannot be read or written, or is no sound MCAP file
  public static List<Injection> inject(Path input, List<FaultSpec> faults, Path folder)
      throws IOException {
    for (FaultSpec spec : faults) {
      Corruption.named(spec.name());
    }
    Path name = input.toAbsolutePath().normalize().getFileName();
    if (name == null) {
      throw new InapplicableFaultException("input: " + input + " (expected a file or folder)");
    }
    Files.createDirectories(folder);
    Path output = folder.resolve(name.toString());
    if (Files.exists(output) && Files.isSameFile(output, input)) {
      throw new InapplicableFaultException("output would overwrite the input: " + output);
    }
    List<Injection> injections = new ArrayList<>();
    boolean inMessages =
        faults.stream()
            .map(Injector::kindOf)
            .anyMatch(kind -> kind != Fault.Kind.BYTES && kind != Fault.Kind.TABLES);
    if (Files.isDirectory(input)) {
      injections.addAll(injectFolder(input, faults, output));
    } else {
      if (inMessages && name.toString().endsWith(".txt")) {
        Files.copy(input, output, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        injections.addAll(KittiLabels.plant(output, output, faults));
      } else if (inMessages) {
        injections.addAll(rewrite(input, faults, output));
      } else {
        Files.copy(input, output, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
      injections.addAll(Corruption.plantInTable(output, output.getFileName().toString(), faults));
      injections.addAll(Corruption.plantInFile(output, faults));
    }
    Files.writeString(
        folder.resolve(EXPECTED), expectedJson(output.getFileName().toString(), injections));
    return injections;
  }

  private static Fault.Kind kindOf(FaultSpec spec) {
    return Corruption.named(spec.name()).kind();
  }

  private static List<Injection> rewrite(Path input, List<FaultSpec> faults, Path output)
      throws IOException {
    try (McapInput in = new McapInput(input)) {
      Tape tape = in.tape();
      List<Injection> injections = Corruption.plantInTape(tape, faults);
      try (McapOutput out = new McapOutput(output, in.settings())) {
        tape.streams().forEach(out::stream);
        in.copyExtras(out);
        write(tape, out);
        out.finish();
      }
      return injections;
    }
  }

  /// Writes a drive with faults, without reading it back: the drive is held in memory.
  ///
  /// @param file the MCAP file to write
  /// @throws InapplicableFaultException if a fault is unknown or finds nothing to damage
  /// @throws IOException if the file cannot be written
  public static List<Injection> drive(
      Path file, SynthOptions options, McapSettings settings, List<FaultSpec> faults)
      throws IOException {
    return drive(file, options, settings, LabelCoding.JSON, faults);
  }

  /// The same with labels in another coding, after faults were planted in them.
  public static List<Injection> drive(
      Path file,
      SynthOptions options,
      McapSettings settings,
      LabelCoding labels,
      List<FaultSpec> faults)
      throws IOException {
    List<Injection> injections;
    try (RecordingOutput out = new RecodedLabels(new McapOutput(file, settings), labels)) {
      injections = new ArrayList<>(drive(out, options, faults));
    }
    injections.addAll(Corruption.plantInFile(file, faults));
    return injections;
  }

  /// Writes a drive with faults in its messages to any output, and finishes that.
  ///
  /// @throws InapplicableFaultException if a fault is unknown or finds nothing to damage
  /// @throws IOException if the output cannot be written
  public static List<Injection> drive(
      RecordingOutput out, SynthOptions options, List<FaultSpec> faults) throws IOException {
    Drive drive = new Drive(options);
    Tape tape = tape(drive);
    List<Injection> injections = Corruption.plantInTape(tape, faults);
    SynthRun.begin(out, drive, options);
    write(tape, out);
    out.finish();
    return injections;
  }

  /// A drive as rows that can be edited; payloads are held in memory.
  public static Tape tape(Drive drive) {
    List<byte[]> payloads = new ArrayList<>();
    Tape tape = new Tape(drive.streams(), key -> payloads.get((int) key).clone());
    drive.forEach(message -> {
      tape.add(
          message.stream(),
          payloads.size(),
          message.stampNs(),
          message.logTimeNs(),
          message.publishTimeNs(),
          message.sequence());
      payloads.add(message.payload());
    });
    return tape;
  }

  private static void write(Tape tape, RecordingOutput out) throws IOException {
    for (TapeRow row : tape.rows()) {
      out.message(
          row.stream(),
          row.sequence,
          row.logTimeNs,
          row.publishTimeNs,
          ByteBuffer.wrap(tape.payload(row)));
    }
  }

  /// Faults in labels go to one label file, those in tables to one table and faults in bytes to one
  /// file each, by seed.
  private static List<Injection> injectFolder(Path input, List<FaultSpec> faults, Path output)
      throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(input)) {
      for (Path from : (Iterable<Path>) walk.sorted()::iterator) {
        Path to = output.resolve(input.relativize(from).toString());
        if (Files.isDirectory(from)) {
          Files.createDirectories(to);
        } else {
          Files.copy(from, to, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
          files.add(to);
        }
      }
    }
    List<Injection> injections = new ArrayList<>();
    for (FaultSpec spec : faults) {
      Fault.Kind kind = kindOf(spec);
      List<Path> fit = new ArrayList<>();
      for (Path file : files) {
        if (takes(kind, file)) {
          fit.add(file);
        }
      }
      if (fit.isEmpty()) {
        throw new InapplicableFaultException(
            spec.name() + ": folder holds no file that can take it: " + input);
      }
      Path file = fit.get((int) Math.floorMod(spec.seed(), (long) fit.size()));
      injections.addAll(
          switch (kind) {
            case BYTES -> Corruption.plantInFile(file, List.of(spec));
            case TABLES ->
                Corruption.plantInTable(file, output.relativize(file).toString(), List.of(spec));
            case TIME, PAYLOAD, LABELS -> KittiLabels.plant(file, output, List.of(spec));
          });
    }
    return injections;
  }

  private static boolean takes(Fault.Kind kind, Path file) throws IOException {
    return switch (kind) {
      case BYTES -> true;
      case TABLES -> Corruption.isTable(file) && !KittiLabels.isLabelFile(file);
      case TIME, PAYLOAD, LABELS -> KittiLabels.isLabelFile(file);
    };
  }

  /// What was planted and should be found, as JSON with one line a value.
  public static String expectedJson(String recording, List<Injection> injections) {
    JsonMapper mapper = JsonMapper.builder().build();
    ObjectNode root = mapper.createObjectNode();
    root.put("recording", recording);
    ArrayNode list = root.putArray("injections");
    for (Injection injection : injections) {
      ObjectNode node = list.addObject();
      node.put("fault", injection.spec().toString());
      node.put("seed", injection.spec().seed());
      node.put("effective", injection.effective());
      node.put("what", injection.what());
      injection.expected().forEach(node.putArray("expected")::add);
      injection.consequences().forEach(node.putArray("consequences")::add);
      location(node.putObject("location"), injection.location());
    }
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(lines);
    printer.indentArraysWith(lines);
    try {
      return mapper.writer(printer).writeValueAsString(root) + "\n";
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("tree that cannot be written", e);
    }
  }

  private static void location(ObjectNode node, Location at) {
    if (at.file() != null) {
      node.put("file", at.file());
    }
    if (at.bytes() != null) {
      node.put("offset_bytes", at.bytes().offsetBytes());
      node.put("length_bytes", at.bytes().lengthBytes());
    }
    if (at.stream() != null) {
      node.put("stream", at.stream());
    }
    span(node, "message", at.messages());
    span(node, "stamp_ns", at.stampsNs());
    if (at.track() != null) {
      node.put("track", at.track());
    }
    span(node, "frame", at.frames());
  }

  private static void span(ObjectNode node, String name, @Nullable Span span) {
    if (span != null) {
      node.put("first_" + name, span.first());
      node.put("last_" + name, span.last());
    }
  }
}
