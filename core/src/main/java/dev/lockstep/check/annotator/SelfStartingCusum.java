package dev.lockstep.check.annotator;

/// Finds a lasting shift of the mean in numbers that come one by one, two-sided.
///
/// Each number is compared with mean and spread of those before it, and the comparison brought to a
/// standard normal deviate (Student's t by Wallace's approximation), so that no reference period is
/// needed and the run length without a shift is that of the plain chart (Hawkins 1987): with k =
/// 0.5 and h = 10 some 70,000 numbers between two false alarms.
final class SelfStartingCusum {
  /// Half of the shift that it finds soonest, in standard deviations.
  static final double K = 0.5;

  /// Limit of the sums.
  static final double H = 10;

  /// Numbers that it learns from before it judges; judged.
  static final int LEARNED = 10;

  /// No single number counts for more than this many standard deviations.
  private static final double CLIP = 3;

  private final double floor;
  private int count;
  private double mean;
  private double squares;
  private double up;
  private double down;
  private int upSince;
  private int downSince;

  /// @param floor least standard deviation
  SelfStartingCusum(double floor) {
    this.floor = floor;
  }

  /// Takes the next number: 1 or -1 if with it the mean is known to have risen or fallen, else 0.
  int add(double x) {
    int alarm = 0;
    if (count >= LEARNED) {
      double sd = Math.max(floor, Math.sqrt(squares / (count - 1)));
      double t = Math.sqrt(count / (count + 1.0)) * (x - mean) / sd;
      double z = Math.clamp(deviate(t, count - 1), -CLIP, CLIP);
      if (up == 0) {
        upSince = count;
      }
      if (down == 0) {
        downSince = count;
      }
      up = Math.max(0, up + z - K);
      down = Math.max(0, down - z - K);
      alarm = up > H ? 1 : down > H ? -1 : 0;
    }
    count++;
    double step = x - mean;
    mean += step / count;
    squares += step * (x - mean);
    return alarm;
  }

  /// Index of the number with which the rise, or the fall, that led to an alarm began.
  int since(int alarm) {
    return alarm > 0 ? upSince : downSince;
  }

  /// Standard normal deviate of a value of Student's t (Wallace 1959).
  static double deviate(double t, int freedom) {
    double size =
        Math.sqrt(freedom * Math.log1p(t * t / freedom))
            * (8.0 * freedom + 1)
            / (8.0 * freedom + 3);
    return t < 0 ? -size : size;
  }
}
