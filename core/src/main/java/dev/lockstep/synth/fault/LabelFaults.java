package dev.lockstep.synth.fault;

import dev.lockstep.synth.fault.Fault.Kind;
import dev.lockstep.synth.fault.Fault.Parameter;
import dev.lockstep.synth.fault.LabelBox.Field;
import dev.lockstep.synth.fault.LabelTape.Track;
import java.util.ArrayList;
import java.util.List;

/// Faults in labelled boxes of one label stream.
final class LabelFaults {
  /// Frames that a track must have on either side for a fault to stand out.
  private static final int SUPPORT = 8;

  /// Changes below this cannot be told from an annotator's hand (effective-fault rule).
  private static final double EFFECTIVE_METERS = 0.1;

  private static final double EFFECTIVE_PIXELS = 1;

  static final List<Fault> ALL =
      List.of(
          fault(
              "category-flip",
              "gives a track another category for some frames",
              LabelFaults::flip,
              new Parameter("frames", "", 2)),
          fault(
              "category-change",
              "gives a track another category from some frame on",
              LabelFaults::change),
          fault(
              "identity-switch",
              "exchanges the ids of two tracks from some frame on",
              LabelFaults::identitySwitch),
          fault(
              "repeated-id",
              "puts a second box with the same id into a frame",
              LabelFaults::repeatedId,
              new Parameter("offset", "m or px", 0.5)),
          fault(
              "blink",
              "takes a track's boxes out of some frames",
              LabelFaults::blink,
              new Parameter("frames", "", 2)),
          fault(
              "fragmentation", "gives a track a new id from some frame on", LabelFaults::fragment),
          fault(
              "size-step",
              "changes the length of a rigid object from some frame on",
              LabelFaults::sizeStep,
              new Parameter("factor", "", 1.2)),
          fault(
              "yaw-flip",
              "turns a box the wrong way round for some frames",
              LabelFaults::yawFlip,
              new Parameter("frames", "", 1)),
          fault(
              "teleport",
              "moves a box away for some frames",
              LabelFaults::teleport,
              new Parameter("distance", "m or px", 4),
              new Parameter("frames", "", 1)),
          fault(
              "label-stamp-off",
              "stamps labels half-way between two sweeps",
              LabelFaults::stampOff,
              new Parameter("periods", "periods", 0.5)),
          fault("negative-size", "makes a box negatively wide", LabelFaults::negativeSize));

  private LabelFaults() {}

  private static Fault fault(
      String name, String summary, TapeFault.Planter planter, Parameter... parameters) {
    return new TapeFault(name, Kind.LABELS, summary, List.of(parameters), planter);
  }

  /// A frame of a track, with enough of it before and after.
  private record Spot(LabelTape labels, Track track, int at) {
    LabelBox box(int i) {
      return track.boxes().get(at + i);
    }

    Planted planted(String what, int frames) {
      save(frames);
      int first = track.frames().get(at);
      int last = track.frames().get(at + frames - 1);
      return labels.planted(what, first, last).track(track.id());
    }

    void save(int frames) {
      labels.save(track.frames().get(at), track.frames().get(at + frames - 1));
    }

    /// Frames from here to the end of the track.
    int remaining() {
      return track.frames().size() - at;
    }
  }

  private static Spot spot(Tape tape, Request request, int frames, boolean needs3d) {
    LabelTape labels = LabelTape.pick(tape, request, needs3d);
    List<Track> long1 = labels.tracks(SUPPORT + frames + SUPPORT);
    if (long1.isEmpty()) {
      throw new InapplicableFaultException(
          "no track has " + (2 * SUPPORT + frames) + " boxes in consecutive frames");
    }
    Integer wanted = request.at();
    if (wanted != null) {
      for (Track track : long1) {
        int at = track.frames().indexOf(wanted);
        if (at >= SUPPORT && at + frames + SUPPORT <= track.frames().size()) {
          return new Spot(labels, track, at);
        }
      }
      throw new InapplicableFaultException("no track has enough boxes around frame " + wanted);
    }
    Track track = long1.get((int) request.below(long1.size()));
    int at = SUPPORT + (int) request.below(track.frames().size() - 2 * SUPPORT - frames + 1);
    return new Spot(labels, track, at);
  }

  /// Another category that occurs in the labels, or a made-up one.
  private static String otherCategory(Spot spot, Request request) {
    List<String> others = new ArrayList<>(spot.labels.categories());
    others.remove(spot.box(0).category());
    return others.isEmpty() ? "other" : others.get((int) request.below(others.size()));
  }

  private static Planted flip(Tape tape, Request request) {
    int frames = request.count("frames");
    Spot spot = spot(tape, request, frames, false);
    String category = otherCategory(spot, request);
    String before = spot.box(0).category();
    for (int i = 0; i < frames; i++) {
      spot.box(i).setCategory(category);
    }
    return spot.planted(before + " called " + category + " for " + frames + " frames", frames)
        .expect("LAB001");
  }

  private static Planted change(Tape tape, Request request) {
    Spot spot = spot(tape, request, 1, false);
    String category = otherCategory(spot, request);
    String before = spot.box(0).category();
    int frames = spot.remaining();
    for (int i = 0; i < frames; i++) {
      spot.box(i).setCategory(category);
    }
    spot.save(frames);
    return spot.planted(before + " called " + category + " from here on", 1).expect("LAB002");
  }

