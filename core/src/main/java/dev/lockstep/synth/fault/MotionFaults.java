package dev.lockstep.synth.fault;

import dev.lockstep.synth.fault.Fault.Kind;
import dev.lockstep.synth.fault.Fault.Parameter;
import dev.lockstep.synth.fault.Request.Pick;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;

/// Faults in what inertial units and poses say, in little-endian CDR: `sensor_msgs/Imu` and
/// `geometry_msgs/PoseStamped`.
final class MotionFaults {
  /// Bytes in front of the header's frame of reference: encapsulation, seconds, nanoseconds.
  private static final int FRAME_AT = 12;

  private static final int ENCAPSULATION = 4;

  // Doubles behind the header of an Imu: a quaternion, then rates and accelerations, each with nine
  // of a covariance behind it.
  private static final int RATES = 4 + 9;
  private static final int ACCELERATIONS = RATES + 3 + 9;

  /// Standard gravity, m/s².
  private static final double GRAVITY = 9.80665;

  /// Seconds of readings in front, from which rules learn what is usual.
  private static final double LEARNED_SECONDS = 2.5;

  /// Turn in half a second that is no drift, rad, and half seconds on either side that must show
  /// it.
  private static final double LEAST_TURN = 0.01;

  private static final int TURNING = 5;

  static final List<Fault> ALL =
      List.of(
          fault(
              "stuck-axis",
              "lets one axis of the acceleration stand still",
              MotionFaults::stick,
              new Parameter("seconds", "s", 1)),
          fault(
              "acceleration-in-g",
              "gives accelerations in g instead of m/s² for a while",
              MotionFaults::inG,
              new Parameter("seconds", "s", 2)),
          fault(
              "pose-jump",
              "moves some poses aside",
              MotionFaults::jump,
              new Parameter("count", "messages", 15),
              new Parameter("meters", "m", 10)),
          fault(
              "turn-sign",
              "turns the sign of all turn rates over from some reading on",
              MotionFaults::turnOver));

  private MotionFaults() {}

  private static Fault fault(
      String name, String summary, TapeFault.Planter planter, Parameter... parameters) {
    return new TapeFault(name, Kind.PAYLOAD, summary, List.of(parameters), planter);
  }

  /// A message, and where its numbers begin.
  private record View(ByteBuffer bytes, int at) {
    static View of(byte[] payload, int doubles) {
      ByteBuffer bytes = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
      int frame = payload.length < FRAME_AT + 4 ? -1 : bytes.getInt(FRAME_AT);
      int end = FRAME_AT + 4 + Math.clamp(frame, 0, payload.length) - ENCAPSULATION;
      int at = ENCAPSULATION + (end + Double.BYTES - 1) / Double.BYTES * Double.BYTES;
      if (frame < 0 || payload[1] != 1 || at + doubles * Double.BYTES > payload.length) {
        throw new InapplicableFaultException("message is no little-endian one of its type");
      }
      return new View(bytes, at);
    }

    double get(int number) {
      return bytes.getDouble(at + number * Double.BYTES);
    }

    void set(int number, double value) {
      bytes.putDouble(at + number * Double.BYTES, value);
    }
  }

  private interface Change {
    void apply(View view);
  }

  private static void change(Tape tape, Pick pick, int from, int to, int doubles, Change change) {
    for (int i = from; i < to; i++) {
      byte[] payload = tape.payload(pick.get(i));
      change.apply(View.of(payload, doubles));
      tape.setPayload(pick.get(i), payload);
    }
  }

  private static int readings(Pick pick, double seconds) {
    return (int) Math.max(1, Math.round(seconds * 1e9 / Math.max(1, pick.periodNs())));
  }

  private static Planted stick(Tape tape, Request request) {
    Pick pick = request.pickStamped(tape, EnumSet.of(StreamKind.IMU), 100);
    int count = readings(pick, request.number("seconds"));
    int at = request.position(pick.size(), readings(pick, LEARNED_SECONDS), count + 2);
    int number = ACCELERATIONS + (int) request.below(3);
    double value = View.of(tape.payload(pick.get(at - 1)), ACCELERATIONS + 3).get(number);
    change(tape, pick, at, at + count, ACCELERATIONS + 3, view -> view.set(number, value));
    return Planted.of("an axis stands still for " + count + " readings")
        .at(pick.get(at - 1), pick.get(at + count - 1))
        .expect("INT044");
  }

  private static Planted inG(Tape tape, Request request) {
    Pick pick = request.pickStamped(tape, EnumSet.of(StreamKind.IMU), 100);
    int count = readings(pick, request.number("seconds"));
    int at = request.position(pick.size(), readings(pick, LEARNED_SECONDS), count + 1);
    change(
        tape,
        pick,
        at,
        at + count,
        ACCELERATIONS + 3,
        view -> {
          for (int axis = 0; axis < 3; axis++) {
            view.set(ACCELERATIONS + axis, view.get(ACCELERATIONS + axis) / GRAVITY);
          }
        });
    return Planted.of(count + " readings in g")
        .at(pick.get(at), pick.get(at + count - 1))
        .expect("INT045");
  }

  private static Planted turnOver(Tape tape, Request request) {
    Pick pick = request.pickStamped(tape, EnumSet.of(StreamKind.IMU), 100);
    int third = pick.size() / 3;
    int at = request.position(pick.size(), third, third);
    boolean turns = turns(tape, pick, 0, at) && turns(tape, pick, at, pick.size());
    change(
        tape,
        pick,
        at,
        pick.size(),
        ACCELERATIONS + 3,
        view -> {
          for (int axis = 0; axis < 3; axis++) {
            view.set(RATES + axis, -view.get(RATES + axis));
          }
        });
    return Planted.of("turn rates of the other sign from reading " + at + " on")
        .at(pick.get(at), pick.get(pick.size() - 1))
        .expect("SYN022")
        .effective(turns);
  }

  /// Whether a sensor turns in some half seconds by more than it drifts: nothing else shows which
  /// way it turns.
  private static boolean turns(Tape tape, Pick pick, int from, int to) {
    int window = readings(pick, 0.5);
    int turning = 0;
    for (int i = from; i + window <= to; i += window) {
      double square = 0;
      for (int axis = 0; axis < 3; axis++) {
        double turn = 0;
        for (int k = i; k < i + window; k++) {
          View view = View.of(tape.payload(pick.get(k)), ACCELERATIONS + 3);
          turn += view.get(RATES + axis) * pick.periodNs() / 1e9;
        }
        square += turn * turn;
      }
      turning += Math.sqrt(square) >= LEAST_TURN ? 1 : 0;
    }
    return turning >= TURNING;
  }

  private static Planted jump(Tape tape, Request request) {
    int count = request.count("count");
    double meters = request.number("meters");
    Pick pick = request.pickStamped(tape, EnumSet.of(StreamKind.POSE), count + 20);
    int at = request.position(pick.size(), 15, count + 1);
    change(tape, pick, at, at + count, 3, view -> view.set(0, view.get(0) + meters));
    return Planted.of(count + " poses " + meters + " m aside")
        .at(pick.get(at), pick.get(at + count - 1))
        .expect("INT046");
  }
}
