package dev.lockstep.synth.fault;

import dev.lockstep.synth.fault.Fault.Parameter;
import dev.lockstep.synth.fault.LabelBox.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Faults that give whole frames the labels of other frames, as races and off-by-one errors of
/// labelling and export tools do.
final class FrameFaults {
  /// Frames with labels that must stand on either side for the fault to stand out.
  private static final int SUPPORT = 5;

  private static final double EFFECTIVE_METERS = 0.1;
  private static final double EFFECTIVE_PIXELS = 1;

  private static final String RULE = "LAB017";

  static final List<Fault> ALL =
      List.of(
          fault("frame-swap", "exchanges the labels of two frames in a row", FrameFaults::swap),
          fault(
              "frame-rotation",
              "gives each of three frames in a row the labels of the next, the last those of the"
                  + " first",
              FrameFaults::rotate),
          fault(
              "stale-frame",
              "gives a frame the labels of the frame before once more",
              FrameFaults::repeat),
          fault(
              "frame-unlabelled",
              "takes all labels out of some frames",
              FrameFaults::unlabel,
              new Parameter("frames", "", 1)),
          fault(
              "frame-shift",
              "gives all frames from some frame on the labels of earlier (or, negative, later)"
                  + " frames",
              FrameFaults::shift,
              new Parameter("frames", "", 1)),
          new LabelFault(
              "frame-pose",
              "moves, turns and scales the places of all boxes of a frame, as a wrong pose does",
              true,
              List.of(
                  new Parameter("distance", "m", 0),
                  new Parameter("degrees", "deg", 1),
                  new Parameter("factor", "", 1)),
              FrameFaults::pose),
          new LabelFault(
              "sizes-scaled",
              "scales all sizes of all boxes, as an export in another unit does",
              true,
              List.of(new Parameter("factor", "", 0.5)),
              FrameFaults::resize),
          fault(
              "category-lost",
              "takes all labels of a category out from some frame on",
              FrameFaults::lose));

  private FrameFaults() {}

  private static Fault fault(
      String name, String summary, LabelFault.Planter planter, Parameter... parameters) {
    return new LabelFault(name, summary, false, List.of(parameters), planter);
  }

  private static Planted swap(LabelTape labels, Request request) {
    int at = place(labels, request, 2);
    return exchange(labels, at, 2, "labels of two frames exchanged", 1, 0);
  }

  private static Planted rotate(LabelTape labels, Request request) {
    int at = place(labels, request, 3);
    return exchange(labels, at, 3, "labels of three frames rotated", 1, 2, 0);
  }

  private static Planted repeat(LabelTape labels, Request request) {
    int at = place(labels, request, 1);
    return exchange(labels, at, 1, "labels of the frame before once more", -1);
  }

  private static Planted unlabel(LabelTape labels, Request request) {
    int frames = (int) request.number("frames");
    int at = place(labels, request, frames);
    for (int i = 0; i < frames; i++) {
      labels.frame(at + i).setBoxes(List.of());
    }
    labels.save(at, at + frames - 1);
    return labels
        .planted("labels of " + frames + " frames left out", at, at + frames - 1)
        .expect("LAB024");
  }

  /// Boxes of one frame that tell its pose from their own faults.
  private static final int MIN_POSED = 4;

  private static Planted pose(LabelTape labels, Request request) {
    double distance = request.number("distance");
    double turn = Math.toRadians(request.number("degrees"));
    double factor = request.number("factor");
    int at = place(labels, request, 1);
    List<LabelBox> boxes = labels.boxes(at).stream().filter(LabelBox::has3d).toList();
    if (boxes.size() < MIN_POSED) {
      throw new InapplicableFaultException(
          "frame " + at + " has fewer than " + MIN_POSED + " boxes in space");
    }
    double middleX = boxes.stream().mapToDouble(b -> b.get(Field.X)).average().orElseThrow();
    double middleY = boxes.stream().mapToDouble(b -> b.get(Field.Y)).average().orElseThrow();
    double squares = 0;
    for (LabelBox box : boxes) {
      double x = box.get(Field.X) - middleX;
      double y = box.get(Field.Y) - middleY;
      double toX = factor * (StrictMath.cos(turn) * x - StrictMath.sin(turn) * y) + distance;
      double toY = factor * (StrictMath.sin(turn) * x + StrictMath.cos(turn) * y);
      squares += (toX - x) * (toX - x) + (toY - y) * (toY - y);
      box.set(Field.X, middleX + toX);
      box.set(Field.Y, middleY + toY);
      box.set(Field.YAW, box.get(Field.YAW) + turn);
    }
    labels.save(at, at);
    return labels
        .planted("all boxes moved, turned or scaled", at, at)
        .expect("LAB009")
        .effective(Math.sqrt(squares / boxes.size()) >= EFFECTIVE_METERS);
  }

  /// Cars that must be there for their middle size to tell, and what it may be off by.
  private static final int MIN_CARS = 5;

  private static final double MAX_FACTOR = 1.3;

