package dev.lockstep.source;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StreamInfo;

/// Receives a recording as it is read, in order, on one thread.
public interface RecordingSink {
  /// A stream that will have messages, or that the recording declares without having any.
  void stream(StreamInfo stream);

  /// The next messages of a declared stream. The sink sets their first index; ownership passes to
  /// it.
  void messages(MessageBatch batch);

  /// Something wrong.
  void defect(Defect defect);

  /// Adds `count` to how often a defect of `kind` was looked for.
  void examined(DefectKind kind, long count);

  /// A defect of `kind` could not be looked for, and why (`no checksum stored`).
  void unexamined(DefectKind kind, String reason);

  /// A fact worth telling, not a fault (`3 of 4 chunks reached through the chunk index`).
  void note(String fact);

  /// A sealed label set.
  void labels(LabelSet labels);

  /// Poses of the vehicle.
  void poses(PoseSeries poses);

  /// Calibration of a sensor.
  void calibration(Calibration calibration);

  /// How much was read and how much is protected; once, at the end.
  void coverage(Coverage coverage);
}
