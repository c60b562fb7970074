package dev.lockstep.synth.fault;

import java.util.List;

/// The boxes of one label message, to be edited.
public interface LabelFrame {
  /// The boxes, in order.
  List<LabelBox> boxes();

  /// Takes a box out.
  void remove(LabelBox box);

  /// Appends an exact copy of a box.
  LabelBox duplicate(LabelBox box);

  /// Number of the frame as its labels give it, or -1.
  long frame();

  /// The message with all edits.
  byte[] toBytes();
}
