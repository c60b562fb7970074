package dev.lockstep.synth.fault;

import dev.lockstep.synth.fault.LabelBox.Field;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One label stream of a [Tape] with all its boxes, by frame and by track. Frames are numbered by
/// their messages.
final class LabelTape {
  private final @Nullable Tape tape;
  private final List<TapeRow> rows;
  private final List<LabelFrame> frames;

  /// One track: the frames it appears in, and its box in each.
  ///
  /// @param id its id
  /// @param frames message numbers, consecutive
  /// @param boxes one a frame
  record Track(String id, List<Integer> frames, List<LabelBox> boxes) {}

  /// Two tracks side by side in a frame.
  record Pair(Track first, Track second, int frame, double distance, boolean inMeters) {}

  private LabelTape(@Nullable Tape tape, List<TapeRow> rows, List<LabelFrame> frames) {
    this.tape = tape;
    this.rows = rows;
    this.frames = frames;
  }

  /// Labels in memory.
  static LabelTape of(LabelTable table) {
    return new LabelTape(null, List.of(), table.frames());
  }

  /// A label stream with boxes; with 3D boxes first, unless a stream is asked for.
  static LabelTape pick(Tape tape, Request request, boolean needs3d) {
    LabelTape picked = null;
    Request.Pick any = request.pick(tape, EnumSet.of(StreamKind.LABELS), 1);
    for (int stream = 0; stream < tape.streams().size(); stream++) {
      boolean asked = stream == any.get(0).stream();
      if (!asked
          && (request.hasStream() || tape.streams().get(stream).kind() != StreamKind.LABELS)) {
        continue;
      }
      List<TapeRow> rows = tape.rows(stream);
      if (rows.isEmpty()) {
        continue;
      }
      LabelTape labels = new LabelTape(tape, rows, rows.stream().map(tape::labels).toList());
      boolean solid =
          labels.frames.stream().anyMatch(f -> f.boxes().stream().anyMatch(LabelBox::has3d));
      boolean filled = labels.frames.stream().anyMatch(frame -> !frame.boxes().isEmpty());
      if (solid || (filled && !needs3d && picked == null)) {
        picked = labels;
        if (solid) {
          break;
        }
      }
    }
    if (picked == null) {
      throw new InapplicableFaultException(
          "no label stream with " + (needs3d ? "3D boxes" : "boxes that can be read"));
    }
    return picked;
  }

  List<TapeRow> rows() {
    return rows;
  }

  int size() {
    return frames.size();
  }

  LabelFrame frame(int number) {
    return frames.get(number);
  }

  List<LabelBox> boxes(int number) {
    return frames.get(number).boxes();
  }

  Set<String> categories() {
    Set<String> all = new LinkedHashSet<>();
    for (LabelFrame frame : frames) {
      frame.boxes().forEach(box -> all.add(box.category()));
    }
    return all;
  }

  /// Tracks with at least `length` boxes, without a hole, in order of first appearance.
  List<Track> tracks(int length) {
    Map<String, Track> all = new LinkedHashMap<>();
    for (int frame = 0; frame < frames.size(); frame++) {
      for (LabelBox box : boxes(frame)) {
        if (!box.track().isEmpty() && !box.track().equals("-1")) {
          Track track =
              all.computeIfAbsent(
                  box.track(), id -> new Track(id, new ArrayList<>(), new ArrayList<>()));
          track.frames.add(frame);
          track.boxes.add(box);
        }
      }
    }
    return all.values().stream()
        .filter(track -> track.frames.size() >= length)
        .filter(
            track -> track.frames.getLast() - track.frames.getFirst() == track.frames.size() - 1)
        .toList();
  }

  /// An id that no track has: one above the greatest number, or a word.
  String freshTrack() {
    long greatest = 0;
    for (LabelFrame frame : frames) {
      for (LabelBox box : frame.boxes()) {
        if (!box.track().matches("-?\\d{1,18}")) {
          return "new-track";
        }
        greatest = Math.max(greatest, Long.parseLong(box.track()));
      }
    }
    return Long.toString(greatest + 1);
  }

  /// The two tracks, of one category if any are, that are nearest to each other in a frame chosen
  /// by chance, each with `support` boxes before and after, `least` to `most` apart.
  Pair nearestPair(Request request, int support, double least, double most) {
    List<Track> tracks = tracks(2 * support);
    Integer wanted = request.at();
    int start = wanted == null ? (int) request.below(size()) : wanted;
    for (int step = 0; step < (wanted == null ? size() : 1); step++) {
      int frame = (start + step) % size();
      List<Track> here = new ArrayList<>();
      for (Track track : tracks) {
        if (boxAt(track, frame, support) != null) {
          here.add(track);
        }
      }
      Pair best = null;
      boolean bestAlike = false;
      for (int a = 0; a < here.size(); a++) {
        for (int b = a + 1; b < here.size(); b++) {
          LabelBox first = boxAt(here.get(a), frame, support);
          LabelBox second = boxAt(here.get(b), frame, support);
          if (first == null || second == null) {
            continue;
          }
          boolean alike = first.category().equals(second.category());
          double distance = distance(first, second);
          if (!(distance >= least && distance < most)) {
            continue;
          }
          if (best == null
              || (alike && !bestAlike)
              || (alike == bestAlike && distance < best.distance)) {
            best = new Pair(here.get(a), here.get(b), frame, distance, first.has3d());
            bestAlike = alike;
          }
        }
      }
      if (best != null && (bestAlike || wanted != null)) {
        return best;
      }
    }
    throw new InapplicableFaultException(
        "no two tracks of one category with " + support + " boxes before and after a frame");
  }

  private static @Nullable LabelBox boxAt(Track track, int frame, int support) {
    int at = frame - track.frames.getFirst();
    return at < support || at + support > track.frames.size() ? null : track.boxes.get(at);
  }

  private static double distance(LabelBox a, LabelBox b) {
    Field across = a.has3d() ? Field.X : Field.LEFT;
    Field along = a.has3d() ? Field.Y : Field.TOP;
    double dx = a.get(across) - b.get(across);
    double dy = a.get(along) - b.get(along);
    return Math.sqrt(dx * dx + dy * dy);
  }

  /// Writes frames back.
  void save(int first, int last) {
    for (int frame = first; tape != null && frame <= last; frame++) {
      tape.setLabels(rows.get(frame), frames.get(frame));
    }
  }

  Planted planted(String what, int first, int last) {
    Planted planted = Planted.of(what).frames(frames.get(first).frame(), frames.get(last).frame());
    return tape == null ? planted : planted.at(rows.get(first), rows.get(last));
  }
}
