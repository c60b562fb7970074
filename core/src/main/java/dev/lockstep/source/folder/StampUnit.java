package dev.lockstep.source.folder;

/// In what a layout says that stamps count.
enum StampUnit {
  SECONDS("s", 9),
  MILLISECONDS("ms", 6),
  MICROSECONDS("us", 3),
  NANOSECONDS("ns", 0),
  /// Date and time as text.
  ISO("iso", 0),
  /// Two columns: GPS week, and seconds into it.
  GPS_WEEK("gps-week", 9);

  /// Seconds of a week.
  static final long WEEK_SECONDS = 604_800;

  private final String word;
  private final int power;

  StampUnit(String word, int power) {
    this.word = word;
    this.power = power;
  }

  /// As layouts write it.
  String word() {
    return word;
  }

  /// The power of ten that makes nanoseconds of it.
  int power() {
    return power;
  }

  static StampUnit of(String word) {
    for (StampUnit unit : values()) {
      if (unit.word.equals(word)) {
        return unit;
      }
    }
    throw new IllegalArgumentException("unit: " + word);
  }
}
