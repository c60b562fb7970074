package dev.lockstep.check.video;

import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;

/// Whether the stamps of a video show a loss by themselves: rules about stamps report it then, and
/// what the coded frames say is its consequence.
final class LossInStamps {
  /// Steps between stamps that the usual one is taken of (judged).
  private static final int WINDOW = 15;

  /// Whether stamps were measured, so that rules about them see a loss as well.
  private final boolean stamped;

  private final double limitSteps;
  private final StepWindow steps = new StepWindow(WINDOW);
  private long beforeNs = Times.NONE;

  /// @param limitSteps usual steps that a step over a loss is long
  LossInStamps(StreamInfo stream, double limitSteps) {
    this.stamped = stream.stampSource().measuredAtSensor();
    this.limitSteps = limitSteps;
  }

  /// Adds the stamp of the next frame.
  void add(long stampNs) {
    if (stampNs != Times.NONE && beforeNs != Times.NONE) {
      steps.add(stampNs - beforeNs);
    }
    beforeNs = stampNs;
  }

  /// Whether a frame with that stamp would show that messages are missing in front of it, or out of
  /// order.
  boolean show(long stampNs) {
    if (!stamped || stampNs == Times.NONE || beforeNs == Times.NONE) {
      return false;
    }
    long stepNs = stampNs - beforeNs;
    long usualNs = steps.median();
    return stepNs < 0 || usualNs > 0 && stepNs >= limitSteps * usualNs;
  }
}
