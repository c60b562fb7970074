package dev.lockstep.bench.time;

import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A fault of one stream, of one size.
///
/// @param name what stands in the table
/// @param checks ids of the rules that may name it
/// @param planter plants it, or gives null where it would be no fault in that series
/// @param shift its size where it is a shift of which is asked whether it could be told at best, or
///   null
record Fault(String name, Set<String> checks, Planter planter, @Nullable Shifted shift) {
  /// Standard deviations of the stream's own jitter above which a fault must be found.
  private static final double SIGMAS = 3;

  /// Standard deviations from which a single stamp can be told from jitter: the chance that a good
  /// one lies 4.9 off is one in a million, and one 6 late lies within that in one of seven.
  private static final double CLEAR_SIGMAS = 6;

  /// Part of the period below which no rule reports a shift: no message changes its slot.
  private static final double MATTERS = 1.0 / 128;

  /// Messages at either end that are left alone: at the very ends nothing tells what is missing.
  private static final int MARGIN = 24;

  /// Shortest series in which a drift is planted: by some milliseconds at least.
  private static final double DRIFT_SECONDS = 60;

  private static final Set<String> STRAYS = Set.of("TIM009", "TIM004");
  private static final Set<String> STEPS = Set.of("TIM007", "TIM008", "TIM006");

  private static final double TAI_UTC_NS = 37e9;
  private static final double WRAP_NS = 4_294_967_296_000.0;

  /// Whether it must be found: above three standard deviations and above one count of the clock.
  boolean isLarge() {
    return !name.endsWith(Size.BELOW.suffix) && !name.endsWith(Size.ONE_COUNT.suffix);
  }

  interface Planter {
    @Nullable Planted plant(Series series, Random random);
  }

  /// A shift of one stamp, or of all from one on.
  record Shifted(boolean step, double ns) {
    /// Whether it could be told at that place at best.
    boolean isTold(Reach reach, int place) {
      return step ? reach.tellsStep(place, ns) : reach.tellsStamp(place, ns);
    }
  }

  private Fault(String name, Set<String> checks, Planter planter) {
    this(name, checks, planter, null);
  }

  /// A changed series and the first messages behind each fault.
  ///
  /// @param lost messages missing in front of each, or empty
  record Planted(Series series, List<Integer> places, List<Integer> lost) {
    static Planted at(Series series, int place) {
      return new Planted(series, List.of(place), List.of());
    }
  }

  private static int place(Series series, Random random) {
    return MARGIN + random.nextInt(series.size() - 2 * MARGIN);
  }

  private static boolean isLarge(Series series, double ns) {
    return Math.abs(ns) > SIGMAS * series.sigmaNs();
  }

  /// A small shift of one stamp or of all that follow, in four rows: one that stands clear of
  /// jitter, one below three standard deviations (steps alone: many stamps tell of them), one near
  /// it, where even the best test would miss some or flag good stamps, and one of a count of the
  /// clock at most, which rounding makes as well.
  private static void add(
      List<Fault> all, String name, Set<String> checks, Shifted shifted, Shift shift) {
    double ns = shifted.ns();
    for (Size size : Size.values()) {
      all.add(
          new Fault(
              name + size.suffix,
              checks,
              (series, random) ->
                  Size.of(series, ns) == size ? shift.plant(series, ns, random) : null,
              // Rounding makes the same: whatever the series shows, it cannot be decided.
              size == Size.ONE_COUNT ? null : shifted));
    }
  }

  private interface Shift {
    @Nullable Planted plant(Series series, double ns, Random random);
  }

  private enum Size {
    CLEAR(""),
    BELOW(", 1-3 sigma"),
    NEAR_JITTER(", 3-6 sigma"),
    ONE_COUNT(", one count");

    private final String suffix;

    Size(String suffix) {
      this.suffix = suffix;
    }

    static @Nullable Size of(Series series, double ns) {
      if (Math.abs(ns) <= series.countNs()) {
        return ONE_COUNT;
      }
      if (!isLarge(series, ns)) {
        boolean matters = Math.abs(ns) > MATTERS * series.periodNs();
        return matters && Math.abs(ns) > series.sigmaNs() ? BELOW : null;
      }
      return Math.abs(ns) > CLEAR_SIGMAS * series.sigmaNs() ? CLEAR : NEAR_JITTER;
    }
  }

