package dev.lockstep.check.label;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the rules about tracks know of a label set, found once for all of them, and only once one
/// of them asks: most of it clean labels never pay for.
final class SharedEvidence {
  private static final Pattern NEGATIVE = Pattern.compile("-\\d+(\\.0*)?");

  /// What a wrong pose must leave of what another order of instants leaves to be the better
  /// explanation (judged).
  private static final double FAR_LESS = 0.3;

  private final LabelSet labels;
  private final LabelCheck.Context context;
  private ObjectKind @Nullable [] kinds;
  private boolean @Nullable [] identities;
  private @Nullable Tracks tracks;
  private @Nullable Motion motion;
  private @Nullable LabelFrames frames;
  private @Nullable SweepMatch match;
  private IdentitySwitches.@Nullable Result switches;
  private FrameOrder.@Nullable Result order;
  private @Nullable List<JitterRuns.Run> jitter;
  private @Nullable List<AsideRuns.Run> aside;
  private @Nullable List<SkippedInstants.Skip> skips;
  private @Nullable List<ShiftFit.Shift> shifts;
  private @Nullable BitSet switched;
  private @Nullable BitSet jittering;
  private @Nullable BitSet defaults;
  private @Nullable BitSet stepsAside;
  private @Nullable Misplaced misplaced;

  /// A box that lies off by twice its length and more belongs to another place or object (judged).
  private static final double ELSEWHERE_LENGTHS = 2;

  private static final double ELSEWHERE_SIGMAS = 10;

  /// A track needs so many boxes for another rule to tell of one elsewhere.
  private static final int ELSEWHERE_BOXES = 6;

  /// Boxes before and behind a run that moves to and fro that may be part of what it has.
  private static final int JITTER_MARGIN = 5;

  /// What labels that belong elsewhere explain, by instants, boxes and tracks: rules ask box by
  /// box.
  ///
  /// @param instants instants at or beside labels of another one, or beside some that are passed
  ///   over
  /// @param boxes boxes in or beside a run that stands still
  /// @param tracks tracks with such a run
  /// @param shiftedFrom first instant from which all labels are shifted
  private record Misplaced(BitSet instants, BitSet boxes, BitSet tracks, int shiftedFrom) {}

  private SharedEvidence(LabelSet labels, LabelCheck.Context context) {
    this.labels = labels;
    this.context = context;
  }

  /// What is known of sealed `labels`.
  static SharedEvidence of(LabelSet labels, LabelCheck.Context context) {
    return context
        .shared(labels)
        .get(SharedEvidence.class, () -> new SharedEvidence(labels, context));
  }

  /// The labels.
  LabelSet labels() {
    return labels;
  }

  /// What else is known of their recording.
  LabelCheck.Context context() {
    return context;
  }

  /// The measured limits.
  LabelLimits limits() {
    return context.shared(labels).get(LabelLimits.class, () -> LabelLimits.DEFAULT);
  }

  /// Kinds of the categories.
  ObjectKind[] kinds() {
    ObjectKind[] known = kinds;
    if (known == null) {
      known = new ObjectKind[labels.categoryCount()];
      for (int c = 0; c < known.length; c++) {
        known[c] = ObjectKind.of(labels.categoryName(c));
      }
      kinds = known;
    }
    return known;
  }

  /// Which tracks are identities: by convention negative numbers and empty names stand for "no
  /// identity" (KITTI, MOTChallenge).
  boolean[] identities() {
    boolean[] known = identities;
    if (known == null) {
      known = new boolean[labels.trackCount()];
      for (int i = 0; i < known.length; i++) {
        String name = labels.trackName(i);
        known[i] = !name.isEmpty() && !(name.startsWith("-") && NEGATIVE.matcher(name).matches());
      }
      identities = known;
    }
    return known;
  }

  /// The tracks.
  Tracks tracks() {
    Tracks known = tracks;
    if (known == null) {
      known = new Tracks(labels, context, kinds(), identities());
      tracks = known;
    }
    return known;
  }

  /// How smoothly their boxes move.
  Motion motion() {
    Motion known = motion;
    if (known == null) {
      known = new Motion(tracks());
      motion = known;
    }
    return known;
  }

  /// Exchanges of ids.
  IdentitySwitches.Result switches() {
    IdentitySwitches.Result known = switches;
    if (known == null) {
      known = IdentitySwitches.find(tracks(), motion(), limits());
      switches = known;
    }
    return known;
  }

  /// Labels that belong to other instants.
  FrameOrder.Result order() {
    FrameOrder.Result known = order;
    if (known == null) {
      known = FrameOrder.find(tracks(), motion(), limits());
      if (known.slips().stream().anyMatch(this::isShift)) {
        known = known.without(this::isShift);
      }
      order = known;
    }
    return known;
  }

