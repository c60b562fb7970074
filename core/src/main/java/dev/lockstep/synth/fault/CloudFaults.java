package dev.lockstep.synth.fault;

import dev.lockstep.synth.fault.Fault.Kind;
import dev.lockstep.synth.fault.Fault.Parameter;
import dev.lockstep.synth.fault.Request.Pick;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;

/// Faults in what the points of a LiDAR say, for some sweeps in a row.
final class CloudFaults {
  /// Sweeps in front, from which rules learn what is usual.
  private static final int LEARNED = 25;

  private static final Parameter COUNT = new Parameter("count", "sweeps", 6);

  static final List<Fault> ALL =
      List.of(
          fault(
              "turned-cloud",
              "turns the points of some sweeps about the vertical, as if the sensor had moved",
              CloudFaults::turn,
              COUNT,
              new Parameter("degrees", "", 30)),
          fault(
              "mirrored-cloud", "mirrors some sweeps, left for right", CloudFaults::mirror, COUNT),
          fault(
              "scaled-cloud",
              "gives some sweeps in another unit of length",
              CloudFaults::scale,
              COUNT,
              new Parameter("factor", "", 3.2808)),
          fault(
              "lifted-cloud",
              "gives some sweeps at another height",
              CloudFaults::lift,
              COUNT,
              new Parameter("meters", "m", 1.5)),
          fault(
              "point-times-reversed",
              "lets the times of the points of some sweeps run backward",
              CloudFaults::reverse,
              COUNT),
          fault(
              "point-times-equal",
              "gives all points of some sweeps the time of the first",
              CloudFaults::collapse,
              COUNT),
          fault(
              "point-times-unit",
              "gives the times of the points of some sweeps in a coarser unit",
              CloudFaults::shorten,
              COUNT,
              new Parameter("factor", "", 1000)),
          fault(
              "silent-laser",
              "takes the points of one laser out of some sweeps",
              CloudFaults::silence,
              COUNT),
          fault(
              "constant-intensity",
              "gives all points of some sweeps one intensity",
              CloudFaults::flatten,
              COUNT));

  private CloudFaults() {}

  private static Fault fault(
      String name, String summary, TapeFault.Planter planter, Parameter... parameters) {
    return new TapeFault(name, Kind.PAYLOAD, summary, List.of(parameters), planter);
  }

  /// Changes the sweeps that are hit in place.
  private static Planted each(
      Tape tape, Request request, String what, String check, Consumer<CloudView> change) {
    int count = request.count("count");
    Pick pick = request.pick(tape, EnumSet.of(StreamKind.LIDAR), LEARNED + count + 2);
    int at = request.position(pick.size(), LEARNED, count + 1);
    for (int i = at; i < at + count; i++) {
      byte[] payload = tape.payload(pick.get(i));
      change.accept(CloudView.of(payload));
      tape.setPayload(pick.get(i), payload);
    }
    return Planted.of(count + " sweeps " + what)
        .at(pick.get(at), pick.get(at + count - 1))
        .expect(check);
  }

  private static Planted turn(Tape tape, Request request) {
    double degrees = request.number("degrees");
    double cosine = Math.cos(Math.toRadians(degrees));
    double sine = Math.sin(Math.toRadians(degrees));
    return each(
        tape,
        request,
        "turned by " + degrees + " degrees",
        "LID016",
        cloud -> {
          for (int point = 0; point < cloud.points(); point++) {
            double x = cloud.coordinate(point, 0);
            double y = cloud.coordinate(point, 1);
            cloud.setCoordinate(point, 0, (float) (cosine * x - sine * y));
            cloud.setCoordinate(point, 1, (float) (sine * x + cosine * y));
          }
        });
  }

  private static Planted mirror(Tape tape, Request request) {
    return each(
        tape,
        request,
        "mirrored",
        "LID016",
        cloud -> {
          for (int point = 0; point < cloud.points(); point++) {
            cloud.setCoordinate(point, 1, -cloud.coordinate(point, 1));
          }
        });
  }

  private static Planted scale(Tape tape, Request request) {
    float factor = (float) request.number("factor");
    return each(
        tape,
        request,
        "scaled by " + factor,
        "LID013",
        cloud -> {
          for (int point = 0; point < cloud.points(); point++) {
            for (int axis = 0; axis < 3; axis++) {
              cloud.setCoordinate(point, axis, factor * cloud.coordinate(point, axis));
            }
          }
        });
  }

  private static Planted lift(Tape tape, Request request) {
    float meters = (float) request.number("meters");
    return each(
        tape,
        request,
        "lifted by " + meters + " m",
        "LID013",
        cloud -> {
          for (int point = 0; point < cloud.points(); point++) {
            cloud.setCoordinate(point, 2, meters + cloud.coordinate(point, 2));
          }
        });
  }

  private static Planted reverse(Tape tape, Request request) {
    return each(
        tape,
        request,
        "with times that run backward",
        "LID016",
        cloud -> {
          CloudView.Field time = cloud.field("t");
          double last = 0;
          for (int point = 0; point < cloud.points(); point++) {
            last = Math.max(last, cloud.number(time, point));
          }
          for (int point = 0; point < cloud.points(); point++) {
            cloud.setNumber(time, point, last - cloud.number(time, point));
          }
        });
  }

  private static Planted collapse(Tape tape, Request request) {
    return each(
        tape,
        request,
        "whose points have one time",
        "LID006",
        cloud -> {
          CloudView.Field time = cloud.field("t");
          for (int point = 0; point < cloud.points(); point++) {
            cloud.setNumber(time, point, 0);
          }
        });
  }

  private static Planted shorten(Tape tape, Request request) {
    double factor = request.number("factor");
    return each(
        tape,
        request,
        "with times in a unit " + factor + " times coarser",
        "LID005",
        cloud -> {
          CloudView.Field time = cloud.field("t");
          for (int point = 0; point < cloud.points(); point++) {
            cloud.setNumber(time, point, Math.rint(cloud.number(time, point) / factor));
          }
        });
  }

  private static Planted flatten(Tape tape, Request request) {
    return each(
        tape,
        request,
        "of one intensity",
        "LID015",
        cloud -> {
          CloudView.Field intensity = cloud.field("intensity");
          for (int point = 0; point < cloud.points(); point++) {
            cloud.setNumber(intensity, point, 7);
          }
        });
  }

  private static Planted silence(Tape tape, Request request) {
    int count = request.count("count");
    Pick pick = request.pick(tape, EnumSet.of(StreamKind.LIDAR), LEARNED + count + 2);
    int at = request.position(pick.size(), LEARNED, count + 1);
    CloudView first = CloudView.of(tape.payload(pick.get(at)));
    CloudView.Field ring = first.field("ring");
    // The laser of a point by chance, so that it is one that gives points.
    int points = first.points();
    int laser = points == 0 ? 0 : (int) first.number(ring, (int) request.below(points));
    int gone = 0;
    for (int i = at; i < at + count; i++) {
      CloudView cloud = CloudView.of(tape.payload(pick.get(i)));
      CloudView.Field here = cloud.field("ring");
      byte[] left = cloud.only(point -> (int) cloud.number(here, point) != laser);
      gone += cloud.points() - CloudView.of(left).points();
      tape.setPayload(pick.get(i), left);
    }
    return Planted.of(
            "laser " + laser + " silent in " + count + " sweeps, " + gone + " points gone")
        .at(pick.get(at), pick.get(at + count - 1))
        .expect("LID014")
        .effective(gone > 0);
  }
}
