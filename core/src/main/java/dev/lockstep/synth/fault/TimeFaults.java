package dev.lockstep.synth.fault;

import dev.lockstep.synth.fault.Fault.Kind;
import dev.lockstep.synth.fault.Fault.Parameter;
import dev.lockstep.synth.fault.Request.Pick;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// Faults in the times, counters and completeness of one stream of sensor messages.
final class TimeFaults {
  private static final long NS_PER_SECOND = 1_000_000_000L;

  /// Fewest messages that show a rhythm.
  private static final int RHYTHM = 12;

  /// Shortest recording whose turns tell of a lag.
  private static final long MOTION_NS = 20 * NS_PER_SECOND;

  /// Shortest recording in which log times tell of a clock's rate: three stretches of ten seconds
  /// between others.
  private static final long DRIFT_NS = 50 * NS_PER_SECOND;

  private static final EnumSet<StreamKind> SENSORS =
      EnumSet.complementOf(EnumSet.of(StreamKind.LABELS));

  static final List<Fault> ALL =
      List.of(
          fault(
              "drop-messages",
              "takes messages in a row out of a stream",
              TimeFaults::drop,
              new Parameter("count", "", 3)),
          fault(
              "recording-pause",
              "takes out the messages of all streams for a while, as if the recorder stood still",
              TimeFaults::pause,
              new Parameter("seconds", "s", 1)),
          fault(
              "clock-set",
              "sets the clock that stamps all streams on, from some moment on",
              TimeFaults::setClock,
              new Parameter("seconds", "s", 4)),
          fault(
              "recorder-clock-set",
              "sets the clock that log times come from on, from some moment on",
              TimeFaults::setRecorderClock,
              new Parameter("seconds", "s", 5)),
          fault(
              "duplicate-stamp",
              "gives a message the stamp of the one before",
              TimeFaults::duplicate),
          fault(
              "stuck-stamp",
              "lets the stamp stand still for some messages",
              TimeFaults::stuck,
              new Parameter("count", "", 8)),
          fault(
              "decreasing-stamp",
              "stamps a message half a period before the one ahead of it",
              TimeFaults::decrease),
          fault(
              "clock-offset",
              "shifts all stamps of a stream, by default by the 37 s between TAI and UTC",
              TimeFaults::offset,
              new Parameter("seconds", "s", 37)),
          fault(
              "hour-offset",
              "shifts all stamps of a stream by an hour",
              TimeFaults::offset,
              new Parameter("seconds", "s", 3600)),
          fault(
              "unit-slip",
              "writes some stamps in microseconds as if they were nanoseconds",
              TimeFaults::unitSlip,
              new Parameter("count", "", 20)),
          fault(
              "float-seconds",
              "passes all stamps of a stream through seconds in a 64-bit float",
              TimeFaults::floatSeconds),
          fault(
              "epoch-change",
              "stamps some messages with the time since start-up, counted from 1980",
              TimeFaults::epoch,
              new Parameter("count", "", 20)),
          fault(
              "doublet",
              "stamps one message late without losing any",
              TimeFaults::doublet,
              new Parameter("periods", "periods", 0.3)),
          fault(
              "rate-change",
              "leaves out every so many-th message but one from some message on",
              TimeFaults::changeRate,
              new Parameter("of", "messages", 2)),
          fault(
              "clock-drift",
              "lets the clock of a stream run fast",
              TimeFaults::driftClock,
              new Parameter("ppm", "", 1000)),
          fault(
              "content-late",
              "lets a stream show what is past, under stamps that stay as they are",
              TimeFaults::contentLate,
              new Parameter("seconds", "s", 0.1)),
          fault(
              "late-start",
              "takes the first messages of a stream away",
              TimeFaults::lateStart,
              new Parameter("share", "of the stream", 0.2)),
          fault(
              "early-death",
              "takes the last messages of a stream away",
              TimeFaults::earlyDeath,
              new Parameter("share", "of the stream", 0.2)),
          fault(
              "publish-after-log",
              "says that a message was sent after it was recorded",
              TimeFaults::publishLate,
              new Parameter("seconds", "s", 3600)),
          fault(
              "sequence-gap",
              "lets the sender's counter skip without a message missing",
              TimeFaults::sequenceGap,
              new Parameter("count", "", 5)),
          fault(
              "sequence-repeat",
              "gives a message the counter of the one before",
              TimeFaults::sequenceRepeat),
          fault(
              "log-time-zero",
              "records a message at time 0, as before a simulated clock begins",
              TimeFaults::logZero));

  private TimeFaults() {}

  private static Fault fault(
      String name, String summary, TapeFault.Planter planter, Parameter... parameters) {
    return new TapeFault(name, Kind.TIME, summary, List.of(parameters), planter);
  }

