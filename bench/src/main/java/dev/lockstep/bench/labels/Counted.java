package dev.lockstep.bench.labels;

import java.util.ArrayList;
import java.util.List;

/// What was planted and found of one class of faults that more than boxes show, at one intensity.
final class Counted {
  /// Number of the class, `F01` to `F24`.
  final String id;

  /// The fault in words.
  final String fault;

  /// How strong, in words.
  final String intensity;

  /// Whether it is the strongest of its class.
  final boolean top;

  /// In what it was planted.
  final String in;

  int events;
  int found;

  /// Not found, and nothing that shows it.
  int undecided;

  /// Findings that belong to no event.
  int strays;

  final List<String> strayTexts = new ArrayList<>();
  final List<String> missTexts = new ArrayList<>();

  Counted(String id, String fault, String intensity, boolean top, String in) {
    this.id = id;
    this.fault = fault;
    this.intensity = intensity;
    this.top = top;
    this.in = in;
  }

  /// An empty row of the same fault.
  Counted emptied() {
    return new Counted(id, fault, intensity, top, in);
  }

  /// Counts one fault.
  ///
  /// @param shown whether anything shows it
  /// @param what names it, should it be missed
  void event(boolean isFound, boolean shown, String what) {
    events++;
    found += isFound ? 1 : 0;
    undecided += isFound || shown ? 0 : 1;
    if (!isFound && shown) {
      missTexts.add(what);
    }
  }

  void stray(String what) {
    strays++;
    strayTexts.add(what);
  }

  void add(Counted other) {
    events += other.events;
    found += other.found;
    undecided += other.undecided;
    strays += other.strays;
    strayTexts.addAll(other.strayTexts);
    missTexts.addAll(other.missTexts);
  }

  /// Events that can be decided.
  int decidable() {
    return events - undecided;
  }

  /// Name of the row.
  String title() {
    return id + ' ' + fault + ", " + intensity;
  }
}