  private static Planted resize(LabelTape labels, Request request) {
    double factor = request.number("factor");
    long cars = labels.tracks(1).stream().filter(track -> isCar(track.boxes().getFirst())).count();
    if (cars < MIN_CARS) {
      throw new InapplicableFaultException(cars + " cars, where " + MIN_CARS + " would tell");
    }
    for (int i = 0; i < labels.size(); i++) {
      for (LabelBox box : labels.boxes(i)) {
        if (box.has3d()) {
          for (Field side : List.of(Field.LENGTH, Field.WIDTH, Field.HEIGHT)) {
            box.set(side, factor * box.get(side));
          }
        }
      }
    }
    labels.save(0, labels.size() - 1);
    return labels
        .planted("all sizes times " + factor, 0, labels.size() - 1)
        .expect("LAB032")
        .effective(Math.max(factor, 1 / factor) > MAX_FACTOR);
  }

  private static boolean isCar(LabelBox box) {
    String category = box.category().toLowerCase(Locale.ROOT);
    return box.has3d() && (category.equals("car") || category.equals("regular_vehicle"));
  }

  /// Tracks of a category that must be in progress for their end to be odd, and of others.
  private static final int MIN_LOST = 3;

  private static final int MIN_STAYING = 2;

  private static Planted lose(LabelTape labels, Request request) {
    int first = request.position(labels.size(), SUPPORT, 2 * SUPPORT);
    Integer wanted = request.at();
    for (int step = 0; step < (wanted == null ? labels.size() : 1); step++) {
      int at = (first + step) % labels.size();
      if (at < SUPPORT || at + 2 * SUPPORT > labels.size()) {
        continue;
      }
      for (String category : labels.categories()) {
        int lost = 0;
        int staying = 0;
        for (LabelBox box : labels.boxes(at)) {
          boolean goesOn =
              labels.boxes(at - 1).stream().anyMatch(b -> b.track().equals(box.track()));
          lost += goesOn && box.category().equals(category) ? 1 : 0;
          staying += goesOn && !box.category().equals(category) ? 1 : 0;
        }
        if (lost >= MIN_LOST && staying >= MIN_STAYING) {
          for (int i = at; i < labels.size(); i++) {
            labels
                .frame(i)
                .setBoxes(
                    labels.boxes(i).stream().filter(b -> !b.category().equals(category)).toList());
          }
          labels.save(at, labels.size() - 1);
          return labels.planted("no " + category + " from here on", at, at).expect("LAB030");
        }
      }
    }
    throw new InapplicableFaultException(
        "at no frame do "
            + MIN_LOST
            + " tracks of a category and "
            + MIN_STAYING
            + " others go on");
  }

  private static Planted shift(LabelTape labels, Request request) {
    int by = (int) request.number("frames");
    int at = place(labels, request, Math.abs(by) + SUPPORT);
    int[] from = new int[labels.size() - at];
    for (int i = 0; i < from.length; i++) {
      from[i] = i - by;
    }
    return exchange(labels, at, 1, "labels come " + by + " frames late from here on", from);
  }

  /// A frame with labels, as are those around it.
  private static int place(LabelTape labels, Request request, int frames) {
    for (int tries = 0; tries < 100; tries++) {
      int at = request.position(labels.size(), SUPPORT, frames + SUPPORT);
      boolean full = true;
      for (int i = at - SUPPORT; i < at + frames + SUPPORT; i++) {
        full &= !labels.boxes(i).isEmpty();
      }
      if (full) {
        return at;
      }
    }
    throw new InapplicableFaultException("no " + (frames + 2 * SUPPORT) + " frames with labels");
  }

  /// Gives frame `at + i` the labels of frame `at + from[i]`, none where there is no such frame,
  /// and names the first `frames` as the place.
  private static Planted exchange(LabelTape labels, int at, int frames, String what, int... from) {
    List<List<LabelBox>> sources = new ArrayList<>();
    double moved = 0;
    for (int i = 0; i < from.length; i++) {
      int source = at + from[i];
      List<LabelBox> boxes = source < labels.size() ? labels.boxes(source) : List.of();
      moved = Math.max(moved, moved(labels.boxes(at + i), boxes));
      sources.add(boxes);
    }
    for (int i = 0; i < from.length; i++) {
      labels.frame(at + i).setBoxes(sources.get(i));
    }
    labels.save(at, at + from.length - 1);
    return labels.planted(what, at, at + frames - 1).expect(RULE).effective(moved >= 1);
  }

  /// Furthest that a box moves, in units of what can be seen.
  private static double moved(List<LabelBox> before, List<LabelBox> after) {
    double most = 0;
    for (LabelBox a : before) {
      for (LabelBox b : after) {
        if (a.track().equals(b.track())) {
          boolean solid = a.has3d() && b.has3d();
          Field across = solid ? Field.X : Field.LEFT;
          Field along = solid ? Field.Y : Field.TOP;
          double distance = Math.hypot(a.get(across) - b.get(across), a.get(along) - b.get(along));
          most = Math.max(most, distance / (solid ? EFFECTIVE_METERS : EFFECTIVE_PIXELS));
        }
      }
    }
    return most;
  }
}
