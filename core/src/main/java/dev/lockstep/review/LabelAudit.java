package dev.lockstep.review;

import dev.lockstep.agreement.ExactBounds;
import dev.lockstep.lineage.LabelRow;
import dev.lockstep.lineage.ReportedFinding;
import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Draws labels without findings for an expert to judge, and says from what the expert found how
/// many of the rest are wrong.
///
/// The sample follows from the seed and the labels in their order; each label without a finding is
/// drawn with the same chance (reservoir).
public final class LabelAudit {
  private final int room;
  private final SplittableRandom random;
  private final List<Drawn> sample = new ArrayList<>();
  private long population;
  private long touched;

  /// @param room number of labels to draw
  /// @param seed seed of the draw
  public LabelAudit(int room, long seed) {
    this.room = room;
    this.random = new SplittableRandom(seed);
  }

  /// A label that was drawn.
  ///
  /// @param recording what the recording is called
  /// @param label the label
  public record Drawn(String recording, LabelRow label) {}

  /// Offers all labels of a set.
  ///
  /// @param findings the findings of the recording; labels that one touches are not drawn
  public void add(String recording, LabelSet labels, List<ReportedFinding> findings) {
    List<ReportedFinding> wide = new ArrayList<>();
    Map<String, List<ReportedFinding>> byTrack = new HashMap<>();
    for (ReportedFinding finding : findings) {
      String track = finding.location().track();
      if (track == null) {
        wide.add(finding);
      } else {
        byTrack.computeIfAbsent(track, t -> new ArrayList<>()).add(finding);
      }
    }
    for (int row = 0; row < labels.size(); row++) {
      LabelRow label = LabelRow.of(labels, row);
      String track = label.track();
      List<ReportedFinding> own = track == null ? null : byTrack.get(track);
      if (wide.stream().anyMatch(finding -> finding.touches(label))
          || (own != null && own.stream().anyMatch(finding -> finding.touches(label)))) {
        touched++;
      } else {
        offer(new Drawn(recording, label));
      }
    }
  }

  private void offer(Drawn label) {
    population++;
    if (sample.size() < room) {
      sample.add(label);
    } else {
      long at = random.nextLong(population);
      if (at < room) {
        sample.set((int) at, label);
      }
    }
  }

  /// The labels drawn, fewer than asked for if there are no more.
  public List<Drawn> sample() {
    return sample;
  }

  /// Labels without a finding.
  public long population() {
    return population;
  }

  /// Labels that a finding touches.
  public long touched() {
    return touched;
  }

  /// What a judged sample says.
  ///
  /// @param wrong labels that the expert found to be wrong
  /// @param judged labels that the expert judged
  /// @param low lower limit of the share of wrong labels, exact (Clopper and Pearson), 95 %
  /// @param high upper limit
  public record Estimate(long wrong, long judged, double low, double high) {
    /// The estimate from `wrong` among `judged`, at least one.
    public static Estimate of(long wrong, long judged) {
      double[] limits = ExactBounds.interval(wrong, judged);
      return new Estimate(wrong, judged, wrong == 0 ? 0 : limits[0], limits[1]);
    }

    /// Share of wrong labels.
    public double rate() {
      return (double) wrong / judged;
    }
  }
}
