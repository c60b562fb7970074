package dev.lockstep.synth.fault;

import java.util.List;

/// A named way of damaging a recording, of which the effect and the check that should find it are
/// known exactly. Immutable and stateless; which message is hit follows from the seed.
public sealed interface Fault permits TapeFault, LabelFault, FileFault, TableFault {
  /// Short name in kebab case.
  String name();

  /// What it is about.
  Kind kind();

  /// One line: what it does.
  String summary();

  /// What can be set, `stream` and `at` aside.
  List<Parameter> parameters();

  /// Families of faults.
  enum Kind {
    /// The file's bytes, whatever they mean.
    BYTES,
    /// Stamps, times, counters, and messages that are missing.
    TIME,
    /// What one message holds.
    PAYLOAD,
    /// Labelled boxes.
    LABELS,
    /// Tables of text in a folder.
    TABLES
  }

  /// A number that a fault can be given.
  ///
  /// @param name kebab case
  /// @param unit unit, empty for counts and ratios
  /// @param value default, judged to be plain to see without being absurd
  record Parameter(String name, String unit, double value) {}
}