  /// All faults of single streams.
  static List<Fault> all() {
    List<Fault> all = new ArrayList<>();
    for (double percent : new double[] {0.1, 1, 5, 20}) {
      all.add(
          new Fault(
              "drops " + text(percent) + " %",
              Set.of("TIM008"),
              (series, random) -> drops(series, percent / 100, random)));
    }
    all.add(new Fault("duplicate", Set.of("TIM002"), Fault::duplicate));
    for (double ms : new double[] {1, 5, 20}) {
      Shifted shifted = new Shifted(false, ms * 1e6);
      add(all, "doublet " + text(ms) + " ms", STRAYS, shifted, Fault::doublet);
    }
    for (double ms : new double[] {1, 5, 20, 50}) {
      Shifted shifted = new Shifted(true, ms * 1e6);
      add(all, "step " + text(ms) + " ms", STEPS, shifted, Fault::step);
    }
    all.add(step("step 37 s", TAI_UTC_NS));
    all.add(step("step -37 s", -TAI_UTC_NS));
    all.add(step("step 4294.967 s", WRAP_NS));
    all.add(step("step -4294.967 s", -WRAP_NS));
    for (long unit : new long[] {1_000, 1_000_000}) {
      String name = unit == 1_000 ? "us" : "ms";
      all.add(
          new Fault(
              "unit " + name + " from one on",
              Set.of("TIM005", "TIM006"),
              (series, random) -> unit(series, place(series, random), unit)));
    }
    for (int ppm : new int[] {50, 200}) {
      all.add(
          new Fault(
              "drift " + ppm + " ppm",
              Set.of("TIM017"),
              (series, random) -> drift(series, ppm, random)));
    }
    return all;
  }

  private static String text(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static @Nullable Planted drops(Series series, double share, Random random) {
    boolean[] gone = new boolean[series.size()];
    int count = 0;
    for (int i = MARGIN; i < series.size() - MARGIN; i++) {
      gone[i] = random.nextDouble() < share;
      count += gone[i] ? 1 : 0;
    }
    if (count == 0) {
      int at = place(series, random);
      gone[at] = true;
    }
    long[] left = new long[series.size()];
    List<Integer> places = new ArrayList<>();
    List<Integer> lost = new ArrayList<>();
    int n = 0;
    int run = 0;
    for (int i = 0; i < series.size(); i++) {
      if (gone[i]) {
        run++;
        continue;
      }
      if (run > 0) {
        places.add(n);
        lost.add(run);
        run = 0;
      }
      left[n++] = series.stampsNs()[i];
    }
    return new Planted(series.with(Arrays.copyOf(left, n)), places, lost);
  }

  private static Planted duplicate(Series series, Random random) {
    int at = place(series, random);
    long[] longer = new long[series.size() + 1];
    System.arraycopy(series.stampsNs(), 0, longer, 0, at + 1);
    System.arraycopy(series.stampsNs(), at, longer, at + 1, series.size() - at);
    return Planted.at(series.with(longer), at + 1);
  }

  private static @Nullable Planted doublet(Series series, double ns, Random random) {
    // Nearer than half a period to another slot a late stamp is that of a neighbour.
    if (!isLarge(series, ns) || ns > series.periodNs() / 2 - SIGMAS * series.sigmaNs()) {
      return null;
    }
    int at = place(series, random);
    long[] changed = series.stampsNs().clone();
    changed[at] += Math.round(ns);
    return Planted.at(series.with(changed), at);
  }

  private static Fault step(String name, double ns) {
    return new Fault(name, STEPS, (series, random) -> step(series, ns, random));
  }

  private static @Nullable Planted step(Series series, double ns, Random random) {
    double period = series.periodNs();
    double off = ns - Math.rint(ns / period) * period;
    boolean whole = Math.abs(off) < SIGMAS * series.sigmaNs();
    // A step back by whole periods onto slots that are taken shows as stamps that run back.
    if (whole && Math.abs(ns) < period / 2 && isLarge(series, ns)) {
      return null;
    }
    int at = place(series, random);
    long[] changed = series.stampsNs().clone();
    for (int i = at; i < changed.length; i++) {
      changed[i] += Math.round(ns);
    }
    return Planted.at(series.with(changed), at);
  }

  private static Planted unit(Series series, int from, long unit) {
    long[] changed = series.stampsNs().clone();
    for (int i = from; i < changed.length; i++) {
      changed[i] /= unit;
    }
    return Planted.at(series.with(changed), from);
  }

  /// A clock that drifts against a recorder which is 1 ms away, at times more.
  private static @Nullable Planted drift(Series series, int ppm, Random random) {
    double moved = series.spanSeconds() * ppm * 1e-6 * Times.SECOND;
    if (!isLarge(series, moved) || series.spanSeconds() < DRIFT_SECONDS) {
      return null;
    }
    long[] changed = series.stampsNs().clone();
    long[] logTimes = new long[changed.length];
    for (int i = 0; i < changed.length; i++) {
      double delay = 1e6 - 0.5e6 * Math.log(1 - random.nextDouble());
      logTimes[i] = changed[i] + Math.round(delay);
      changed[i] += Math.round((changed[i] - series.stampsNs()[0]) * ppm * 1e-6);
    }
    var info = series.info();
    var header = StreamInfo.of(info.id(), info.name(), info.modality(), StampSource.HEADER, "", "");
    return Planted.at(new Series(series.dataSet(), series.rig(), header, changed, logTimes), -1);
  }
}
