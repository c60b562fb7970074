package dev.lockstep.check.lidar;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StreamInfo;
import org.jspecify.annotations.Nullable;

/// A rule about the sweeps of a LiDAR. Rules of this sort differ in what they follow from sweep to
/// sweep.
abstract class SweepRule implements StreamCheck {
  private final CheckCard card;

  SweepRule(CheckCard card) {
    this.card = card;
  }

  @Override
  public final CheckCard card() {
    return card;
  }

  @Override
  public final @Nullable String notApplicable(StreamInfo stream) {
    return stream.modality() == Modality.LIDAR ? null : "stream has no sweeps";
  }
}
