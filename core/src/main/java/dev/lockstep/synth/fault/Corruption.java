package dev.lockstep.synth.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// All faults by name, and the planting of several into one recording.
public final class Corruption {
  private static final List<Fault> ALL =
      Stream.of(
              FileFaults.ALL,
              TableFaults.ALL,
              TimeFaults.ALL,
              PayloadFaults.ALL,
              CloudFaults.ALL,
              MotionFaults.ALL,
              RigFaults.ALL,
              VideoFaults.ALL,
              LabelFaults.ALL,
              SceneFaults.ALL,
              FrameFaults.ALL)
          .flatMap(List::stream)
          .toList();

  private static final Map<String, Fault> BY_NAME = byName();

  private Corruption() {}

  private static Map<String, Fault> byName() {
    Map<String, Fault> faults = new TreeMap<>();
    for (Fault fault : ALL) {
      if (faults.put(fault.name(), fault) != null) {
        throw new IllegalStateException("two faults are named " + fault.name());
      }
    }
    return faults;
  }

  /// All faults, family by family.
  public static List<Fault> all() {
    return ALL;
  }

  /// Names of all faults with a line about each, in order of name.
  public static Map<String, String> names() {
    Map<String, String> lines = new TreeMap<>();
    BY_NAME.forEach((name, fault) -> lines.put(name, fault.summary()));
    return lines;
  }

  /// The fault of that name.
  ///
  /// @throws InapplicableFaultException if there is none; the message lists those there are
  public static Fault named(String name) {
    Fault fault = BY_NAME.get(name);
    if (fault == null) {
      throw new InapplicableFaultException(
          "fault: " + name + " (expected one of " + String.join(", ", BY_NAME.keySet()) + ")");
    }
    return fault;
  }

  /// Plants all faults in messages, one after the other; those in bytes are left for
  /// [#plantInFile].
  ///
  /// @return one an injection, in order of `specs`, with places in the recording as it now is
  /// @throws InapplicableFaultException if one is unknown or finds nothing to damage
  public static List<Injection> plantInTape(Tape tape, List<FaultSpec> specs) {
    List<FaultSpec> planted = new ArrayList<>();
    List<Planted> results = new ArrayList<>();
    for (FaultSpec spec : specs) {
      Fault fault = named(spec.name());
      Request request = new Request(fault, spec);
      Planted result =
          switch (fault) {
            case TapeFault inMessages -> inMessages.planter().plant(tape, request);
            case LabelFault inBoxes ->
                inBoxes.planter().plant(LabelTape.pick(tape, request, inBoxes.needs3d()), request);
            case FileFault inBytes -> null;
            case TableFault inTables -> null;
          };
      if (result != null) {
        planted.add(spec);
        results.add(result);
      }
    }
    List<Injection> injections = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      injections.add(results.get(i).toInjection(planted.get(i), tape, null));
    }
    return injections;
  }

  /// Plants a fault in labels in memory.
  ///
  /// @throws InapplicableFaultException if it is unknown, no fault in labels, or finds nothing to
  ///   damage
  public static Injection plantInLabels(LabelTable table, FaultSpec spec) {
    if (!(named(spec.name()) instanceof LabelFault fault)) {
      throw new InapplicableFaultException("fault: " + spec.name() + " (expected one in labels)");
    }
    Request request = new Request(fault, spec);
    Planted planted = fault.planter().plant(LabelTape.of(table), request);
    table.dropBoxes();
    return planted.toInjection(spec, null, null);
  }

  /// Plants all faults in tables, one after the other, in a text that may be changed.
  ///
  /// @param name what locations call the file
  /// @throws InapplicableFaultException if one is unknown or finds nothing to damage
  /// @throws IOException if the file cannot be read or written
  public static List<Injection> plantInTable(Path file, String name, List<FaultSpec> specs)
      throws IOException {
    List<Injection> injections = new ArrayList<>();
    for (FaultSpec spec : specs) {
      if (named(spec.name()) instanceof TableFault fault) {
        if (!StampedRows.isTable(file)) {
          throw new InapplicableFaultException(
              spec.name() + ": " + name + " is no text whose rows begin with a stamp");
        }
        StampedRows rows = StampedRows.read(file);
        Planted planted = fault.planter().plant(rows, new Request(fault, spec));
        rows.write(file);
        injections.add(planted.toInjection(spec, null, name));
      }
    }
    return injections;
  }

  /// Whether a file is a table that can take faults in tables.
  ///
  /// @throws IOException if it cannot be read
  public static boolean isTable(Path file) throws IOException {
    return StampedRows.isTable(file);
  }

  /// Plants all faults in bytes, one after the other, in a file that may be changed.
  ///
  /// @throws InapplicableFaultException if one is unknown or finds nothing to damage
  /// @throws IOException if the file cannot be read or written
  public static List<Injection> plantInFile(Path file, List<FaultSpec> specs) throws IOException {
    List<Injection> injections = new ArrayList<>();
    for (FaultSpec spec : specs) {
      if (named(spec.name()) instanceof FileFault fault) {
        try (FileImage image = FileImage.open(file)) {
          Planted planted = fault.planter().plant(image, new Request(fault, spec));
          injections.add(planted.toInjection(spec, null, String.valueOf(file.getFileName())));
        }
      }
    }
    return injections;
  }
}
