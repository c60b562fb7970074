package dev.lockstep.report;

import dev.lockstep.check.Measurement;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.model.Numbers;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The line of a text report that says how cameras lie against a LiDAR: where the phase comes from
/// the design of the rig, the distance from the beam tells whether they are in step. Where there
/// are too few messages for a phase, as in a single keyframe, how far images lie from the nearest
/// sweep.
final class SyncText {
  private static final String CHECK = "SYN001";
  private static final String BETWEEN = " ~ ";

  private SyncText() {}

  /// Appends a line for each reference, nothing where no phase was measured.
  static void append(StringBuilder text, RecordingResult recording) {
    Map<String, Map<String, @Nullable Double[]>> byReference = new LinkedHashMap<>();
    for (Measurement m : recording.measurements()) {
      int cut = m.subject().indexOf(BETWEEN);
      int column = m.quantity().equals("phase") ? 0 : m.quantity().equals("beam-residual") ? 1 : -1;
      if (m.check().equals(CHECK) && cut > 0 && column >= 0) {
        byReference.computeIfAbsent(m.subject().substring(0, cut), r -> new LinkedHashMap<>())
                .computeIfAbsent(
                    m.subject().substring(cut + BETWEEN.length()), c -> new @Nullable Double[2])[
                column] =
            m.value();
      }
    }
    byReference.forEach((reference, cameras) -> append(text, reference, cameras));
    offsets(text, recording);
  }

  private static void offsets(StringBuilder text, RecordingResult recording) {
    String reference = "";
    for (Measurement m : recording.measurements()) {
      int cut = m.subject().indexOf(BETWEEN);
      if (!m.check().equals(CHECK) || !m.quantity().equals("offset") || cut <= 0) {
        continue;
      }
      String of = m.subject().substring(0, cut);
      text.append(of.equals(reference) ? ", " : reference.isEmpty() ? "" : "\n");
      if (!of.equals(reference)) {
        text.append("  images minus the nearest sweep of ")
            .append(TextReport.safe(of))
            .append(" (ms): ");
      }
      reference = of;
      text.append(TextReport.safe(m.subject().substring(cut + BETWEEN.length())));
      append(text, " ", m.value());
    }
    text.append(reference.isEmpty() ? "" : "\n");
  }

  private static void append(
      StringBuilder text, String reference, Map<String, @Nullable Double[]> cameras) {
    boolean beam = cameras.values().stream().anyMatch(values -> values[1] != null);
    text.append("  in step with ")
        .append(TextReport.safe(reference))
        .append(beam ? " (trigger phase, distance from the beam, ms):" : " (phase, ms):");
    String separator = " ";
    for (Map.Entry<String, @Nullable Double[]> camera : cameras.entrySet()) {
      text.append(separator).append(TextReport.safe(camera.getKey()));
      append(text, " ", camera.getValue()[0]);
      append(text, " / ", camera.getValue()[1]);
      separator = ", ";
    }
    text.append('\n');
  }

  private static void append(StringBuilder text, String before, @Nullable Double ms) {
    if (ms != null) {
      String number = Numbers.fixed(ms, 2);
      text.append(before).append(number.startsWith("-") ? "" : "+").append(number);
    }
  }
}
