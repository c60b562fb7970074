package dev.lockstep.sidecar;

import dev.lockstep.follow.StreamProgress;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import dev.lockstep.ops.Condition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells which sensors have stopped while others go on, by the log times of the recording: how it
/// is buffered on its way makes no difference. A sensor that the split before had, and this one
/// lacks, is silent too.
final class SilentSensors {
  /// Periods that may pass. Judged: far beyond jitter, well before anyone would look.
  private static final int PERIODS = 10;

  /// Time that may pass anyway.
  private static final long LEAST_NS = 2 * Times.SECOND;

  /// Messages after which a rate is relied on.
  private static final long LEAST_MESSAGES = 10;

  private final Map<Path, Map<String, Double>> ratesBefore = new HashMap<>();

  /// Remembers which sensors a recording in `folder` had at its end.
  void completed(@Nullable Path folder, List<StreamProgress> streams) {
    if (folder == null) {
      return;
    }
    Map<String, Double> rates = new HashMap<>();
    long newestNs = newest(streams);
    for (StreamProgress each : streams) {
      if (isRegular(each) && !isSilent(each, newestNs)) {
        rates.put(each.name(), each.rateHertz());
      }
    }
    ratesBefore.put(folder, rates);
  }

  /// The silent ones in a recording that grows.
  List<Condition> of(String recording, @Nullable Path folder, List<StreamProgress> streams) {
    List<Condition> silent = new ArrayList<>();
    long newestNs = newest(streams);
    Map<String, Double> missing =
        new HashMap<>(folder == null ? Map.of() : ratesBefore.getOrDefault(folder, Map.of()));
    long firstNs = Long.MAX_VALUE;
    for (StreamProgress each : streams) {
      missing.remove(each.name());
      if (each.firstStampNs() != Times.NONE) {
        firstNs = Math.min(firstNs, each.firstStampNs());
      }
      if (isRegular(each) && isSilent(each, newestNs)) {
        long quietNs = Times.difference(newestNs, each.lastLogTimeNs());
        silent.add(
            condition(
                each.name(),
                "no message for " + Numbers.duration(quietNs) + " of " + recording,
                each.rateHertz()));
      }
    }
    if (newestNs != Times.NONE && firstNs != Long.MAX_VALUE) {
      long lengthNs = Times.difference(newestNs, firstNs);
      missing.forEach((name, rate) -> {
        if (lengthNs > allowedNs(rate)) {
          silent.add(
              condition(name, "not in " + recording + ", was in the recording before", rate));
        }
      });
    }
    return silent;
  }

  private static Condition condition(String sensor, String what, double rateHertz) {
    return new Condition(
        "sensor-silent",
        sensor,
        Severity.WARNING,
        "sensor",
        what + " (expected at " + "%.1f".formatted(rateHertz) + " Hz, as others go on)",
        false);
  }

  private static long newest(List<StreamProgress> streams) {
    long newestNs = Times.NONE;
    for (StreamProgress each : streams) {
      newestNs = Math.max(newestNs, each.lastLogTimeNs());
    }
    return newestNs;
  }

  private static boolean isRegular(StreamProgress stream) {
    return stream.messages() >= LEAST_MESSAGES
        && stream.rateHertz() > 0
        && stream.lastLogTimeNs() != Times.NONE;
  }

  private static boolean isSilent(StreamProgress stream, long newestNs) {
    return Times.difference(newestNs, stream.lastLogTimeNs()) > allowedNs(stream.rateHertz());
  }

  private static long allowedNs(double rateHertz) {
    return Math.max(LEAST_NS, Math.round(PERIODS * Times.SECOND / rateHertz));
  }
}
