package dev.lockstep.check;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.SpanIndex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule about one label set, seen whole: rows by time and by track.
public non-sealed interface LabelCheck extends Check {
  /// Looks at a sealed label set.
  Conclusion examine(LabelSet labels, Context context, CheckSink sink);

  /// What else is known about the recording that the labels belong to.
  interface Context {
    /// Poses of the vehicle, or null.
    @Nullable PoseSeries poses();

    /// Stamps of the LiDAR streams, each ascending as recorded; empty where there is none.
    List<Sweeps> sweeps();

    /// Where the sensors sit and how cameras project.
    default List<Calibration> calibrations() {
      return List.of();
    }

    /// What the sweeps hold of the boxes of `labels`. The first question has all sweeps read, once
    /// for all rules and label sets; rules ask only where labels could be judged by the answer.
    default BoxPoints points(LabelSet labels) {
      return BoxPoints.unknown("no sweeps are known");
    }

    /// Id of a rule that reports this stamp of that label set as wrong, or null.
    @Nullable String reported(String labelSet, long stampNs);

    /// Id of a rule that reports the message of that label stream which would have had this stamp
    /// as missing, or null.
    default @Nullable String absent(String labelSet, long stampNs) {
      return null;
    }

    /// Analyses of `labels` that rules share; a rule never changes one. Where nobody keeps them
    /// from rule to rule, each call begins anew.
    default SharedAnalyses shared(LabelSet labels) {
      return new SharedAnalyses();
    }

    /// A stretch without usable sweeps that another rule of this run reports.
    ///
    /// @param check id of that rule
    /// @param beforeNs stamp of the last sweep in front, [Long#MIN_VALUE] if there is none
    /// @param afterNs stamp of the first sweep behind, [Long#MAX_VALUE] if there is none
    /// @param count sweeps that are missing in equal steps, 0 where that is not known
    record Absence(String check, long beforeNs, long afterNs, long count) {
      /// How far from its slot a missing sweep may have been, of a step; judged.
      private static final double SLOT = 0.25;

      /// Whether a missing sweep may have had this stamp.
      public boolean covers(long stampNs) {
        if (stampNs <= beforeNs || stampNs >= afterNs) {
          return false;
        }
        if (count == 0 || beforeNs == Long.MIN_VALUE || afterNs == Long.MAX_VALUE) {
          return true;
        }
        double slot = (stampNs - beforeNs) / ((afterNs - beforeNs) / (count + 1.0));
        return Math.abs(slot - Math.rint(slot)) <= SLOT
            && Math.rint(slot) >= 1
            && Math.rint(slot) <= count;
      }
    }

    /// The absences of one stream, for many questions.
    final class Absences {
      private final List<Absence> absences;
      private final SpanIndex spans;

      /// Indexes them.
      public Absences(List<Absence> absences) {
        this.absences = List.copyOf(absences);
        spans =
            new SpanIndex(
                this.absences.stream().mapToLong(Absence::beforeNs).toArray(),
                this.absences.stream().mapToLong(Absence::afterNs).toArray());
      }

      /// Id of the rule that reports the message of this stamp as missing, or null.
      public @Nullable String covering(long stampNs) {
        int number = spans.latest(stampNs, stampNs, n -> absences.get(n).covers(stampNs));
        return number < 0 ? null : absences.get(number).check();
      }
    }

    /// Stamps of the sweeps of one LiDAR stream.
    final class Sweeps {
      private final String stream;
      private final long[] stampsNs;
      private final Absences absences;
      private final boolean stamped;

      /// @param stream name of the stream
      /// @param stampsNs stamps in order of recording, all valid; kept, not copied
      public Sweeps(String stream, long[] stampsNs) {
        this(stream, stampsNs, List.of());
      }

      /// @param stream name of the stream
      /// @param stampsNs stamps in order of recording, all valid; kept, not copied
      /// @param absences where sweeps are known to be missing
      public Sweeps(String stream, long[] stampsNs, List<Absence> absences) {
        this(stream, stampsNs, absences, true);
      }

      /// @param stream name of the stream
      /// @param stampsNs stamps in order of recording, all valid; kept, not copied
      /// @param absences where sweeps are known to be missing
      /// @param stamped whether the sweeps have stamps of their own, or log times stand for them
      public Sweeps(String stream, long[] stampsNs, List<Absence> absences, boolean stamped) {
        this.stream = stream;
        this.stampsNs = stampsNs;
        this.absences = new Absences(absences);
        this.stamped = stamped;
      }

      /// Whether the sweeps have stamps of their own, or log times stand for them.
      public boolean stamped() {
        return stamped;
      }

      /// Id of the rule that reports the sweep of this stamp as missing, or null.
      public @Nullable String absent(long stampNs) {
        return absences.covering(stampNs);
      }

      /// Name of the stream.
      public String stream() {
        return stream;
      }

      /// Stamps in order of recording, ns.
      public long[] stampsNs() {
        return stampsNs;
      }
    }
  }
}
