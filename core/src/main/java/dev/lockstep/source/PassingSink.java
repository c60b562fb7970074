package dev.lockstep.source;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StreamInfo;

/// Hands everything on to another sink. Who wants to change a part overrides what hands it over.
class PassingSink implements RecordingSink {
  private final RecordingSink sink;

  PassingSink(RecordingSink sink) {
    this.sink = sink;
  }

  @Override
  public void stream(StreamInfo stream) {
    sink.stream(stream);
  }

  @Override
  public void messages(MessageBatch batch) {
    sink.messages(batch);
  }

  @Override
  public void defect(Defect defect) {
    sink.defect(defect);
  }

  @Override
  public void examined(DefectKind kind, long count) {
    sink.examined(kind, count);
  }

  @Override
  public void unexamined(DefectKind kind, String reason) {
    sink.unexamined(kind, reason);
  }

  @Override
  public void note(String fact) {
    sink.note(fact);
  }

  @Override
  public void labels(LabelSet labels) {
    sink.labels(labels);
  }

  @Override
  public void poses(PoseSeries poses) {
    sink.poses(poses);
  }

  @Override
  public void calibration(Calibration calibration) {
    sink.calibration(calibration);
  }

  @Override
  public void coverage(Coverage coverage) {
    sink.coverage(coverage);
  }
}
