package dev.lockstep.model;

import org.jspecify.annotations.Nullable;

/// What was seen and what should have been: typed values from which one renderer makes all text.
///
/// Every kind answers the same four questions, so that tables can hold them side by side: what is
/// meant, what was observed, what was expected, in which unit.
public sealed interface Evidence {
  /// What the values are about, in a few words (`chunk CRC-32`, `stamp step`).
  String what();

  /// The value that was found.
  String observed();

  /// The value or limit that should have been found; empty where there is none.
  String expected();

  /// Unit of both values; empty for plain counts, names and checksums.
  String unit();

  /// A value in the file differs from the one that follows from the data.
  record Mismatch(String what, String stored, String computed) implements Evidence {
    /// Two 32-bit checksums.
    public static Mismatch ofCrc(String what, int stored, int computed) {
      return new Mismatch(what, String.format("0x%08X", stored), String.format("0x%08X", computed));
    }

    /// Two unsigned 64-bit counts, sizes or offsets.
    public static Mismatch ofCount(String what, long stored, long computed) {
      return new Mismatch(what, Long.toUnsignedString(stored), Long.toUnsignedString(computed));
    }

    @Override
    public String observed() {
      return stored;
    }

    @Override
    public String expected() {
      return computed;
    }

    @Override
    public String unit() {
      return "";
    }
  }

  /// A measured value outside its limits; either limit may be absent.
  record OutOfRange(
      String what, Number value, @Nullable Number min, @Nullable Number max, String unit)
      implements Evidence {
    /// Digits of a `double` from which on no two of them read alike.
    private static final int ALL_DIGITS = 17;

    /// Limits with three digits behind the point at most are parameters; others are computed.
    private static final double CHOSEN = 1000;

    /// A value with that many digits behind the point, and more where value and limit would read
    /// alike without.
    public static OutOfRange rounded(
        String what,
        double value,
        @Nullable Number min,
        @Nullable Number max,
        int decimals,
        String unit) {
      OutOfRange exact = new OutOfRange(what, value, min, max, unit);
      double scale = Math.pow(10, decimals);
      OutOfRange rounded = exact.rounded(scale);
      for (int digits = decimals;
          exact.isOutside() && !rounded.isOutside() && digits < ALL_DIGITS;
          digits++) {
        scale *= 10;
        rounded = exact.rounded(scale);
      }
      return rounded;
    }

    private OutOfRange rounded(double scale) {
      return new OutOfRange(
          what, round(value.doubleValue(), scale), round(min, scale), round(max, scale), unit);
    }

    /// Limits that somebody chose are short, and stay what they are.
    private static @Nullable Number round(@Nullable Number limit, double scale) {
      if (limit == null || round(limit.doubleValue(), CHOSEN).equals(limit.doubleValue())) {
        return limit;
      }
      return round(limit.doubleValue(), scale);
    }

    private static Double round(double value, double scale) {
      return Math.rint(value * scale) / scale;
    }

    private boolean isOutside() {
      double v = value.doubleValue();
      return min != null && v < min.doubleValue() || max != null && v > max.doubleValue();
    }

    /// Significant digits that tell the value from its limits.
    private int digits() {
      int digits = Numbers.SIGNIFICANT;
      while (digits < ALL_DIGITS && (alike(min, digits) || alike(max, digits))) {
        digits++;
      }
      return digits;
    }

    private boolean alike(@Nullable Number limit, int digits) {
      return limit != null
          && value.doubleValue() != limit.doubleValue()
          && Numbers.text(value, digits).equals(Numbers.text(limit, digits));
    }

    @Override
    public String observed() {
      return Numbers.text(value, digits());
    }

    @Override
    public String expected() {
      int digits = digits();
      if (min == null) {
        return max == null ? "" : "at most " + Numbers.text(max, digits);
      }
      return max == null
          ? "at least " + Numbers.text(min, digits)
          : Numbers.text(min, digits) + " to " + Numbers.text(max, digits);
    }
  }

  /// A time that lies before (or at) its predecessor.
  record Disorder(String what, long previousNs, long valueNs) implements Evidence {
    @Override
    public String observed() {
      return Long.toString(valueNs);
    }

    @Override
    public String expected() {
      return "above " + previousNs;
    }

    @Override
    public String unit() {
      return "ns";
    }
  }

  /// Things that are missing.
  ///
  /// @param what what is missing, in the plural (`sweeps`, `messages`)
  /// @param count how many
  /// @param basis what the number rests on (`period 100.000 ms`), may be empty
  record Loss(String what, long count, String basis) implements Evidence {
    @Override
    public String observed() {
      return count + " missing";
    }

    @Override
    public String expected() {
      return basis;
    }

    @Override
    public String unit() {
      return "";
    }
  }

  /// Equal things in a row where they should differ.
  record Repeat(String what, long count, String value) implements Evidence {
    @Override
    public String observed() {
      return count + " times " + value;
    }

    @Override
    public String expected() {
      return "all different";
    }

    @Override
    public String unit() {
      return "";
    }
  }

  /// A property that should stay the same changed.
  record Change(String what, String before, String after, String support) implements Evidence {
    @Override
    public String observed() {
      return before + " -> " + after;
    }

    @Override
    public String expected() {
      return support;
    }

    @Override
    public String unit() {
      return "";
    }
  }

  /// A rule of a format or of plain sense that does not hold; `rule` says what should have been.
  record Violation(String what, String observed, String rule) implements Evidence {
    @Override
    public String expected() {
      return rule;
    }

    @Override
    public String unit() {
      return "";
    }
  }
}
