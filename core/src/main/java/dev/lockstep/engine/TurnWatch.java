package dev.lockstep.engine;

import dev.lockstep.check.Alignment;
import dev.lockstep.geometry.BoxTurn;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.TurnTrack;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps how the sensor of a stream turned, as far as its messages say so.
final class TurnWatch {
  private final TurnTrack track = new TurnTrack(false);

  /// A watch of a stream, or null where its messages tell of no turns.
  static @Nullable TurnWatch of(StreamInfo stream) {
    return switch (stream.modality()) {
      case IMU, POSE, OTHER -> new TurnWatch();
      case LIDAR, CAMERA, VIDEO, RADAR, GNSS, LABELS -> null;
    };
  }

  /// How the vehicle turned by the boxes around it, or null where they do not tell.
  static Alignment.@Nullable Turning of(
      LabelSet labels, StreamInfo stream, List<Alignment.Absence> absences) {
    TurnTrack turns = BoxTurn.of(labels);
    return turns == null ? null : new Alignment.Turning(stream, turns, absences);
  }

  void accept(MessageBatch batch) {
    float[] turns = batch.turns();
    if (turns.length == 0) {
      return;
    }
    for (int row = 0; row < batch.size(); row++) {
      int at = row * MessageBatch.TURN_STRIDE;
      track.add(batch.stampsNs()[row], turns[at], turns[at + 1], turns[at + 2], turns[at + 3]);
    }
  }

  /// Nothing connects what follows with what came before.
  void breakOff() {
    track.breakOff();
  }

  Alignment.@Nullable Turning turning(StreamInfo stream, List<Alignment.Absence> absences) {
    return track.size() == 0 ? null : new Alignment.Turning(stream, track, absences);
  }
}
