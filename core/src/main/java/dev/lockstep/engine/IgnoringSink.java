package dev.lockstep.engine;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.source.RecordingSink;

/// Takes what a second read of a recording hands over, all of which the first one told.
final class IgnoringSink implements RecordingSink {
  @Override
  public void stream(StreamInfo stream) {}

  @Override
  public void messages(MessageBatch batch) {}

  @Override
  public void defect(Defect defect) {}

  @Override
  public void examined(DefectKind kind, long count) {}

  @Override
  public void unexamined(DefectKind kind, String reason) {}

  @Override
  public void note(String fact) {}

  @Override
  public void labels(LabelSet labels) {}

  @Override
  public void poses(PoseSeries poses) {}

  @Override
  public void calibration(Calibration calibration) {}

  @Override
  public void coverage(Coverage coverage) {}
}