  /// Labels keep the stamps that their sweeps had: where those change, labels lose their sweep.
  private static String[] labelsLoseSweeps(Tape tape, Pick pick) {
    boolean labelled =
        tape.streams().get(pick.get(0).stream()).kind() == StreamKind.LIDAR
            && tape.streams().stream().anyMatch(stream -> stream.kind() == StreamKind.LABELS);
    return labelled ? new String[] {"LAB010"} : new String[0];
  }

  private static Planted drop(Tape tape, Request request) {
    int count = request.count("count");
    Pick pick = request.pick(tape, SENSORS, count + RHYTHM);
    int at = request.position(pick.size(), RHYTHM / 2, count + 2);
    tape.remove(new ArrayList<>(pick.rows().subList(at, at + count)));
    return Planted.of(count + " messages taken out after message " + (at - 1))
        .at(pick.get(at - 1), pick.get(at + count))
        .expect("TIM008")
        .also(labelsLoseSweeps(tape, pick));
  }

  private static Planted pause(Tape tape, Request request) {
    long lengthNs = Math.round(request.number("seconds") * NS_PER_SECOND);
    List<TapeRow> rows = tape.rows();
    long endNs = rows.isEmpty() ? 0 : rows.getLast().logTimeNs - lengthNs;
    List<TapeRow> before = rows.stream().filter(row -> row.logTimeNs < endNs).toList();
    // A fifth of the recording in front, and behind, shows what is usual.
    int share = before.size() / 5;
    long fromNs =
        before.isEmpty() ? 0 : before.get(request.position(before.size(), share, share)).logTimeNs;
    List<TapeRow> gone =
        rows.stream()
            .filter(row -> row.logTimeNs >= fromNs && row.logTimeNs < fromNs + lengthNs)
            .toList();
    tape.remove(gone);
    return Planted.of(gone.size() + " messages of all streams taken out from " + fromNs + " ns on")
        .expect("SYN020")
        .effective(!gone.isEmpty());
  }

  private static Planted setClock(Tape tape, Request request) {
    long stepNs = Math.round(request.number("seconds") * NS_PER_SECOND);
    List<TapeRow> rows = tape.rows().stream().filter(row -> tape.stamped(row.stream())).toList();
    // Most messages lie in front of it, so that the clock is wrong from then on.
    int at = request.position(rows.size(), rows.size() * 3 / 5, rows.size() / 5);
    List<TapeRow> later = rows.subList(at, rows.size());
    for (TapeRow row : later) {
      row.setStampNs(row.stampNs() + stepNs);
    }
    return Planted.of(
            "stamps of all streams "
                + stepNs
                + " ns on from "
                + later.size()
                + " messages before the end")
        .expect("SYN008")
        .also("TIM007")
        .effective(stepNs != 0);
  }

  private static Planted setRecorderClock(Tape tape, Request request) {
    long stepNs = Math.round(request.number("seconds") * NS_PER_SECOND);
    List<TapeRow> rows = tape.rows();
    if (rows.stream().noneMatch(row -> tape.stamped(row.stream()))) {
      throw new InapplicableFaultException("recorder-clock-set: no stream has stamps of its own");
    }
    int at = request.position(rows.size(), rows.size() * 2 / 5, rows.size() * 2 / 5);
    List<TapeRow> later = rows.subList(at, rows.size());
    for (TapeRow row : later) {
      row.logTimeNs += stepNs;
      row.publishTimeNs += stepNs;
    }
    return Planted.of(
            "log times of all streams "
                + stepNs
                + " ns on from "
                + later.size()
                + " messages before the end")
        .expect("SYN023")
        .effective(stepNs != 0);
  }

  private static Planted duplicate(Tape tape, Request request) {
    Pick pick = request.pickStamped(tape, SENSORS, RHYTHM);
    int at = request.position(pick.size(), 2, 2);
    pick.get(at).setStampNs(pick.get(at - 1).stampNs());
    return Planted.of("stamp of message " + (at - 1) + " repeated")
        .at(pick.get(at), pick.get(at))
        .expect("TIM002")
        .also(labelsLoseSweeps(tape, pick));
  }

  private static Planted stuck(Tape tape, Request request) {
    int count = request.count("count");
    Pick pick = request.pickStamped(tape, SENSORS, count + RHYTHM);
    int at = request.position(pick.size(), 2, count + 2);
    for (int i = at; i < at + count; i++) {
      pick.get(i).setStampNs(pick.get(at - 1).stampNs());
    }
    return Planted.of("stamp of message " + (at - 1) + " kept for " + count + " more messages")
        .at(pick.get(at - 1), pick.get(at + count - 1))
        .expect("TIM003")
        .also(labelsLoseSweeps(tape, pick));
  }

