package dev.lockstep.source;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StreamInfo;

/// Takes a recording and keeps nothing of it. Who wants a part of one overrides what hands it over.
public class IgnoringSink implements RecordingSink {
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