  private static Planted identitySwitch(Tape tape, Request request) {
    LabelTape labels = LabelTape.pick(tape, request, false);
    LabelTape.Pair pair = labels.nearestPair(request, SUPPORT);
    String first = pair.first().id();
    String second = pair.second().id();
    for (int frame = pair.frame(); frame < labels.size(); frame++) {
      for (LabelBox box : labels.boxes(frame)) {
        if (box.track().equals(first)) {
          box.setTrack(second);
        } else if (box.track().equals(second)) {
          box.setTrack(first);
        }
      }
    }
    labels.save(pair.frame(), labels.size() - 1);
    double least = pair.inMeters() ? EFFECTIVE_METERS : EFFECTIVE_PIXELS;
    return labels
        .planted("exchanged with track " + second, pair.frame(), pair.frame())
        .track(first)
        .expect("LAB003")
        .effective(pair.distance() >= least);
  }

  private static Planted repeatedId(Tape tape, Request request) {
    double offset = request.number("offset");
    Spot spot = spot(tape, request, 1, false);
    int frame = spot.track.frames().get(spot.at);
    LabelBox copy = spot.labels.frame(frame).duplicate(spot.box(0));
    move(copy, offset);
    return spot.planted("second box with the same id", 1).expect("LAB004");
  }

  private static Planted blink(Tape tape, Request request) {
    int frames = request.count("frames");
    Spot spot = spot(tape, request, frames, false);
    for (int i = 0; i < frames; i++) {
      spot.labels.frame(spot.track.frames().get(spot.at + i)).remove(spot.box(i));
    }
    return spot.planted(frames + " frames without a box", frames).expect("LAB005");
  }

  private static Planted fragment(Tape tape, Request request) {
    Spot spot = spot(tape, request, 1, false);
    String fresh = spot.labels.freshTrack();
    int frames = spot.remaining();
    for (int i = 0; i < frames; i++) {
      spot.box(i).setTrack(fresh);
    }
    spot.save(frames);
    return spot.planted("goes on as track " + fresh, 1).expect("LAB006");
  }

  private static Planted sizeStep(Tape tape, Request request) {
    double factor = request.number("factor");
    Spot spot = spot(tape, request, 1, true);
    int frames = spot.remaining();
    double change = Math.abs(factor - 1) * spot.box(0).get(Field.LENGTH);
    for (int i = 0; i < frames; i++) {
      spot.box(i).set(Field.LENGTH, spot.box(i).get(Field.LENGTH) * factor);
    }
    spot.save(frames);
    return spot.planted("length times " + factor + " from here on", 1)
        .expect("LAB007")
        .effective(change >= EFFECTIVE_METERS);
  }

  private static Planted yawFlip(Tape tape, Request request) {
    int frames = request.count("frames");
    Spot spot = spot(tape, request, frames, true);
    for (int i = 0; i < frames; i++) {
      double yaw = spot.box(i).get(Field.YAW);
      spot.box(i).set(Field.YAW, yaw > 0 ? yaw - Math.PI : yaw + Math.PI);
    }
    return spot.planted("heading turned by 180 degrees for " + frames + " frames", frames)
        .expect("LAB008");
  }

  private static Planted teleport(Tape tape, Request request) {
    double distance = request.number("distance");
    int frames = request.count("frames");
    Spot spot = spot(tape, request, frames, false);
    boolean in3d = spot.box(0).has3d();
    for (int i = 0; i < frames; i++) {
      move(spot.box(i), distance);
    }
    return spot.planted("moved by " + distance + " for " + frames + " frames", frames)
        .expect("LAB009")
        .effective(Math.abs(distance) >= (in3d ? EFFECTIVE_METERS : EFFECTIVE_PIXELS));
  }

  private static void move(LabelBox box, double distance) {
    if (box.has3d()) {
      // Across its heading, where no motion explains it.
      double yaw = box.get(Field.YAW);
      double angle = Double.isNaN(yaw) ? 0 : yaw;
      box.set(Field.X, box.get(Field.X) - StrictMath.sin(angle) * distance);
      box.set(Field.Y, box.get(Field.Y) + StrictMath.cos(angle) * distance);
    } else {
      box.set(Field.LEFT, box.get(Field.LEFT) + distance);
      box.set(Field.RIGHT, box.get(Field.RIGHT) + distance);
    }
  }

  private static Planted stampOff(Tape tape, Request request) {
    double periods = request.number("periods");
    LabelTape labels = LabelTape.pick(tape, request, false);
    Request.Pick pick = new Request.Pick(labels.rows());
    if (!tape.stamped(pick.get(0).stream())) {
      throw new InapplicableFaultException("labels have no stamps");
    }
    TapeRow row = pick.get(request.position(pick.size(), 2, 2));
    long offNs = Math.round(periods * pick.periodNs());
    row.setStampNs(row.stampNs() + offNs);
    return Planted.of("labels stamped " + offNs + " ns off their sweep")
        .at(row, row)
        .expect("LAB010")
        // The stream of labels has a rhythm of its own, which breaks too.
        .also("TIM009")
        .effective(offNs != 0);
  }

  private static Planted negativeSize(Tape tape, Request request) {
    Spot spot = spot(tape, request, 1, false);
    LabelBox box = spot.box(0);
    if (box.has3d()) {
      box.set(Field.WIDTH, -box.get(Field.WIDTH));
    } else {
      double left = box.get(Field.LEFT);
      box.set(Field.LEFT, box.get(Field.RIGHT));
      box.set(Field.RIGHT, left);
    }
    return spot.planted("negative width", 1).expect("LAB011");
  }
}
