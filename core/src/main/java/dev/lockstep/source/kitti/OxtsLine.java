package dev.lockstep.source.kitti;

import dev.lockstep.model.Evidence;
import dev.lockstep.model.Pose;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One reading of the GPS/IMU unit: 30 numbers in a line (KITTI raw devkit, `dataformat.txt`).
final class OxtsLine {
  /// Earth's equatorial radius in the spherical Mercator projection, meters (WGS 84 semi-major
  /// axis).
  private static final double EARTH_RADIUS_METERS = 6_378_137;

  private static final Pattern SPACE = Pattern.compile("\\s+");

  /// A little above pi: files print angles with finite precision.
  private static final double PI = 3.1416;

  /// Largest speed, m/s, acceleration, m/s², and turn rate, rad/s. Judged: no road vehicle comes
  /// near a third of them.
  private static final double SPEED = 200;

  private static final double ACCELERATION = 500;
  private static final double RATE = 50;

  /// Largest estimated error, m and m/s. Judged: with a worse one there is no position at all.
  private static final double ERROR = 1e6;

  /// Largest status code and number of satellites: the unit sends them as bytes; -1 is "unknown".
  private static final double CODE = 255;

  private static final int FIRST_CODE = 25;

  /// The values of a line, in their order, and what they may be.
  private enum Field {
    LAT(-90, 90),
    LON(-180, 180),
    ALT(-1_000, 20_000),
    ROLL(-PI, PI),
    PITCH(-PI / 2, PI / 2),
    YAW(-PI, PI),
    VN(-SPEED, SPEED),
    VE(-SPEED, SPEED),
    VF(-SPEED, SPEED),
    VL(-SPEED, SPEED),
    VU(-SPEED, SPEED),
    AX(-ACCELERATION, ACCELERATION),
    AY(-ACCELERATION, ACCELERATION),
    AZ(-ACCELERATION, ACCELERATION),
    AF(-ACCELERATION, ACCELERATION),
    AL(-ACCELERATION, ACCELERATION),
    AU(-ACCELERATION, ACCELERATION),
    WX(-RATE, RATE),
    WY(-RATE, RATE),
    WZ(-RATE, RATE),
    WF(-RATE, RATE),
    WL(-RATE, RATE),
    WU(-RATE, RATE),
    POS_ACCURACY(0, ERROR),
    VEL_ACCURACY(0, ERROR),
    NAVSTAT(-1, CODE),
    NUMSATS(-1, CODE),
    POSMODE(-1, CODE),
    VELMODE(-1, CODE),
    ORIMODE(-1, CODE);

    private final double min;
    private final double max;

    Field(double min, double max) {
      this.min = min;
      this.max = max;
    }

    String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private static final Field[] FIELDS = Field.values();

  private static final int LAT = 0;
  private static final int LON = 1;
  private static final int ALT = 2;
  private static final int ROLL = 3;
  private static final int PITCH = 4;
  private static final int YAW = 5;

  /// Rates about the vehicle's axes; further two follow.
  private static final int WX = 17;

  private final double[] values;
  private final @Nullable Evidence fault;

  private OxtsLine(double[] values, @Nullable Evidence fault) {
    this.values = values;
    this.fault = fault;
  }

  /// Reads a line.
  static OxtsLine parse(String line) {
    String[] fields = SPACE.split(line.strip(), -1);
    double[] values = new double[KittiLayout.OXTS_VALUES];
    if (fields.length != values.length) {
      return new OxtsLine(
          values,
          new Evidence.Violation(
              "values", Integer.toString(fields.length), Integer.toString(values.length)));
    }
    for (int i = 0; i < FIELDS.length; i++) {
      Field field = FIELDS[i];
      String text = fields[i];
      try {
        values[i] = Double.parseDouble(text);
      } catch (NumberFormatException e) {
        return new OxtsLine(
            values, new Evidence.Violation("value " + field.label(), shortened(text), "a number"));
      }
      if (!(values[i] >= field.min && values[i] <= field.max)) {
        return new OxtsLine(
            values,
            new Evidence.OutOfRange("value " + field.label(), values[i], field.min, field.max, ""));
      }
      if (i >= FIRST_CODE && values[i] != Math.rint(values[i])) {
        return new OxtsLine(
            values,
            new Evidence.Violation("value " + field.label(), shortened(text), "a whole number"));
      }
    }
    return new OxtsLine(values, null);
  }

  private static String shortened(String field) {
    return field.length() <= 24 ? field : field.substring(0, 24) + "...";
  }

  /// The first thing that is wrong with the line, or null.
  @Nullable Evidence fault() {
    return fault;
  }

  /// Rate of turn about an axis of the vehicle (0 to 2: x forward, y left, z up), rad/s.
  double rate(int axis) {
    return values[WX + axis];
  }

  /// Degrees north.
  double latitude() {
    return values[LAT];
  }

  /// Degrees east.
  double longitude() {
    return values[LON];
  }

  /// Meters.
  double altitude() {
    return values[ALT];
  }

  /// The scale at which a spherical Mercator projection is true to length at this latitude.
  double mercatorScale() {
    return Math.cos(Math.toRadians(values[LAT]));
  }

  /// The unit's pose: x east, y north, z up, meters.
  ///
  /// Position by spherical Mercator, true to length where `scale` was taken (the first reading of a
  /// drive); orientation by roll about x, then pitch about y, then yaw about z.
  ///
  /// @param scale [#mercatorScale] of the first reading
  Pose pose(double scale) {
    double lat = Math.toRadians(values[LAT]);
    double lon = Math.toRadians(values[LON]);
    double x = scale * EARTH_RADIUS_METERS * lon;
    double y = scale * EARTH_RADIUS_METERS * Math.log(Math.tan(Math.PI / 4 + lat / 2));
    double roll = values[ROLL] / 2;
    double pitch = values[PITCH] / 2;
    double yaw = values[YAW] / 2;
    double cr = Math.cos(roll);
    double sr = Math.sin(roll);
    double cp = Math.cos(pitch);
    double sp = Math.sin(pitch);
    double cy = Math.cos(yaw);
    double sy = Math.sin(yaw);
    return new Pose(
        cr * cp * cy + sr * sp * sy,
        sr * cp * cy - cr * sp * sy,
        cr * sp * cy + sr * cp * sy,
        cr * cp * sy - sr * sp * cy,
        x,
        y,
        values[ALT]);
  }
}
