package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.geometry.ImageOverlap;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Order;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// LAB006: a track ends, and a new one goes on in its place: one object under two ids.
public final class TrackFragmented extends TrackRule {
  private static final double MAX_RESIDUAL_METERS = 1;
  private static final double EQUAL_SIZE_METERS = 0.01;
  private static final double SIMILAR_SIZE = 0.1;
  private static final double MIN_OVERLAP = 0.6;
  private static final int MAX_MISSING = 3;
  private static final double MAX_SECONDS = 2;

  /// Ends and begins that are compared before the rule gives up; clean sets have a few thousand.
  private static final long MAX_PAIRS = 20_000_000;

  /// Boxes from which a speed is taken.
  private static final int SPEED_BOXES = 3;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB006",
          TrackFragmented.class,
          Severity.WARNING,
          "An object goes on under a new id.",
          new CheckCard.Parameter(
              "max-residual", "m", MAX_RESIDUAL_METERS, "no clean candidate on public data"),
          new CheckCard.Parameter(
              "equal-size", "m", EQUAL_SIZE_METERS, "tools that copy sizes along a track"),
          new CheckCard.Parameter(
              "similar-size", "", SIMILAR_SIZE, "spread of fitted sizes; judged"),
          new CheckCard.Parameter("min-overlap-2d", "", MIN_OVERLAP, "judged"),
          new CheckCard.Parameter("max-missing", "", MAX_MISSING, "judged"),
          new CheckCard.Parameter("max-gap", "s", MAX_SECONDS, "judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    return new Search(evidence.tracks()).run(sink);
  }

  /// An end of one track and a begin of another that fit.
  ///
  /// @param end last box of the one
  /// @param begin first box of the other
  /// @param misfit how badly they fit: meters, or for 2D boxes 1 - overlap
  private record Link(int end, int begin, double misfit) {}

  private static final class Search {
    private final Tracks tracks;
    private final List<Link> links = new ArrayList<>();

    Search(Tracks tracks) {
      this.tracks = tracks;
    }

    Conclusion run(CheckSink sink) {
      LabelFrames frames = tracks.frames();
      int[] begins = begins();
      long examined = 0;
      long pairs = 0;
      for (int track = 0; track < tracks.count(); track++) {
        for (int i = tracks.start(track); i < tracks.end(track); i++) {
          boolean last = i + 1 == tracks.end(track);
          int frame = tracks.frame(i);
          if (!last && tracks.frame(i + 1) == frame + 1 || frame + 1 >= frames.count()) {
            continue;
          }
          examined++;
          int at = firstAfter(begins, frame);
          for (; at < begins.length && tracks.frame(begins[at]) <= frame + 1 + MAX_MISSING; at++) {
            if (++pairs > MAX_PAIRS) {
              return Conclusion.undecided(
                  "ids do not last: more than "
                      + MAX_PAIRS
                      + " ends and begins of tracks could fit");
            }
            int begin = begins[at];
            boolean first = begin == tracks.start(tracks.track(begin));
            if (tracks.track(begin) != track && (last || first)) {
              consider(i, begin);
            }
          }
        }
      }
      settle(sink);
      return Conclusion.examined(examined, "no track ends before the last instant");
    }

    /// Boxes with which a track begins, or goes on after a gap, by instant; not at the first.
    private int[] begins() {
      int n = 0;
      int[] found = new int[tracks.size()];
      for (int track = 0; track < tracks.count(); track++) {
        for (int i = tracks.start(track); i < tracks.end(track); i++) {
          boolean first = i == tracks.start(track);
          if (first ? tracks.frame(i) > 0 : tracks.frame(i) > tracks.frame(i - 1) + 1) {
            found[n++] = i;
          }
        }
      }
      return Arrays.stream(found, 0, n)
          .boxed()
          .sorted((a, b) -> Integer.compare(tracks.frame(a), tracks.frame(b)))
          .mapToInt(Integer::intValue)
          .toArray();
    }