  /// Instants that are moved, turned or scaled as a whole.
  List<ShiftFit.Shift> shifts() {
    List<ShiftFit.Shift> known = shifts;
    if (known == null) {
      Tracks all = tracks();
      known = all.flat() ? List.of() : CommonShift.find(all, motion(), limits());
      shifts = known;
    }
    return known;
  }

  /// Whether all instants from `first` to `last` are moved, turned or scaled as a whole.
  boolean shifted(int first, int last) {
    long n = shifts().stream().filter(s -> s.frame() >= first && s.frame() <= last).count();
    return n == last - first + 1;
  }

  /// Whether what seems to be labels of other instants is nothing but a wrong pose: that leaves far
  /// less.
  private boolean isShift(FrameOrder.Slip slip) {
    boolean orders =
        slip.kind() == FrameOrder.Kind.EXCHANGED || slip.kind() == FrameOrder.Kind.ROTATED;
    if (orders) {
      for (ShiftFit.Shift shift : shifts()) {
        if (shift.frame() >= slip.first() - 1
            && shift.frame() <= slip.last() + 1
            && shift.remaining() * slip.cost() < FAR_LESS * slip.repaired()) {
          return true;
        }
      }
    }
    return false;
  }

  /// Instants that labels pass over, but for those that a shift of all later labels explains.
  List<SkippedInstants.Skip> skips() {
    List<SkippedInstants.Skip> known = skips;
    if (known == null) {
      BitSet slipped = order().explained(tracks().frames().count());
      known =
          SkippedInstants.find(tracks()).stream()
              .filter(skip -> !slipped.get(skip.frame()))
              .toList();
      skips = known;
    }
    return known;
  }

  private Misplaced misplaced() {
    Misplaced known = misplaced;
    if (known == null) {
      FrameOrder.Result found = order();
      BitSet instants = found.explained(tracks().frames().count());
      skips().forEach(skip -> instants.set(skip.frame() - 1, skip.frame() + 1));
      BitSet boxes = new BitSet();
      BitSet still = new BitSet();
      for (FrozenRuns.Run run : found.frozen()) {
        boxes.set(Math.max(0, run.first() - 1), run.last() + 2);
        still.set(run.track());
      }
      known = new Misplaced(instants, boxes, still, found.shiftedFrom());
      misplaced = known;
    }
    return known;
  }

  /// Boxes that move to and fro.
  List<JitterRuns.Run> jitter() {
    List<JitterRuns.Run> known = jitter;
    if (known == null) {
      known = new JitterRuns(tracks(), motion(), limits()).find();
      jitter = known;
    }
    return known;
  }

  /// What finds boxes beside the ways of their tracks.
  AsideRuns asideRuns() {
    return new AsideRuns(tracks(), motion(), limits());
  }

  /// Stretches of tracks beside their ways.
  List<AsideRuns.Run> aside() {
    List<AsideRuns.Run> known = aside;
    if (known == null) {
      known = asideRuns().find();
      aside = known;
    }
    return known;
  }

  /// Whether a stretch beside the way begins or ends between box `i` and the next.
  boolean stepsAsideAt(int i) {
    BitSet known = stepsAside;
    if (known == null) {
      known = new BitSet();
      for (AsideRuns.Run run : aside()) {
        known.set(run.first() - 1);
        known.set(run.last());
      }
      stepsAside = known;
    }
    return known.get(i);
  }

  /// Whether box `i` of the tracks lies within `bound` meters of its way if its stamp is wrong and
  /// that of a sweep next to it is right: it has no sweep of its own. So it is, too, where another
  /// rule reports its stamp.
  boolean stampWrongAt(int i, double bound) {
    if (!labels.stampSource().measuredAtSensor()) {
      return false;
    }
    LabelFrames instants = frames;
    if (instants == null) {
      instants = LabelFrames.of(labels);
      frames = instants;
      match = SweepMatch.best(instants, context);
    }
    SweepMatch sweeps = match;
    int row = tracks().row(i);
    if (context.reported(labels.name(), labels.stampsNs()[row]) != null) {
      return true;
    }
    int frame = instants.frameOf(row);
    if (sweeps == null || frame < 0 || sweeps.isMatched(frame)) {
      return false;
    }
    Motion smooth = motion();
    return smooth.lateResidual(i, sweeps.behindNs(frame) / 1e9) <= bound
        || smooth.lateResidual(i, sweeps.aheadNs(frame) / 1e9) <= bound;
  }

  /// Whether an exchange of ids explains what happens between the box before `row` and `row`.
  boolean switchedAt(int row) {
    int index = tracks().indexOf(row);
    return index >= 0 && switchedBoxes().get(index);
  }

  /// The same for any of some boxes of a track.
  boolean switchedWithin(int first, int last) {
    int next = switchedBoxes().nextSetBit(first);
    return next >= 0 && next <= last;
  }

  private BitSet switchedBoxes() {
    BitSet known = switched;
    if (known == null) {
      known = switches().explained(tracks());
      switched = known;
    }
    return known;
  }

