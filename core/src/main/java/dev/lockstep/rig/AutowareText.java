package dev.lockstep.rig;

import dev.lockstep.model.Modality;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.RigProfile.Period;
import dev.lockstep.model.RigProfile.Phase;
import dev.lockstep.model.RigProfile.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The parameters that users of Autoware and tier4_perception_dataset measure and tune by hand,
/// from a learned rig profile.
public final class AutowareText {
  private static final double MS = 1e6;
  private static final double S = 1e9;

  private final RigProfile profile;
  private final StringBuilder out = new StringBuilder();

  private AutowareText(RigProfile profile) {
    this.profile = profile;
  }

  /// The parameters as YAML; empty where the reference is no LiDAR with a period. Windows are six
  /// standard deviations of the distance from the reference, rounded up to milliseconds; that of
  /// the reference is its largest distance from its own slots.
  public static String of(RigProfile profile) {
    AutowareText text = new AutowareText(profile);
    Stream reference = profile.entry(profile.reference(), entry -> true);
    if (reference != null && reference.modality() == Modality.LIDAR && reference.period() != null) {
      text.write(reference);
    }
    return text.out.toString();
  }

  private void write(Stream reference) {
    List<Stream> lidars = new ArrayList<>();
    List<Stream> cameras = new ArrayList<>();
    lidars.add(reference);
    for (Stream stream : profile.streams()) {
      if (stream.phase() != null && stream.modality() == Modality.LIDAR) {
        lidars.add(stream);
      } else if (stream.phase() != null
          && (stream.modality() == Modality.CAMERA || stream.modality() == Modality.VIDEO)) {
        cameras.add(stream);
      }
    }
    out.append("# autoware_pointcloud_preprocessor, concatenate_and_time_sync_node (advanced)\n");
    names("input_topics", lidars);
    double earliest = 0;
    for (Stream lidar : lidars) {
      earliest = Math.min(earliest, phaseNs(lidar));
    }
    List<String> offsets = new ArrayList<>();
    List<String> windows = new ArrayList<>();
    for (Stream lidar : lidars) {
      offsets.add(fixed((phaseNs(lidar) - earliest) / S, 4));
      windows.add(window(lidar));
    }
    list("lidar_timestamp_offsets", offsets);
    list("lidar_timestamp_noise_window", windows);
    if (cameras.isEmpty()) {
      return;
    }
    out.append("# autoware_image_projection_based_fusion\n");
    names("rois", cameras);
    List<String> after = new ArrayList<>();
    List<String> noise = new ArrayList<>();
    List<String> delays = new ArrayList<>();
    double jitter = 0;
    for (Stream camera : cameras) {
      after.add(fixed(afterNs(camera) / MS, 1));
      noise.add(window(camera));
      delays.add("  " + camera.name() + ": {delay_msec: " + fixed(afterNs(camera) / MS, 2) + "}\n");
      Phase phase = camera.phase();
      jitter = Math.max(jitter, phase == null ? 0 : phase.toleranceNs());
    }
    list("rois_timestamp_offsets", after);
    list("rois_timestamp_noise_window", noise);
    out.append("# tier4_perception_dataset\n");
    Period period = reference.period();
    if (period != null) {
      out.append("system_scan_period_sec: ").append(fixed(period.periodNs() / S, 6)).append('\n');
    }
    out.append("max_camera_jitter_sec: ").append(fixed(ceilMs(jitter) / 1e3, 3)).append('\n');
    out.append("cameras:\n");
    delays.forEach(out::append);
  }

  private void names(String key, List<Stream> streams) {
    list(key, streams.stream().map(Stream::name).toList());
  }

  private void list(String key, List<String> values) {
    out.append(key).append(": [").append(String.join(", ", values)).append("]\n");
  }

  private static double phaseNs(Stream stream) {
    Phase phase = stream.phase();
    return phase == null ? 0 : phase.phaseNs();
  }

  /// Time behind the sweep in front, ns.
  private static double afterNs(Stream stream) {
    @Nullable Phase phase = stream.phase();
    if (phase == null) {
      return 0;
    }
    return phase.phaseNs() < 0 ? phase.phaseNs() + phase.foldNs() : phase.phaseNs();
  }

  private static String window(Stream stream) {
    Phase phase = stream.phase();
    double ns = phase == null ? known(stream.jitterMaxNs()) : phase.toleranceNs();
    return fixed(ceilMs(ns) / 1e3, 3);
  }

  private static double known(double ns) {
    return Double.isNaN(ns) ? 0 : ns;
  }

  private static double ceilMs(double ns) {
    return Math.max(1, Math.ceil(ns / MS));
  }

  private static String fixed(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value + 0.0);
  }
}