    private int firstAfter(int[] begins, int frame) {
      int low = 0;
      int high = begins.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (tracks.frame(begins[middle]) <= frame) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    private void consider(int end, int begin) {
      double seconds = tracks.t[begin] - tracks.t[end];
      if (seconds > MAX_SECONDS || tracks.category(end) != tracks.category(begin)) {
        return;
      }
      double misfit = tracks.flat() ? misfit2d(end, begin) : misfit3d(end, begin);
      if (!Double.isNaN(misfit)) {
        links.add(new Link(end, begin, misfit));
      }
    }

    private double misfit3d(int end, int begin) {
      boolean gap = tracks.frame(begin) > tracks.frame(end) + 1;
      double difference = 0;
      double share = 0;
      for (int d = 0; d < 3; d++) {
        double a = tracks.dimension(end, d);
        double b = tracks.dimension(begin, d);
        difference = Math.max(difference, Math.abs(a - b));
        share = Math.max(share, Math.abs(a - b) / Math.max(Math.max(a, b), 0.01));
      }
      if (gap ? difference > EQUAL_SIZE_METERS : share > SIMILAR_SIZE) {
        return Double.NaN;
      }
      double misfit = Math.min(miss(end, begin, end, -1), miss(end, begin, begin, 1));
      return misfit < MAX_RESIDUAL_METERS ? misfit : Double.NaN;
    }

    /// Distance of `begin` from where `end` goes at the speed that the track of `of` has there, or
    /// infinity if it has none.
    private double miss(int end, int begin, int of, int step) {
      int track = tracks.track(of);
      int from = of;
      for (int n = 1; n < SPEED_BOXES; n++) {
        int next = from + step;
        if (next < tracks.start(track) || next >= tracks.end(track)) {
          break;
        }
        from = next;
      }
      if (from == of) {
        return Double.POSITIVE_INFINITY;
      }
      double scale = (tracks.t[begin] - tracks.t[end]) / (tracks.t[of] - tracks.t[from]);
      double dx = tracks.x[begin] - tracks.x[end] - scale * (tracks.x[of] - tracks.x[from]);
      double dy = tracks.y[begin] - tracks.y[end] - scale * (tracks.y[of] - tracks.y[from]);
      double dz = tracks.z[begin] - tracks.z[end] - scale * (tracks.z[of] - tracks.z[from]);
      return Math.sqrt(dx * dx + dy * dy + dz * dz);
    }

    private double misfit2d(int end, int begin) {
      int track = tracks.track(end);
      int from = Math.max(tracks.start(track), end - SPEED_BOXES + 1);
      if (from == end) {
        return Double.NaN;
      }
      double scale = (tracks.t[begin] - tracks.t[end]) / (tracks.t[end] - tracks.t[from]);
      double dx = scale * (tracks.x[end] - tracks.x[from]);
      double dy = scale * (tracks.y[end] - tracks.y[from]);
      double overlap = overlap(end, begin, dx, dy);
      if (tracks.frame(begin) == tracks.frame(end) + 1) {
        // From one instant to the next a box that shrinks onto its object, as those of trackers do
        // before they lose it, seems to go elsewhere.
        overlap = Math.max(overlap, overlap(end, begin, 0, 0));
      }
      return overlap >= MIN_OVERLAP ? 1 - overlap : Double.NaN;
    }

    /// Overlap of box `end`, moved by so much, with box `begin`.
    private double overlap(int end, int begin, double dx, double dy) {
      float[] boxes = tracks.labels().boxes2d();
      int a = tracks.row(end) * LabelSet.BOX_2D;
      int b = tracks.row(begin) * LabelSet.BOX_2D;
      return ImageOverlap.iou(
          boxes[a] + dx,
          boxes[a + 1] + dy,
          boxes[a + 2] + dx,
          boxes[a + 3] + dy,
          boxes[b],
          boxes[b + 1],
          boxes[b + 2],
          boxes[b + 3]);
    }

    /// Takes the best links first, each box once, and joins a change of id with the one that takes
    /// it back.
    private void settle(CheckSink sink) {
      if (links.isEmpty()) {
        return;
      }
      links.sort(
          Order.byDouble(Link::misfit).thenComparingInt(Link::end).thenComparingInt(Link::begin));
      boolean[] ended = new boolean[tracks.size()];
      boolean[] begun = new boolean[tracks.size()];
      List<Link> kept = new ArrayList<>();
      for (Link link : links) {
        if (!ended[link.end] && !begun[link.begin]) {
          ended[link.end] = true;
          begun[link.begin] = true;
          kept.add(link);
        }
      }
      kept.sort(Order.<Link>byInt(l -> tracks.frame(l.end)).thenComparingInt(Link::end));
      Map<Integer, List<Link>> byTrack = new HashMap<>();
      for (Link link : kept) {
        byTrack.computeIfAbsent(tracks.track(link.end), t -> new ArrayList<>()).add(link);
      }
      boolean[] told = new boolean[tracks.size()];
      for (Link link : kept) {
        if (told[link.end]) {
          continue;
        }
        Link back = null;
        for (Link other : byTrack.getOrDefault(tracks.track(link.begin), List.of())) {
          if (tracks.track(other.begin) == tracks.track(link.end) && other.end >= link.begin) {
            back = other;
            told[other.end] = true;
            break;
          }
        }
        report(link, back, sink);
      }
    }

    private void report(Link link, @Nullable Link back, CheckSink sink) {
      LabelSet labels = tracks.labels();
      int first = tracks.row(link.end);
      int last = tracks.row(link.begin);
      String old = labels.trackName(tracks.track(link.end));
      String renewed = labels.trackName(tracks.track(link.begin));
      String fit =
          tracks.flat()
              ? "overlap " + round(1 - link.misfit) + " with the expected box"
              : round(link.misfit) + " m from the expected place";
      sink.report(
          Severity.WARNING,
          back == null ? "object goes on under a new id" : "object has another id for a while",
          labels.location(first, back == null ? last : tracks.row(back.begin)),
          new Evidence.Change("track id", old, renewed + (back == null ? "" : " -> " + old), fit),
          new Cause(
              "id-renewed",
              "one object under two ids: give the boxes of track " + renewed + " the id " + old));
    }

    private static String round(double value) {
      return Numbers.text(Math.rint(value * 100) / 100);
    }
  }
}
