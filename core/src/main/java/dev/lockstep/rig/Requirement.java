package dev.lockstep.rig;

import dev.lockstep.model.RigProfile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a command line requires of a stream: `NAME:RATEhz[,+-PERCENT%]`.
public final class Requirement {
  /// Share by which a rate may be off where the requirement names none: the limit of NVIDIA's
  /// greenwave monitor.
  private static final double USUAL_PERCENT = 5;

  private static final double NS_PER_SECOND = 1e9;

  private static final Pattern FORM =
      Pattern.compile(
          "(?<name>.+):(?<rate>[0-9]+(\\.[0-9]+)?)[hH][zZ](,(\\+-|±)(?<percent>[0-9]+(\\.[0-9]+)?)%)?");

  private Requirement() {}

  /// Reads a requirement: a stream, or a pattern that at least one stream must fit, and its rate.
  ///
  /// @throws IllegalArgumentException if it is none
  public static RigProfile.Stream parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "--require: " + text + " (expected STREAM:RATEhz or STREAM:RATEhz,+-PERCENT%)");
    }
    double rate = Double.parseDouble(matcher.group("rate"));
    if (!(rate > 0) || Double.isInfinite(NS_PER_SECOND / rate)) {
      throw new IllegalArgumentException("--require: " + text + " (expected a rate above 0 Hz)");
    }
    String percent = matcher.group("percent");
    double limit = percent == null ? USUAL_PERCENT : Double.parseDouble(percent);
    return RigProfile.Stream.of(
        matcher.group("name"), new RigProfile.Period(NS_PER_SECOND / rate, limit, limit));
  }
}
