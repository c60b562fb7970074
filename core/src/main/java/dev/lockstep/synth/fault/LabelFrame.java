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

  /// Puts copies of these boxes, which may be those of another frame of the format, in place of its
  /// own.
  void setBoxes(List<LabelBox> others);

  /// Number of the frame as its labels give it, or -1.
  long frame();

  /// The message with all edits.
  byte[] toBytes();
}