  private static Planted decrease(Tape tape, Request request) {
    Pick pick = request.pickStamped(tape, SENSORS, RHYTHM);
    int at = request.position(pick.size(), 3, 2);
    pick.get(at).setStampNs(pick.get(at - 1).stampNs() - pick.periodNs() / 2);
    return Planted.of("stamp half a period before the previous one")
        .at(pick.get(at), pick.get(at))
        .expect("TIM001")
        .also(labelsLoseSweeps(tape, pick));
  }

  private static Planted offset(Tape tape, Request request) {
    long shiftNs = Math.round(request.number("seconds") * NS_PER_SECOND);
    Pick pick = request.pickStamped(tape, SENSORS, RHYTHM);
    for (TapeRow row : pick.rows()) {
      row.setStampNs(row.stampNs() + shiftNs);
    }
    return Planted.of("all stamps shifted by " + shiftNs + " ns")
        .at(pick.get(0), pick.rows().getLast())
        .expect("TIM014")
        .also(labelsLoseSweeps(tape, pick))
        .effective(shiftNs != 0);
  }

  private static Planted unitSlip(Tape tape, Request request) {
    int count = request.count("count");
    Pick pick = request.pickStamped(tape, SENSORS, count + RHYTHM);
    int at = request.position(pick.size(), 2, count + 2);
    for (int i = at; i < at + count; i++) {
      pick.get(i).setStampNs(pick.get(i).stampNs() / 1000);
    }
    return Planted.of(count + " stamps in microseconds")
        .at(pick.get(at), pick.get(at + count - 1))
        .expect("TIM005", "TIM004")
        .also(labelsLoseSweeps(tape, pick));
  }

  private static Planted floatSeconds(Tape tape, Request request) {
    Pick pick = request.pickStamped(tape, SENSORS, RHYTHM);
    boolean changed = false;
    for (TapeRow row : pick.rows()) {
      double seconds = row.stampNs() / 1e9;
      long whole = (long) seconds;
      long rounded = whole * NS_PER_SECOND + (long) ((seconds - whole) * 1e9);
      changed |= rounded != row.stampNs();
      row.setStampNs(rounded);
    }
    return Planted.of("all stamps through a float64 of seconds")
        .at(pick.get(0), pick.rows().getLast())
        .expect("TIM012")
        .also(labelsLoseSweeps(tape, pick))
        .effective(changed);
  }

  private static Planted epoch(Tape tape, Request request) {
    // 1980-01-06, where GPS time and many free-running devices begin, in Unix seconds.
    long gpsEpochNs = 315_964_800L * NS_PER_SECOND;
    int count = request.count("count");
    Pick pick = request.pickStamped(tape, SENSORS, count + RHYTHM);
    int at = request.position(pick.size(), 2, count + 2);
    long shiftNs = gpsEpochNs - pick.get(0).stampNs();
    for (int i = at; i < at + count; i++) {
      pick.get(i).setStampNs(pick.get(i).stampNs() + shiftNs);
    }
    return Planted.of(count + " stamps since start-up, counted from 1980")
        .at(pick.get(at), pick.get(at + count - 1))
        .expect("TIM006", "TIM004")
        .also(labelsLoseSweeps(tape, pick));
  }

  private static Planted doublet(Tape tape, Request request) {
    double periods = request.number("periods");
    Pick pick = request.pickStamped(tape, SENSORS, RHYTHM);
    int at = request.position(pick.size(), RHYTHM / 2, 3);
    long lateNs = Math.round(periods * pick.periodNs());
    pick.get(at).setStampNs(pick.get(at).stampNs() + lateNs);
    return Planted.of("one stamp " + lateNs + " ns late, the next in time")
        .at(pick.get(at), pick.get(at))
        .expect("TIM009")
        .also(labelsLoseSweeps(tape, pick))
        .effective(lateNs != 0);
  }

  private static Planted changeRate(Tape tape, Request request) {
    int of = request.count("of");
    Pick pick = request.pickStamped(tape, SENSORS, 4 * RHYTHM * of);
    int at = request.position(pick.size(), 2 * RHYTHM, 2 * RHYTHM * of);
    List<TapeRow> gone = new ArrayList<>();
    for (int i = at; i < pick.size(); i++) {
      TapeRow row = pick.get(i);
      if ((i - at) % of != 0) {
        gone.add(row);
      } else if (row.sequence != 0) {
        // The sensor itself works at another rate: its counter goes on.
        row.sequence = pick.get(at).sequence + (i - at) / of;
      }
    }
    tape.remove(gone);
    return Planted.of("one message in " + of + " from here on")
        .at(pick.get(at), pick.get(at + of))
        .expect("TIM010")
        .also(labelsLoseSweeps(tape, pick))
        .effective(of > 1);
  }

