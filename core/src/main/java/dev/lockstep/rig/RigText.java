package dev.lockstep.rig;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Pose;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.RigProfile.Period;
import dev.lockstep.model.RigProfile.Phase;
import dev.lockstep.model.RigProfile.Sector;
import dev.lockstep.model.RigProfile.Stream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/// Writes rig profiles as YAML. Equal profiles give equal bytes.
public final class RigText {
  private static final double MS = 1e6;

  /// Decimals of milliseconds: whole nanoseconds.
  private static final int MS_DECIMALS = 6;

  /// Decimals of quaternions, meters and pixels.
  private static final int POSE_DECIMALS = 9;

  private final StringBuilder out = new StringBuilder();

  private RigText() {}

  /// The profile as YAML that [RigFile#read] reads.
  public static String of(RigProfile profile) {
    RigText text = new RigText();
    text.write(profile);
    return text.out.toString();
  }

  private void write(RigProfile profile) {
    out.append(
        "# What good drives of this rig look like: 'lockstep check --rig FILE' judges by it.\n");
    out.append("# Keys: 'lockstep learn --schema'. What an entry leaves out is not judged.\n");
    out.append("version: 1\n");
    if (!profile.reference().isEmpty()) {
      out.append("reference: ").append(quoted(profile.reference())).append('\n');
    }
    out.append("complete: ").append(profile.complete()).append('\n');
    out.append("streams:").append(profile.streams().isEmpty() ? " []\n" : "\n");
    for (Stream stream : profile.streams()) {
      write(stream);
    }
  }

  private void write(Stream stream) {
    out.append("  - stream: ").append(quoted(stream.name())).append('\n');
    if (stream.optional()) {
      line("optional", "true");
    }
    if (stream.modality() != null) {
      line("modality", stream.modality().label());
    }
    Period period = stream.period();
    if (period != null) {
      ms("period_ms", period.periodNs());
      if (period.warnPercent() != RigProfile.PERIOD_WARN_PERCENT) {
        line("period_warn_percent", number(period.warnPercent(), MS_DECIMALS));
      }
      if (period.errorPercent()
          != Math.max(period.warnPercent(), RigProfile.PERIOD_ERROR_PERCENT)) {
        line("period_error_percent", number(period.errorPercent(), MS_DECIMALS));
      }
    }
    ms("jitter_ms", stream.jitterNs());
    ms("jitter_max_ms", stream.jitterMaxNs());
    Phase phase = stream.phase();
    if (phase != null) {
      ms("phase_ms", phase.phaseNs());
      ms("phase_period_ms", phase.foldNs());
      ms("phase_tolerance_ms", phase.toleranceNs());
    }
    ms("pair_offset_ms", stream.pairOffsetNs());
    ms("latency_ms", stream.latencyNs());
    ms("latency_jitter_ms", stream.latencySpreadNs());
    count("size_bytes", stream.sizeBytes());
    count("size_least_bytes", stream.leastBytes());
    count("points", stream.points());
    if (stream.width() > 0) {
      line("resolution", "[" + stream.width() + ", " + stream.height() + "]");
    }
    sectors("blind", stream.blind());
    sectors("seen", stream.seen());
    Calibration calibration = stream.calibration();
    if (calibration != null) {
      write(calibration);
    }
  }

  private void write(Calibration calibration) {
    out.append("    calibration:\n      parent: ")
        .append(quoted(calibration.parent()))
        .append('\n');
    Pose pose = calibration.mounting();
    if (pose != null) {
      below("rotation", pose.qw(), pose.qx(), pose.qy(), pose.qz());
      below("translation", pose.x(), pose.y(), pose.z());
    }
    Calibration.Intrinsics k = calibration.intrinsics();
    if (k != null) {
      below("intrinsics", k.fx(), k.fy(), k.cx(), k.cy());
    }
  }

  private void below(String key, double... values) {
    List<String> numbers = new ArrayList<>();
    for (double value : values) {
      numbers.add(number(value, POSE_DECIMALS));
    }
    out.append("      ").append(key).append(": [").append(String.join(", ", numbers)).append("]\n");
  }

  private void line(String key, String value) {
    out.append("    ").append(key).append(": ").append(value).append('\n');
  }

  private void ms(String key, double ns) {
    if (!Double.isNaN(ns)) {
      line(key, number(ns / MS, MS_DECIMALS));
    }
  }

  private void count(String key, int value) {
    if (value > 0) {
      line(key, Integer.toString(value));
    }
  }

  private void sectors(String key, List<Sector> sectors) {
    if (!sectors.isEmpty()) {
      List<String> parts = new ArrayList<>();
      for (Sector s : sectors) {
        parts.add("[" + s.beam() + ", " + s.fromDegrees() + ", " + s.toDegrees() + "]");
      }
      line(key, "[" + String.join(", ", parts) + "]");
    }
  }

  /// At most `decimals` digits behind the point and no trailing zeros.
  static String number(double value, int decimals) {
    BigDecimal rounded = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /// Text in double quotes, which YAML shares with JSON.
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            quoted.append('\\').appendCodePoint(c);
          } else if (c < ' ' || (c >= 0x7f && c < 0xa0) || c > 0xd7ff) {
            quoted.append(String.format("\\U%08x", c));
          } else {
            quoted.appendCodePoint(c);
          }
        });
    return quoted.append('"').toString();
  }
}
