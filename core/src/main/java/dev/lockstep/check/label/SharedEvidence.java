package dev.lockstep.check.label;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the rules about tracks know of a label set, found once for all of them, and only once one
/// of them asks: most of it clean labels never pay for.
final class SharedEvidence {
  private static final Pattern NEGATIVE = Pattern.compile("-\\d+(\\.0*)?");

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
      order = known;
    }
    return known;
  }

  /// Instants that labels pass over, but for those that a shift of all later labels explains.
  List<SkippedInstants.Skip> skips() {
    List<SkippedInstants.Skip> known = skips;
    if (known == null) {
      known =
          SkippedInstants.find(tracks()).stream()
              .filter(skip -> !order().explains(skip.frame()))
              .toList();
      skips = known;
    }
    return known;
  }

  /// Whether labels pass over instants just before an instant, or behind it.
  boolean skippedAt(int frame) {
    return skips().stream().anyMatch(s -> frame >= s.frame() - 1 && frame <= s.frame());
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
    return aside().stream().anyMatch(run -> run.first() == i + 1 || run.last() == i);
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
    if (index < 0) {
      return false;
    }
    return switches().explains(tracks(), index);
  }

  /// The same for any of some boxes of a track.
  boolean switchedWithin(int first, int last) {
    for (int i = first; i <= last; i++) {
      if (switches().explains(tracks(), i)) {
        return true;
      }
    }
    return false;
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
    FrameOrder.Result known = order();
    if (known.explains(frame) || tracks().placedByPoses() && known.shiftedBefore(frame)) {
      // With the poses of other instants, boxes do not stand where they are put.
      return true;
    }
    if (skippedAt(frame)) {
      return true;
    }
    for (FrozenRuns.Run run : known.frozen()) {
      if (index >= run.first() - 1 && index <= run.last() + 1) {
        return true;
      }
    }
    return false;
  }

  /// Whether a track seems to move otherwise than it does because its labels are shifted in time,
  /// or copied from one instant to the next.
  boolean motionFalse(int track) {
    FrameOrder.Result known = order();
    return known.shifted() || known.frozen().stream().anyMatch(run -> run.track() == track);
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

  /// Whether a box is one of many of its track that move to and fro.
  boolean jittersAt(int index) {
    return jitter().stream().anyMatch(run -> index >= run.first() - 2 && index <= run.last() + 2);
  }
}