  private static Planted driftClock(Tape tape, Request request) {
    double ppm = request.number("ppm");
    Pick pick = request.pickStamped(tape, SENSORS, 4 * RHYTHM);
    long beginNs = pick.get(0).stampNs();
    for (TapeRow row : pick.rows()) {
      row.setStampNs(row.stampNs() + Math.round(1e-6 * ppm * (row.stampNs() - beginNs)));
    }
    return Planted.of("clock " + ppm + " ppm fast")
        .at(pick.get(0), pick.rows().getLast())
        .expect("TIM017")
        .also(labelsLoseSweeps(tape, pick))
        // What was locked to another clock leaves its phase.
        .also("SYN002")
        .effective(ppm != 0 && pick.rows().getLast().stampNs() - beginNs >= DRIFT_NS);
  }

  private static Planted contentLate(Tape tape, Request request) {
    Pick pick = request.pickStamped(tape, EnumSet.of(StreamKind.IMU), RHYTHM);
    long spanNs = pick.get(pick.size() - 1).stampNs() - pick.get(0).stampNs();
    int late = (int) Math.round(request.number("seconds") * NS_PER_SECOND / pick.periodNs());
    if (late < 0 || late > pick.size() - RHYTHM) {
      throw new InapplicableFaultException(
          "content-late: "
              + late
              + " messages (expected 0 to "
              + (pick.size() - RHYTHM)
              + "), of a stream of "
              + pick.size());
    }
    for (int i = pick.size() - 1; i >= late; i--) {
      pick.get(i).takePayload(pick.get(i - late));
    }
    tape.remove(new ArrayList<>(pick.rows().subList(0, late)));
    return Planted.of("content of " + late + " messages before, under the stamps of each")
        .at(pick.get(late), pick.get(pick.size() - 1))
        .expect("SYN021")
        .effective(late > 0 && spanNs >= MOTION_NS);
  }

  private static int shareOf(Request request, int size) {
    double share = request.number("share");
    if (!(share > 0 && share < 1)) {
      throw new InapplicableFaultException("share: " + share + " (expected between 0 and 1)");
    }
    return (int) Math.ceil(share * size);
  }

  private static Planted lateStart(Tape tape, Request request) {
    Pick pick = request.pick(tape, SENSORS, 2 * RHYTHM);
    int count = shareOf(request, pick.size());
    tape.remove(new ArrayList<>(pick.rows().subList(0, count)));
    return Planted.of("first " + count + " messages taken away")
        .at(pick.get(count), pick.get(count))
        .expect("TIM015")
        .also(labelsLoseSweeps(tape, pick));
  }

  private static Planted earlyDeath(Tape tape, Request request) {
    Pick pick = request.pick(tape, SENSORS, 2 * RHYTHM);
    int count = shareOf(request, pick.size());
    int end = pick.size() - count;
    tape.remove(new ArrayList<>(pick.rows().subList(end, pick.size())));
    return Planted.of("last " + count + " messages taken away")
        .at(pick.get(end - 1), pick.get(end - 1))
        .expect("TIM016")
        .also(labelsLoseSweeps(tape, pick));
  }

  private static Planted publishLate(Tape tape, Request request) {
    long lateNs = Math.round(request.number("seconds") * NS_PER_SECOND);
    Pick pick = request.pick(tape, SENSORS, RHYTHM);
    TapeRow row = pick.get(request.position(pick.size(), 1, 1));
    row.publishTimeNs = row.logTimeNs + lateNs;
    return Planted.of("sent " + lateNs + " ns after it was recorded").at(row, row).expect("TIM014");
  }

  private static Planted sequenceGap(Tape tape, Request request) {
    int count = request.count("count");
    Pick pick = request.pick(tape, SENSORS, RHYTHM);
    requireCounter(pick);
    int at = request.position(pick.size(), 2, 2);
    for (int i = at; i < pick.size(); i++) {
      pick.get(i).sequence += count;
    }
    return Planted.of("counter skips " + count).at(pick.get(at - 1), pick.get(at)).expect("TIM013");
  }

  private static Planted sequenceRepeat(Tape tape, Request request) {
    Pick pick = request.pick(tape, SENSORS, RHYTHM);
    requireCounter(pick);
    int at = request.position(pick.size(), 2, 2);
    for (int i = at; i < pick.size(); i++) {
      pick.get(i).sequence--;
    }
    return Planted.of("counter " + pick.get(at).sequence + " twice")
        .at(pick.get(at), pick.get(at))
        .expect("TIM013");
  }

  private static void requireCounter(Pick pick) {
    if (pick.get(1).sequence == 0) {
      throw new InapplicableFaultException("the sender does not count its messages");
    }
  }

  private static Planted logZero(Tape tape, Request request) {
    Pick pick = request.pick(tape, SENSORS, RHYTHM);
    TapeRow row = pick.get(request.position(pick.size(), 1, 1));
    row.logTimeNs = 0;
    return Planted.of("recorded at time 0").at(row, row).expect("TIM014", "TIM004");
  }
}
