package dev.lockstep.bench.time;

import dev.lockstep.model.Modality;
import java.util.ArrayList;
import java.util.List;

/// The rules of others, as their sources state them: they look at one step from a stamp to the
/// next, and know the period.
enum Peers {
  /// cartographer_rosbag_validate: a gap of more than 0.1 s, of 0.05 s for inertial units.
  CARTOGRAPHER("cartographer") {
    @Override
    boolean flags(Series series, long stepNs, double periodNs) {
      double limit = series.info().modality() == Modality.IMU ? 0.05e9 : 0.1e9;
      return stepNs < 0 || stepNs > limit;
    }
  },

  /// greenwave_monitor: a step that is 5 % off the expected one, or none ahead.
  GREENWAVE("greenwave") {
    @Override
    boolean flags(Series series, long stepNs, double periodNs) {
      return stepNs <= 0 || Math.abs(stepNs / periodNs - 1) > 0.05;
    }
  },

  /// tier4_perception_dataset: a step of more than 1.5 periods, or back.
  TIER4("tier4 1.5 T") {
    @Override
    boolean flags(Series series, long stepNs, double periodNs) {
      return stepNs < 0 || stepNs > 1.5 * periodNs;
    }
  };

  private final String label;

  Peers(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  abstract boolean flags(Series series, long stepNs, double periodNs);

  /// Messages whose step from the one before is flagged.
  List<Integer> flagged(Series series, double periodNs) {
    List<Integer> flagged = new ArrayList<>();
    for (int i = 1; i < series.size(); i++) {
      if (flags(series, series.stampsNs()[i] - series.stampsNs()[i - 1], periodNs)) {
        flagged.add(i);
      }
    }
    return flagged;
  }

  /// message_filters' ApproximateTime with the slop of most examples, 0.1 s, on two streams: the
  /// messages that it leaves without a partner, which is all that can be seen of it.
  static int unpaired(long[] first, long[] second) {
    double slop = 0.1e9;
    int i = 0;
    int k = 0;
    int pairs = 0;
    while (i < first.length && k < second.length) {
      long apart = second[k] - first[i];
      if (Math.abs(apart) <= slop) {
        // The next of either may be nearer: the set of the smallest span is taken.
        if (i + 1 < first.length && Math.abs(second[k] - first[i + 1]) < Math.abs(apart)) {
          i++;
        } else if (k + 1 < second.length && Math.abs(second[k + 1] - first[i]) < Math.abs(apart)) {
          k++;
        } else {
          pairs++;
          i++;
          k++;
        }
      } else if (apart > 0) {
        i++;
      } else {
        k++;
      }
    }
    return first.length + second.length - 2 * pairs;
  }
}
