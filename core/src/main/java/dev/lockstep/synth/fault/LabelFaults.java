package dev.lockstep.synth.fault;

import dev.lockstep.synth.fault.Fault.Kind;
import dev.lockstep.synth.fault.Fault.Parameter;
import dev.lockstep.synth.fault.LabelBox.Field;
import dev.lockstep.synth.fault.LabelTape.Track;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Faults in labelled boxes of one label stream.
final class LabelFaults {
  /// Frames that a track must have on either side for a fault to stand out.
  private static final int SUPPORT = 8;

  /// Changes below this cannot be told from an annotator's hand (effective-fault rule).
  private static final double EFFECTIVE_METERS = 0.1;

  private static final double EFFECTIVE_PIXELS = 1;

  /// Places that are looked at before a fault is planted where nothing moves.
  private static final int TRIES = 50;

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
              "exchanges the ids of two tracks from some frame on, or for some frames",
              LabelFaults::identitySwitch,
              new Parameter("frames", "", 0),
              new Parameter("min-distance", "m or px", 0),
              new Parameter("max-distance", "m or px", 1e9)),
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
          solid(
              "size-step",
              "changes the length of a rigid object from some frame on",
              LabelFaults::sizeStep,
              new Parameter("factor", "", 1.2)),
          solid(
              "yaw-flip",
              "turns a box the wrong way round for some frames, or from some frame on (0)",
              LabelFaults::yawFlip,
              new Parameter("frames", "", 1),
              new Parameter("degrees", "deg", 180)),
          fault(
              "teleport",
              "moves a box away for some frames",
              LabelFaults::teleport,
              new Parameter("distance", "m or px", 4),
              new Parameter("frames", "", 1)),
          solid(
              "track-leap",
              "moves a track's boxes away from some frame on",
              LabelFaults::leap,
              new Parameter("distance", "m", 3)),
          solid(
              "stretch-aside",
              "moves a track's boxes aside for some frames, and back",
              LabelFaults::aside,
              new Parameter("distance", "m", 0.5),
              new Parameter("frames", "", 20)),
          new TapeFault(
              "label-stamp-off",
              Kind.LABELS,
              "stamps labels half-way between two sweeps",
              List.of(new Parameter("periods", "periods", 0.5)),
              LabelFaults::stampOff),
          fault("negative-size", "makes a box negatively wide", LabelFaults::negativeSize),
          solid(
              "box-jitter",
              "moves a track's boxes to and fro for some frames",
              LabelFaults::jitter,
              new Parameter("deviation", "m", 0.3),
              new Parameter("frames", "", 20)),
          fault(
              "frozen-box",
              "leaves a track's box where it was for some frames",
              LabelFaults::freeze,
              new Parameter("frames", "", 3)),
          solid(
              "second-box",
              "puts a second box with an id of its own on an object for some frames",
              LabelFaults::second,
              new Parameter("offset", "m", 0.1),
              new Parameter("frames", "", 5)));

  /// Shorter objects bend, and may change their size: people, cyclists (judged).
  private static final double VEHICLE_METERS = 2.5;

  private LabelFaults() {}

  private static Fault fault(
      String name, String summary, LabelFault.Planter planter, Parameter... parameters) {
    return new LabelFault(name, summary, false, List.of(parameters), planter);
  }

  /// A fault that only boxes in space can have.
  private static Fault solid(
      String name, String summary, LabelFault.Planter planter, Parameter... parameters) {
    return new LabelFault(name, summary, true, List.of(parameters), planter);
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

  private static Spot spot(LabelTape labels, Request request, int frames) {
    return spot(labels, request, frames, track -> true, "box");
  }

  /// A place in a track that can show the fault.
  ///
  /// @param fit whether a track can
  /// @param what such boxes, for who has none
  private static Spot spot(
      LabelTape labels, Request request, int frames, Predicate<Track> fit, String what) {
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
    int chosen = (int) request.below(long1.size());
    for (int i = 0; i < long1.size() && !fit.test(long1.get(chosen)); i++) {
      chosen = (chosen + 1) % long1.size();
    }
    Track track = long1.get(chosen);
    if (!fit.test(track)) {
      throw new InapplicableFaultException("no track of enough length has a " + what);
    }
    int at = SUPPORT + (int) request.below(track.frames().size() - 2 * SUPPORT - frames + 1);
    return new Spot(labels, track, at);
  }

  /// Another category that occurs in the labels, or a made-up one.
  private static String otherCategory(Spot spot, Request request) {
    List<String> others = new ArrayList<>(spot.labels.categories());
    others.remove(spot.box(0).category());
    return others.isEmpty() ? "other" : others.get((int) request.below(others.size()));
  }

  private static Planted flip(LabelTape labels, Request request) {
    int frames = request.count("frames");
    Spot spot = spot(labels, request, frames);
    String category = otherCategory(spot, request);
    String before = spot.box(0).category();
    for (int i = 0; i < frames; i++) {
      spot.box(i).setCategory(category);
    }
    return spot.planted(before + " called " + category + " for " + frames + " frames", frames)
        .expect("LAB001");
  }

  private static Planted change(LabelTape labels, Request request) {
    Spot spot = spot(labels, request, 1);
    String category = otherCategory(spot, request);
    String before = spot.box(0).category();
    int frames = spot.remaining();
    for (int i = 0; i < frames; i++) {
      spot.box(i).setCategory(category);
    }
    spot.save(frames);
    return spot.planted(before + " called " + category + " from here on", 1).expect("LAB002");
  }

  private static Planted identitySwitch(LabelTape labels, Request request) {
    int frames = (int) request.number("frames");
    LabelTape.Pair pair =
        labels.nearestPair(
            request,
            SUPPORT + frames,
            request.number("min-distance"),
            request.number("max-distance"));
    String first = pair.first().id();
    String second = pair.second().id();
    int end = frames == 0 ? labels.size() : pair.frame() + frames;
    for (int frame = pair.frame(); frame < end; frame++) {
      for (LabelBox box : labels.boxes(frame)) {
        if (box.track().equals(first)) {
          box.setTrack(second);
        } else if (box.track().equals(second)) {
          box.setTrack(first);
        }
      }
    }
    labels.save(pair.frame(), end - 1);
    double least = pair.inMeters() ? EFFECTIVE_METERS : EFFECTIVE_PIXELS;
    return labels
        .planted(
            "exchanged with track " + second, pair.frame(), frames == 0 ? pair.frame() : end - 1)
        .track(first)
        .expect("LAB003")
        .effective(pair.distance() >= least);
  }

  private static Planted repeatedId(LabelTape labels, Request request) {
    double offset = request.number("offset");
    Spot spot = spot(labels, request, 1);
    int frame = spot.track.frames().get(spot.at);
    LabelBox copy = spot.labels.frame(frame).duplicate(spot.box(0));
    move(copy, offset);
    return spot.planted("second box with the same id", 1).expect("LAB004");
  }

  private static Planted blink(LabelTape labels, Request request) {
    int frames = request.count("frames");
    Spot spot = spot(labels, request, frames);
    for (int i = 0; i < frames; i++) {
      spot.labels.frame(spot.track.frames().get(spot.at + i)).remove(spot.box(i));
    }
    return spot.planted(frames + " frames without a box", frames).expect("LAB005");
  }

  private static Planted fragment(LabelTape labels, Request request) {
    Spot spot = spot(labels, request, 1);
    String fresh = spot.labels.freshTrack();
    int frames = spot.remaining();
    for (int i = 0; i < frames; i++) {
      spot.box(i).setTrack(fresh);
    }
    spot.save(frames);
    return spot.planted("goes on as track " + fresh, 1).expect("LAB006");
  }

  private static Planted sizeStep(LabelTape labels, Request request) {
    double factor = request.number("factor");
    Spot spot =
        spot(
            labels,
            request,
            1,
            track -> track.boxes().getFirst().get(Field.LENGTH) >= VEHICLE_METERS,
            "box of a vehicle, at least " + VEHICLE_METERS + " m long");
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

  /// Whether a box shows where it points: that of somebody on foot is as wide as long.
  private static boolean hasFront(LabelBox box) {
    return box.get(Field.LENGTH) > 1.3 * box.get(Field.WIDTH);
  }

  private static Planted yawFlip(LabelTape labels, Request request) {
    double degrees = request.number("degrees");
    int wanted = (int) request.number("frames");
    Spot spot =
        spot(
            labels,
            request,
            Math.max(1, wanted),
            track -> hasFront(track.boxes().getFirst()),
            "box that is longer than wide");
    int frames = wanted == 0 ? spot.remaining() : wanted;
    for (int i = 0; i < frames; i++) {
      double yaw = spot.box(i).get(Field.YAW);
      double turned = yaw > 0 ? yaw - Math.toRadians(degrees) : yaw + Math.toRadians(degrees);
      spot.box(i).set(Field.YAW, turned);
    }
    spot.save(frames);
    String what = "heading turned by " + degrees + " degrees ";
    return spot.planted(
            what + (wanted == 0 ? "from here on" : "for " + frames + " frames"),
            Math.max(1, wanted))
        .expect("LAB008");
  }

  private static Planted teleport(LabelTape labels, Request request) {
    double distance = request.number("distance");
    int frames = request.count("frames");
    Spot spot = spot(labels, request, frames);
    boolean in3d = spot.box(0).has3d();
    for (int i = 0; i < frames; i++) {
      move(spot.box(i), distance);
    }
    return spot.planted("moved by " + distance + " for " + frames + " frames", frames)
        .expect("LAB009")
        .effective(Math.abs(distance) >= (in3d ? EFFECTIVE_METERS : EFFECTIVE_PIXELS));
  }

  private static Planted leap(LabelTape labels, Request request) {
    double distance = request.number("distance");
    Spot spot = spot(labels, request, 1);
    int frames = spot.remaining();
    for (int i = 0; i < frames; i++) {
      move(spot.box(i), distance);
    }
    spot.save(frames);
    return spot.planted("moved by " + distance + " from here on", 1)
        .expect("LAB025")
        .effective(Math.abs(distance) >= EFFECTIVE_METERS);
  }

  private static Planted aside(LabelTape labels, Request request) {
    double distance = request.number("distance");
    int frames = request.count("frames");
    Spot spot = spot(labels, request, frames);
    for (int i = 0; i < frames; i++) {
      move(spot.box(i), distance);
    }
    return spot.planted("moved aside by " + distance + " for " + frames + " frames", frames)
        .expect("LAB026")
        .effective(Math.abs(distance) >= EFFECTIVE_METERS);
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

  private static Planted negativeSize(LabelTape labels, Request request) {
    Spot spot = spot(labels, request, 1);
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

  private static Planted jitter(LabelTape labels, Request request) {
    double deviation = request.number("deviation");
    int frames = request.count("frames");
    Spot spot = spot(labels, request, frames);
    for (int i = 0; i < frames; i++) {
      LabelBox box = spot.box(i);
      box.set(Field.X, box.get(Field.X) + deviation * request.bell());
      box.set(Field.Y, box.get(Field.Y) + deviation * request.bell());
    }
    return spot.planted("moved to and fro by " + deviation + " m", frames)
        .expect("LAB020", "LAB009")
        .effective(deviation >= EFFECTIVE_METERS / 2);
  }

  /// Leaves a moving object's box where it was; one that stands if none that moves is met.
  private static Planted freeze(LabelTape labels, Request request) {
    int frames = request.count("frames");
    Spot spot = spot(labels, request, frames);
    for (int tries = 0; tries < TRIES && !moves(spot, frames); tries++) {
      spot = spot(labels, request, frames);
    }
    boolean effective = moves(spot, frames);
    Planted planted = spot.planted("left where it was for " + frames + " frames", frames);
    LabelBox before = spot.box(-1);
    for (int i = 0; i < frames; i++) {
      LabelFrame frame = labels.frame(spot.track.frames().get(spot.at + i));
      // A copy, so that the numbers agree to the last bit.
      List<LabelBox> boxes = new ArrayList<>(frame.boxes());
      boxes.set(boxes.indexOf(spot.box(i)), before);
      frame.setBoxes(boxes);
    }
    spot.save(frames);
    return planted.expect("LAB018", "LAB009").effective(effective);
  }

  private static boolean moves(Spot spot, int frames) {
    LabelBox a = spot.box(-1);
    LabelBox b = spot.box(frames - 1);
    return a.has3d()
        ? Math.hypot(a.get(Field.X) - b.get(Field.X), a.get(Field.Y) - b.get(Field.Y))
            >= EFFECTIVE_METERS
        : Math.abs(a.get(Field.LEFT) - b.get(Field.LEFT)) >= EFFECTIVE_PIXELS;
  }

  private static Planted second(LabelTape labels, Request request) {
    double offset = request.number("offset");
    int frames = request.count("frames");
    Spot spot = spot(labels, request, frames);
    String fresh = labels.freshTrack();
    for (int i = 0; i < frames; i++) {
      LabelBox copy = labels.frame(spot.track.frames().get(spot.at + i)).duplicate(spot.box(i));
      copy.setTrack(fresh);
      move(copy, offset);
    }
    return spot.planted("labelled once more as track " + fresh, frames).expect("LAB019");
  }
}
