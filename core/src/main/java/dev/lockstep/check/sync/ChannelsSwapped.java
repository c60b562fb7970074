package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.sync.RigTiming.Camera;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// SYN004: the images of cameras are stored under each other's names.
public final class ChannelsSwapped implements AlignmentCheck {
  private static final CheckCard.Parameter FIT =
      new CheckCard.Parameter(
          "max-residual",
          "ms",
          BeamTrigger.MAX_RESIDUAL_MS,
          "how well stamps must fit the axis of another camera, and by how much they must miss"
              + " their own; five times the spread of measured residuals");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN004",
          ChannelsSwapped.class,
          Severity.ERROR,
          "The images of cameras are stored under each other's names.",
          FIT);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public String nothingToExamine() {
    return "no LiDAR with cameras beside it";
  }

  @Override
  public void examine(Alignment alignment, Results results) {
    RigTiming timing = RigTiming.of(alignment);
    BeamTrigger trigger = BeamTrigger.of(alignment);
    if (timing == null || trigger == null || timing.cameras().isEmpty()) {
      return;
    }
    results.of(timing.reference().name(), sink -> judge(trigger, sink));
  }

  private static Conclusion judge(BeamTrigger trigger, CheckSink sink) {
    if (trigger.judged().size() < 2) {
      return Conclusion.undecided(
          "fewer than two cameras whose calibration and beam tell when to expect their images");
    }
    if (!trigger.triggered()) {
      return Conclusion.undecided(
          "cameras do not agree with the beam, so that it does not seem to trigger them");
    }
    TreeSet<String> told = new TreeSet<>();
    for (Camera camera : trigger.judged()) {
      if (trigger.fitsAxisOf(camera) != null && !told.contains(camera.name())) {
        report(camera, trigger, told, sink);
      }
    }
    return Conclusion.examined(trigger.judged().size(), "");
  }

  /// Reports one ring of cameras that took each other's places.
  private static void report(Camera first, BeamTrigger trigger, Set<String> told, CheckSink sink) {
    List<String> ring = new ArrayList<>();
    String name = first.name();
    while (name != null && told.add(name)) {
      ring.add(name);
      String at = name;
      name =
          trigger.judged().stream()
              .filter(camera -> camera.name().equals(at))
              .findFirst()
              .map(trigger::fitsAxisOf)
              .orElse(null);
    }
    String off = Numbers.text(Math.rint(trigger.offNs(first) / 1e4) / 100);
    sink.report(
        Severity.ERROR,
        ring.size() == 2 ? "two cameras are exchanged" : "cameras are exchanged in a ring",
        Location.stream(first.name()),
        new Evidence.Violation(
            "stamps",
            "fit the axes in the order " + String.join(" -> ", ring) + " -> " + ring.getFirst(),
            "each the axis of its own camera, from which those of "
                + first.name()
                + " lie "
                + off
                + " ms"),
        new Cause("swapped-channels", "cables, drivers or names of these cameras are exchanged"));
  }
}
