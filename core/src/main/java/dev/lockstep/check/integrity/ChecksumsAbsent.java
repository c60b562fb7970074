package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.RecordingCheck;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;

/// INT016: part of the recording is under no stored checksum, so that nothing could reveal a
/// change.
public final class ChecksumsAbsent implements RecordingCheck {
  private static final CheckCard.Parameter SHARE =
      new CheckCard.Parameter(
          "least-share",
          "%",
          50,
          "judged: below this most of the payload is unprotected, not only the container around"
              + " it");

  private static final CheckCard CARD =
      CheckCard.of(
          "INT016",
          ChecksumsAbsent.class,
          Severity.INFO,
          "Most bytes of the recording are under no checksum: a change would show nowhere.",
          SHARE);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public Observer open(CheckSink sink) {
    return summary -> {
      Coverage coverage = summary.coverage();
      if (coverage.totalBytes() == 0) {
        return Conclusion.undecided("the recording holds no bytes");
      }
      double share = 100 * coverage.protectedShare();
      sink.measure("protected-share", share, "%");
      if (share < SHARE.value()) {
        long open = coverage.totalBytes() - coverage.protectedBytes();
        sink.report(
            Severity.INFO,
            "bytes are under no checksum",
            Location.RECORDING,
            new Evidence.Violation(
                "share under a stored checksum",
                Numbers.text(share) + " %, " + open + " bytes are not",
                "at least "
                    + Numbers.text(SHARE.value())
                    + " %; a block manifest protects the rest"));
      }
      return Conclusion.examined(coverage.totalBytes(), "the recording holds no bytes");
    };
  }
}
