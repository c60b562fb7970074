package dev.lockstep.check.video;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StreamInfo;
import org.jspecify.annotations.Nullable;

/// A rule about streams of coded video. Rules of this sort differ in what they follow from frame to
/// frame.
abstract class VideoRule implements StreamCheck {
  private final CheckCard card;

  VideoRule(CheckCard card) {
    this.card = card;
  }

  @Override
  public final CheckCard card() {
    return card;
  }

  @Override
  public @Nullable String notApplicable(StreamInfo stream) {
    return stream.modality() == Modality.VIDEO ? null : "stream has no video frames";
  }
}
