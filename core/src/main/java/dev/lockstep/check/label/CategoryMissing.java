package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import java.util.Arrays;

/// LAB030: from one instant to the next a category vanishes, or appears, with all its tracks in
/// progress, while tracks of other categories go on.
public final class CategoryMissing extends TrackRule {
  private static final int MIN_TRACKS = 3;
  private static final double MAX_CHANCE = 2e-4;
  private static final double MIN_GOING_ON = 0.7;
  private static final int MIN_OTHERS = 2;
  private static final int MIN_INSTANTS = 10;

  /// Nine steps at 10 Hz, and what stamps stray.
  private static final double MIN_SECONDS = 0.85;

  /// Boxes of all categories together whose ends count beside those of a category: few boxes say
  /// little of how often its tracks end (judged).
  private static final double FEW_BOXES = 100;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB030",
          CategoryMissing.class,
          Severity.ERROR,
          "All tracks of a category end, or begin, at one instant, and others go on.",
          new CheckCard.Parameter("min-tracks", "", MIN_TRACKS, "judged"),
          new CheckCard.Parameter(
              "max-chance", "", MAX_CHANCE, "of that many ends at once somewhere; judged"),
          new CheckCard.Parameter("min-others", "", MIN_OTHERS, "tracks that go on; judged"),
          new CheckCard.Parameter(
              "min-going-on", "", MIN_GOING_ON, "share of the others' tracks; judged"),
          new CheckCard.Parameter("min-instants", "", MIN_INSTANTS, "judged"),
          new CheckCard.Parameter("min-absence", "s", MIN_SECONDS, "judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    Tracks tracks = evidence.tracks();
    if (tracks.frames().count() <= MIN_INSTANTS) {
      return Conclusion.undecided("no more than " + MIN_INSTANTS + " instants with labels");
    }
    Search search = new Search(tracks, sink);
    for (int category = 0; category < labels.categoryCount(); category++) {
      search.category(category);
    }
    return Conclusion.examined(
        search.examined,
        "no category has "
            + MIN_TRACKS
            + " tracks at once beside "
            + MIN_OTHERS
            + " of other categories");
  }

  private static final class Search {
    private final Tracks tracks;
    private final LabelFrames frames;
    private final CheckSink sink;
    private final int[] boxes;
    private final int[] present;

    /// Tracks of the category in question that begin at each instant.
    private final int[] begun;

    private long examined;

    Search(Tracks tracks, CheckSink sink) {
      this.tracks = tracks;
      this.sink = sink;
      frames = tracks.frames();
      boxes = new int[tracks.labels().categoryCount()];
      present = new int[frames.count()];
      begun = new int[frames.count()];
      for (int i = 0; i < tracks.size(); i++) {
        boxes[tracks.category(i)]++;
      }
    }

    void category(int category) {
      int n = frames.count();
      if (boxes[category] < MIN_TRACKS || boxes[category] == tracks.size()) {
        return;
      }
      Arrays.fill(present, 0);
      Arrays.fill(begun, 0);
      int ends = 0;
      int begins = 0;
      for (int i = 0; i < tracks.size(); i++) {
        if (tracks.category(i) == category) {
          present[tracks.frame(i)]++;
          ends += goesOn(i, 1, category) ? 0 : 1;
          if (!goesOn(i, -1, category)) {
            begins++;
            begun[tracks.frame(i)]++;
          }
        }
      }
      for (int f = 1; f < n; f++) {
        if (present[f - 1] >= MIN_TRACKS && present[f] == 0) {
          int end = f;
          while (end < n && present[end] == 0) {
            end++;
          }
          judge(category, f - 1, f, f, end, 1, ends);
        } else if (present[f] >= MIN_TRACKS && present[f - 1] == 0) {
          int begin = f;
          while (begin > 0 && present[begin - 1] == 0) {
            begin--;
          }
          if (begin == 0) {
            judge(category, f, f - 1, 0, f, -1, begins);
          }
        }
        examined += present[f] >= MIN_TRACKS ? 1 : 0;
      }
    }

    /// Whether a track has a box of the category at the next instant, or at the one before.
    private boolean goesOn(int i, int step, int category) {
      int next = i + step;
      int track = tracks.track(i);
      return next >= tracks.start(track)
          && next < tracks.end(track)
          && tracks.frame(next) == tracks.frame(i) + step
          && (category < 0 || tracks.category(next) == category);
    }

    /// Reports a stretch without the category if nothing but its loss explains it.
    ///
    /// @param with last instant with the category on this side
    /// @param without first instant without it
    /// @param from first of the instants without it
    /// @param to one past the last
    private void judge(
        int category, int with, int without, int from, int to, int step, int changes) {
      if (to - from < MIN_INSTANTS || frames.seconds(to - 1) - frames.seconds(from) < MIN_SECONDS) {
        return;
      }
      int ends = 0;
      int others = 0;
      int goingOn = 0;
      for (int r = frames.start(with); r < frames.start(with + 1); r++) {
        int i = tracks.indexOf(r);
        if (i < 0) {
          continue;
        }
        if (tracks.category(i) != category) {
          others++;
          goingOn += goesOn(i, step, -1) ? 1 : 0;
        } else if (goesOn(i, step, -1)) {
          // It goes on under another name: a change of category, not a missing one.
          return;
        } else {
          ends++;
        }
      }
      if (goingOn < MIN_OTHERS || goingOn < MIN_GOING_ON * others) {
        return;
      }
      double chance = frames.count() * chance(category, ends, changes, from, to);
      if (chance > MAX_CHANCE) {
        return;
      }
      report(category, ends, without, from, to, step);
    }

    /// How likely it is that so many tracks end at once, and that none begins for so long.
    private double chance(int category, int ends, int changes, int from, int to) {
      // Of each box, the chance that it is the last of its track, these left out.
      double often = FEW_BOXES * tracks.count() / tracks.size();
      double each = (Math.max(0, changes - ends) + often + 1) / (boxes[category] + FEW_BOXES);
      double together = Math.pow(Math.min(1, each), ends);
      // As many as begin at other instants could begin here.
      int without = to - from;
      int others = frames.count() - without;
      double none = (double) others / (others + without);
      return together * Math.pow(none, births(to));
    }

    /// How many tracks begin, but for those at the first instant and where the category is back.
    private int births(int back) {
      int n = 0;
      for (int f = 1; f < frames.count(); f++) {
        n += f == back ? 0 : begun[f];
      }
      return n;
    }

    private void report(int category, int ends, int without, int from, int to, int step) {
      LabelSet labels = tracks.labels();
      String name = labels.categoryName(category);
      int first = frames.start(from);
      int last = frames.start(to) - 1;
      boolean open = to == frames.count();
      sink.report(
          Severity.ERROR,
          step > 0
              ? "tracks of a category all end at one instant"
              : "tracks of a category all begin at one instant",
          labels.location(first, last).withTrack(null),
          new Evidence.OutOfRange(
              "of "
                  + frames.count()
                  + " instants, tracks of "
                  + name
                  + (step > 0 ? " that end with number " : " that begin with number ")
                  + (without - step + 1)
                  + ":",
              ends,
              null,
              MIN_TRACKS - 1,
              ""),
          new Cause(
              "category-left-out",
              "labels of "
                  + name
                  + " are left out"
                  + (step < 0 ? " up to here" : Place.of(labels, first, last, open))));
    }
  }
}
