package dev.lockstep.synth.fault;

import dev.lockstep.synth.fault.Fault.Kind;
import dev.lockstep.synth.fault.Fault.Parameter;
import dev.lockstep.synth.fault.Request.Pick;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// Faults of what several streams are to each other: whose messages they hold, and whether they
/// mean the same camera.
final class RigFaults {
  /// Messages of a stream on either side by which it shows which it is.
  private static final int SHOWN = 30;

  /// Streams of one kind are crossed where their stamps lie at least so far apart, in periods:
  /// nothing else tells one from the other.
  private static final double APART = 0.1;

  static final List<Fault> ALL =
      List.of(
          fault(
              "crossed-streams",
              "stores the messages of two sensors of a kind in each other's stream from some moment"
                  + " on",
              RigFaults::cross),
          fault(
              "message-astray",
              "stores a message in the stream of another sensor of its kind",
              RigFaults::stray),
          fault(
              "scaled-images",
              "replaces all images of a camera by ones of another size, and leaves its calibration",
              RigFaults::scale,
              new Parameter("factor", "", 2)));

  private RigFaults() {}

  private static Fault fault(
      String name, String summary, TapeFault.Planter planter, Parameter... parameters) {
    return new TapeFault(name, Kind.TIME, summary, List.of(parameters), planter);
  }

  /// Two stamped streams of one kind and schema whose stamps do not lie on each other, by chance.
  private static List<Pick> two(Tape tape, Request request) {
    List<List<Pick>> pairs = new ArrayList<>();
    for (StreamKind kind : EnumSet.of(StreamKind.LIDAR, StreamKind.CAMERA)) {
      List<Pick> alike = new ArrayList<>();
      for (int stream = 0; stream < tape.streams().size(); stream++) {
        List<TapeRow> rows = tape.rows(stream);
        if (tape.streams().get(stream).kind() == kind
            && tape.stamped(stream)
            && rows.size() >= 2 * SHOWN + 2) {
          alike.add(new Pick(rows));
        }
      }
      for (int a = 0; a < alike.size(); a++) {
        for (int b = a + 1; b < alike.size(); b++) {
          Pick one = alike.get(a);
          Pick other = alike.get(b);
          if (apart(one, other) >= APART && request.wants(topic(tape, one))) {
            pairs.add(List.of(one, other));
          } else if (apart(one, other) >= APART && request.wants(topic(tape, other))) {
            pairs.add(List.of(other, one));
          }
        }
      }
    }
    if (pairs.isEmpty()) {
      throw new InapplicableFaultException(
          "no two sensors of a kind with " + (2 * SHOWN + 2) + " messages at different instants");
    }
    return pairs.get((int) request.below(pairs.size()));
  }

  private static String topic(Tape tape, Pick pick) {
    return tape.streams().get(pick.get(0).stream()).topic();
  }

  /// How far apart two streams of one period lie, in periods; 0 where their periods differ.
  private static double apart(Pick one, Pick other) {
    double period = one.periodNs();
    if (Math.abs(other.periodNs() / period - 1) > 0.01) {
      return 0;
    }
    double phase = Math.IEEEremainder(other.get(0).stampNs() - one.get(0).stampNs(), period);
    return Math.abs(phase) / period;
  }

  private static Planted cross(Tape tape, Request request) {
    List<Pick> pair = two(tape, request);
    Pick one = pair.get(0);
    Pick other = pair.get(1);
    int at = request.position(one.size(), SHOWN, SHOWN);
    long fromNs = one.get(at).stampNs();
    int first = one.get(0).stream();
    int second = other.get(0).stream();
    int next = one.get(at).sequence;
    int nextOther = next;
    for (TapeRow row : tape.rows()) {
      // In order of recording, so that the recorder's counters go on.
      if (row.stampNs() >= fromNs && (row.stream() == first || row.stream() == second)) {
        boolean was = row.stream() == first;
        row.stream = was ? second : first;
        row.sequence = row.sequence == 0 ? 0 : was ? nextOther++ : next++;
      }
    }
    List<TapeRow> rows = tape.rows(first);
    return Planted.of(
            "holds the messages of " + topic(tape, one) + " from there on, and vice versa")
        .at(rows.get(at), rows.get(at))
        .expect("SYN025");
  }

  private static Planted stray(Tape tape, Request request) {
    List<Pick> pair = two(tape, request);
    Pick from = pair.get(0);
    TapeRow row = from.get(request.position(from.size(), SHOWN, SHOWN));
    int home = row.stream();
    row.stream = pair.get(1).get(0).stream();
    for (int stream : new int[] {home, row.stream()}) {
      // The recorder counts what it stores in a stream.
      int sequence = 1;
      for (TapeRow each : tape.rows(stream)) {
        each.sequence = each.sequence == 0 ? 0 : sequence++;
      }
    }
    return Planted.of("a message of " + topic(tape, from)).at(row, row).expect("SYN025");
  }

  /// Where the height and width of a `sensor_msgs/CameraInfo` are compared with its images: such
  /// messages must stand beside them.
  private static Planted scale(Tape tape, Request request) {
    double factor = request.number("factor");
    List<Pick> calibrated = new ArrayList<>();
    for (int stream = 0; stream < tape.streams().size(); stream++) {
      String topic = tape.streams().get(stream).topic();
      String info = topic.substring(0, topic.lastIndexOf('/') + 1) + "camera_info";
      List<TapeRow> rows = tape.rows(stream);
      if (tape.streams().get(stream).kind() == StreamKind.CAMERA
          && request.wants(topic)
          && !rows.isEmpty()
          && tape.streams().stream().anyMatch(other -> other.topic().equals(info))) {
        calibrated.add(new Pick(rows));
      }
    }
    if (calibrated.isEmpty()) {
      throw new InapplicableFaultException("no camera with a topic camera_info beside its images");
    }
    Pick pick = calibrated.get((int) request.below(calibrated.size()));
    String what = "";
    for (int i = 0; i < pick.size(); i++) {
      what = PayloadFaults.resize(tape, pick.get(i), factor, i);
    }
    return Planted.of("all images of " + what)
        .at(pick.get(0), pick.rows().getLast())
        .expect("INT053")
        .effective(factor != 1);
  }
}
