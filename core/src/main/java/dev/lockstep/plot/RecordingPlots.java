package dev.lockstep.plot;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.sync.CameraTiming;
import dev.lockstep.model.Span;
import dev.lockstep.model.Times;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The plots of one recording, as SVG files: per LiDAR the phase of each camera and its distance
/// from the beam, per stream the steps between stamps with what was found there.
public final class RecordingPlots {
  private static final double MS = 1e6;
  private static final double S = 1e9;

  private final Map<String, String> files = new LinkedHashMap<>();

  private RecordingPlots() {}

  /// The content of each file, by its name. Equal recordings give equal files.
  ///
  /// @param result what was found
  /// @param alignment the streams, all kept
  public static Map<String, String> of(RecordingResult result, Alignment alignment) {
    RecordingPlots plots = new RecordingPlots();
    plots.cameras(CameraTiming.of(alignment));
    for (Alignment.Stream stream : alignment.all()) {
      plots.steps(stream, result.findings());
    }
    return plots.files;
  }

  private void cameras(List<CameraTiming> cameras) {
    if (cameras.isEmpty()) {
      return;
    }
    String reference = cameras.getFirst().reference();
    long start =
        cameras.stream()
            .filter(camera -> camera.stampsNs().length > 0)
            .mapToLong(camera -> camera.stampsNs()[0])
            .min()
            .orElse(0);
    ScatterChart phases =
        new ScatterChart(
            "Phase of each camera to " + reference, "seconds", "image minus sweep in front, ms");
    ScatterChart beam =
        new ScatterChart(
            "Distance of each camera from the beam of " + reference,
            "seconds",
            "beam on the axis minus image, ms");
    for (CameraTiming camera : cameras) {
      phases.add(
          named(camera.camera(), camera.phasesNs()),
          seconds(camera.stampsNs(), start),
          scaled(camera.phasesNs()));
      beam.add(
          named(camera.camera(), camera.residualsNs()),
          seconds(camera.crossedNs(), start),
          scaled(camera.residualsNs()));
    }
    put(reference + ".phases", phases);
    put(reference + ".beam", beam);
  }

  /// A name with the median of its values.
  private static String named(String name, double[] ns) {
    double[] sorted = ns.clone();
    Arrays.sort(sorted);
    return sorted.length == 0
        ? name
        : String.format(Locale.ROOT, "%s %+.2f ms", name, sorted[sorted.length / 2] / MS);
  }

  private static double[] seconds(long[] stampsNs, long startNs) {
    return Arrays.stream(stampsNs).mapToDouble(ns -> Times.difference(ns, startNs) / S).toArray();
  }

  private static double[] scaled(double[] ns) {
    return Arrays.stream(ns).map(value -> value / MS).toArray();
  }

  private void steps(Alignment.Stream stream, List<Finding> findings) {
    long[] stamps = stream.stampsNs();
    double[] at = new double[stamps.length];
    double[] steps = new double[stamps.length];
    long first = Times.NONE;
    long before = Times.NONE;
    int n = 0;
    for (long stamp : stamps) {
      if (stamp == Times.NONE) {
        continue;
      }
      if (first == Times.NONE) {
        first = stamp;
      } else {
        double second = Times.difference(stamp, first) / S;
        // Stamps that run back stand where they should have been.
        at[n] = n == 0 ? second : Math.max(second, at[n - 1]);
        steps[n++] = Times.difference(stamp, before) / MS;
      }
      before = stamp;
    }
    ScatterChart chart =
        new ScatterChart(
            "Steps of " + stream.name(), "seconds", "stamp minus that of the message before, ms");
    chart.add(stream.name(), Arrays.copyOf(at, n), Arrays.copyOf(steps, n));
    for (Finding finding : findings) {
      Span messages = finding.location().messages();
      if (stream.name().equals(finding.location().stream())
          && messages != null
          && messages.last() < stamps.length
          && stamps[(int) messages.last()] != Times.NONE) {
        chart.mark(
            Times.difference(stamps[(int) messages.last()], first) / S,
            finding.check().id() + " " + finding.check().name());
      }
    }
    put(stream.name() + ".steps", chart);
  }

  private void put(String name, ScatterChart chart) {
    if (chart.isEmpty()) {
      return;
    }
    String base = name.replaceAll("[^A-Za-z0-9._-]+", "_").replaceFirst("^[_.]+", "");
    String file = base + ".svg";
    for (int i = 2; files.containsKey(file); i++) {
      file = base + "-" + i + ".svg";
    }
    files.put(file, chart.svg());
  }
}
