package dev.lockstep.synth.fault;

import dev.lockstep.synth.scene.Noise;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One planting of one fault: its settings, and its choices by chance.
final class Request {
  private static final String STREAM = "stream";
  private static final String AT = "at";
  private static final long LANE = 9L << 40;

  private final Fault fault;
  private final FaultSpec spec;
  private long draws;

  /// @throws InapplicableFaultException if a setting is unknown or no number
  Request(Fault fault, FaultSpec spec) {
    this.fault = fault;
    this.spec = spec;
    Set<String> known = new TreeSet<>(List.of(STREAM, AT));
    fault.parameters().forEach(parameter -> known.add(parameter.name()));
    for (String key : spec.settings().keySet()) {
      if (!known.contains(key)) {
        throw new InapplicableFaultException(
            "setting of " + fault.name() + ": " + key + " (expected one of " + known + ")");
      }
    }
  }

  /// A parameter's value.
  double number(String name) {
    for (Fault.Parameter parameter : fault.parameters()) {
      if (parameter.name().equals(name)) {
        return setting(name, parameter.value());
      }
    }
    throw new IllegalStateException(fault.name() + " has no parameter " + name);
  }

  /// A parameter that counts, 1 or more.
  int count(String name) {
    double value = number(name);
    if (value < 1 || value > Integer.MAX_VALUE || value != Math.rint(value)) {
      throw new InapplicableFaultException(
          fault.name() + ": " + name + " is " + value + " (expected a whole number above 0)");
    }
    return (int) value;
  }

  private double setting(String name, double otherwise) {
    String text = spec.settings().get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new InapplicableFaultException(
          fault.name() + ": " + name + " is " + text + " (expected a number)");
    }
  }

  /// The next choice, in `[0, bound)`.
  long below(long bound) {
    return Noise.below(spec.seed(), LANE, draws++, bound);
  }

  /// The next number by chance, of mean 0 and standard deviation 1.
  double bell() {
    return Noise.bell(spec.seed(), LANE, draws++);
  }

  /// A stream of one of `kinds` with at least `messages` messages.
  Pick pick(Tape tape, EnumSet<StreamKind> kinds, int messages) {
    return pick(tape, kinds, messages, false);
  }

  /// The same, of streams whose messages hold stamps.
  Pick pickStamped(Tape tape, EnumSet<StreamKind> kinds, int messages) {
    return pick(tape, kinds, messages, true);
  }

  private Pick pick(Tape tape, EnumSet<StreamKind> kinds, int messages, boolean stamped) {
    String wanted = spec.settings().get(STREAM);
    List<Pick> picks = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int stream = 0; stream < tape.streams().size(); stream++) {
      StreamSpec streamSpec = tape.streams().get(stream);
      names.add(streamSpec.topic());
      boolean fits =
          wanted == null ? kinds.contains(streamSpec.kind()) : wanted.equals(streamSpec.topic());
      if (fits && (!stamped || tape.stamped(stream))) {
        List<TapeRow> rows = tape.rows(stream);
        if (rows.size() >= messages) {
          picks.add(new Pick(rows));
        }
      }
    }
    if (picks.isEmpty()) {
      throw new InapplicableFaultException(
          fault.name()
              + ": no stream "
              + (wanted == null ? "of " + kinds : wanted)
              + " with "
              + messages
              + " messages"
              + (stamped ? " and stamps" : "")
              + " (streams: "
              + String.join(", ", names)
              + ")");
    }
    return picks.get((int) below(picks.size()));
  }

  /// Where to begin among `size` things when `before` must precede and `after` must follow.
  ///
  /// @throws InapplicableFaultException if there are too few, or `at` is outside
  int position(int size, int before, int after) {
    int room = size - before - after + 1;
    double at = setting(AT, -1);
    if (room <= 0 || at > size - after || (at >= 0 && at < before)) {
      throw new InapplicableFaultException(
          fault.name()
              + ": no place among "
              + size
              + " (expected "
              + before
              + " before and "
              + after
              + " from there on)");
    }
    return at >= 0 ? (int) at : before + (int) below(room);
  }

  /// Whether a stream is asked for by name.
  boolean hasStream() {
    return spec.settings().containsKey(STREAM);
  }

  /// Whether a stream fits the one that is asked for, if any is.
  boolean wants(String topic) {
    return spec.settings().getOrDefault(STREAM, topic).equals(topic);
  }

  /// Where to begin, if set.
  @Nullable Integer at() {
    double at = setting(AT, -1);
    return at < 0 ? null : (int) at;
  }

  /// Messages of a chosen stream.
  record Pick(List<TapeRow> rows) {
    TapeRow get(int index) {
      return rows.get(index);
    }

    int size() {
      return rows.size();
    }

    /// Middle step between stamps, ns.
    long periodNs() {
      long[] steps = new long[rows.size() - 1];
      for (int i = 0; i < steps.length; i++) {
        steps[i] = rows.get(i + 1).stampNs() - rows.get(i).stampNs();
      }
      java.util.Arrays.sort(steps);
      return steps[steps.length / 2];
    }
  }
}