  /// Whether box `i` of the tracks stands so far from where the box before it should go on that one
  /// of both is drawn elsewhere, or is of another object: LAB009 or LAB025 tell, and what else
  /// changes there has that cause.
  boolean elsewhereAt(int i) {
    Tracks all = tracks();
    int track = all.track(i);
    int start = all.start(track);
    int end = all.end(track);
    if (all.flat() || all.blind() != null || i == start || end - start < ELSEWHERE_BOXES) {
      return false;
    }
    Motion smooth = motion();
    double seconds = all.t[i] - all.t[i - 1];
    double bound =
        ELSEWHERE_LENGTHS * Math.max(all.dimension(i, 0), all.dimension(i - 1, 0))
            + smooth.reach(i, 2 * seconds * seconds)
            + ELSEWHERE_SIGMAS * smooth.sigma(i);
    double onwards =
        i - 2 < start ? Double.POSITIVE_INFINITY : smooth.squaredResidual(i - 2, i, i - 1);
    double back = i + 1 == end ? onwards : smooth.squaredResidual(i + 1, i - 1, i);
    return Math.min(onwards, back) > bound * bound || defaultWithin(i - 1, i);
  }

  /// Whether labels are shifted by so many instants from there on, or nearly there: behind a gap of
  /// as many, they come late.
  boolean shiftedFrom(int frame, int instants) {
    return order().slips().stream()
        .anyMatch(slip ->
            slip.kind() == FrameOrder.Kind.SHIFTED
                && InstantUnlabelled.explains(instants, slip.by())
                && Math.abs(slip.first() - frame) <= 1
                && !switched(slip));
  }

  /// Whether an exchange of ids is nothing but the labels of whole instants that belong elsewhere.
  boolean misplaced(IdentitySwitches.Switch found) {
    for (FrameOrder.Slip slip : order().slips()) {
      if (touches(slip, found) && !betterAs(found, slip)) {
        return true;
      }
    }
    return false;
  }

  /// Whether labels that seem to belong to another instant are nothing but exchanged ids.
  boolean switched(FrameOrder.Slip slip) {
    for (IdentitySwitches.Switch found : switches().switches()) {
      if (touches(slip, found) && betterAs(found, slip)) {
        return true;
      }
    }
    return false;
  }

  private boolean touches(FrameOrder.Slip slip, IdentitySwitches.Switch found) {
    int frame = tracks().frame(found.firstA());
    return frame >= slip.first() - 1 && frame <= slip.last() + 1;
  }

  /// Whether the exchange of two ids leaves less than the slip, for which no more than two tracks
  /// speak, or which rests on ways that are followed beyond their ends.
  private static boolean betterAs(IdentitySwitches.Switch found, FrameOrder.Slip slip) {
    boolean weak = slip.tracks() <= 2 || slip.kind() == FrameOrder.Kind.SHIFTED;
    return weak && found.repaired() * slip.cost() <= slip.repaired() * found.cost();
  }

  /// Whether the labels of an instant, or of one beside it, belong to another, or the box stands
  /// still while its object moves: what is odd there has that cause.
  boolean misplacedAt(int frame, int index) {
    return misplacedAt(frame) || misplaced().boxes.get(index);
  }

  /// The same of an instant at which the track has no box.
  boolean misplacedAt(int frame) {
    Misplaced known = misplaced();
    // With the poses of other instants, boxes do not stand where they are put.
    return known.instants.get(frame) || tracks().placedByPoses() && known.shiftedFrom <= frame;
  }

  /// Whether a track seems to move otherwise than it does because its labels are shifted in time,
  /// or copied from one instant to the next.
  boolean motionFalse(int track) {
    Misplaced known = misplaced();
    return known.shiftedFrom < Integer.MAX_VALUE || known.tracks.get(track);
  }

  /// Whether any of some boxes of a track stand at such an instant.
  boolean misplacedWithin(int first, int last) {
    for (int i = first; i <= last; i++) {
      if (misplacedAt(tracks().frame(i), i)) {
        return true;
      }
    }
    return false;
  }

  /// Whether any of some boxes is one that a tool filled in, as LAB023 tells: such boxes are
  /// nowhere near their objects.
  boolean defaultWithin(int first, int last) {
    BitSet known = defaults;
    if (known == null) {
      BitSet rows = BoxIsDefault.rows(labels, this);
      known = new BitSet();
      for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
        int index = tracks().indexOf(row);
        if (index >= 0) {
          known.set(index);
        }
      }
      defaults = known;
    }
    int next = known.nextSetBit(first);
    return next >= 0 && next <= last;
  }

  /// Whether a box is one of many of its track that move to and fro.
  boolean jittersAt(int index) {
    BitSet known = jittering;
    if (known == null) {
      known = new BitSet();
      for (JitterRuns.Run run : jitter()) {
        known.set(Math.max(0, run.first() - JITTER_MARGIN), run.last() + JITTER_MARGIN + 1);
      }
      jittering = known;
    }
    return known.get(index);
  }
}
