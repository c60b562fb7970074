package dev.lockstep.bench.time;

import dev.lockstep.model.Modality;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.StampSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A fault that only several streams, or a profile of good drives, can show.
///
/// @param checks ids of the rules that may name it
record RigFault(String name, Set<String> checks, Planter planter) {
  private static final double TAI_UTC_NS = 37e9;
  private static final double WRAP_NS = 4_294_967_296_000.0;

  interface Planter {
    @Nullable Planted plant(List<Series> rig, RigProfile profile, Random random);
  }

  /// A changed rig and the streams that were changed.
  record Planted(List<Series> rig, List<String> streams) {}

  static List<RigFault> all() {
    List<RigFault> all = new ArrayList<>();
    for (double ns : new double[] {TAI_UTC_NS, -TAI_UTC_NS, WRAP_NS}) {
      String name = (ns == WRAP_NS ? "4294.967" : ns > 0 ? "37" : "-37") + " s throughout";
      all.add(
          new RigFault(
              name,
              Set.of("SYN007"),
              (rig, profile, random) ->
                  rig.stream().filter(RigFault::isSensor).count() < 3
                      ? null
                      : changed(rig, random, RigFault::isSensor, s -> shifted(s, ns))));
    }
    for (int ms : new int[] {10, 30}) {
      all.add(
          new RigFault(
              ms + " ms late throughout",
              Set.of("SYN015"),
              (rig, profile, random) ->
                  changed(
                      rig,
                      random,
                      s -> isPhased(s, profile) && ms * 1e6 < s.periodNs() - 5e6,
                      s -> shifted(s, ms * 1e6))));
    }
    all.add(
        new RigFault(
            "unit us throughout",
            Set.of("TIM005", "TIM018", "SYN007"),
            (rig, profile, random) ->
                changed(
                    rig,
                    random,
                    s -> s.locked() != null,
                    s -> s.with(Arrays.stream(s.stampsNs()).map(ns -> ns / 1_000).toArray()))));
    all.add(
        new RigFault(
            "off by one",
            Set.of("SYN003", "SYN015"),
            (rig, profile, random) ->
                changed(
                    rig,
                    random,
                    s -> isPhased(s, profile) && s.info().stampSource() == StampSource.LIST,
                    RigFault::oneLate)));
    all.add(new RigFault("two exchanged", Set.of("SYN016"), RigFault::exchanged));
    return all;
  }

  /// Labels that stand in for sweeps end some sweeps before the cameras.
  private static boolean isSensor(Series series) {
    return !series.standsIn()
        && (series.info().modality() == Modality.CAMERA
            || series.info().modality() == Modality.LIDAR);
  }

  private static boolean isPhased(Series series, RigProfile profile) {
    return profile.entry(series.info().name(), entry -> entry.phase() != null) != null;
  }

  private interface Change {
    Series of(Series series);
  }

  private static @Nullable Planted changed(
      List<Series> rig, Random random, Predicate<Series> fits, Change change) {
    List<Series> candidates = rig.stream().filter(fits).toList();
    if (candidates.isEmpty()) {
      return null;
    }
    Series chosen = candidates.get(random.nextInt(candidates.size()));
    List<Series> now = new ArrayList<>(rig);
    now.set(rig.indexOf(chosen), change.of(chosen));
    return new Planted(now, List.of(chosen.info().name()));
  }

  private static Series shifted(Series series, double ns) {
    return series.with(
        Arrays.stream(series.stampsNs()).map(stamp -> stamp + Math.round(ns)).toArray());
  }

  /// The list begins one message too late.
  private static Series oneLate(Series series) {
    return series.cut(1, series.size());
  }

  /// Two streams of one kind at phases that can be told apart.
  private static @Nullable Planted exchanged(List<Series> rig, RigProfile profile, Random random) {
    List<int[]> pairs = new ArrayList<>();
    for (int a = 0; a < rig.size(); a++) {
      for (int b = a + 1; b < rig.size(); b++) {
        if (isExchangeable(rig.get(a), rig.get(b), profile)) {
          pairs.add(new int[] {a, b});
        }
      }
    }
    if (pairs.isEmpty()) {
      return null;
    }
    int[] pair = pairs.get(random.nextInt(pairs.size()));
    List<Series> now = new ArrayList<>(rig);
    Series a = rig.get(pair[0]);
    Series b = rig.get(pair[1]);
    now.set(pair[0], a.with(b.stampsNs()));
    now.set(pair[1], b.with(a.stampsNs()));
    return new Planted(now, List.of(a.info().name(), b.info().name()));
  }

  private static boolean isExchangeable(Series a, Series b, RigProfile profile) {
    RigProfile.Phase first = phase(a, profile);
    RigProfile.Phase second = phase(b, profile);
    return first != null
        && second != null
        && a.info().modality() == b.info().modality()
        && Math.abs(first.off(second.phaseNs())) > first.toleranceNs() + second.toleranceNs()
        && isAlone(first, a, profile)
        && isAlone(second, b, profile);
  }

  /// Whether no other stream lies at that phase, which nothing could tell from it.
  private static boolean isAlone(RigProfile.Phase phase, Series own, RigProfile profile) {
    return profile.streams().stream()
        .filter(entry -> !entry.name().equals(own.info().name()))
        .map(RigProfile.Stream::phase)
        .allMatch(other ->
            other == null
                || Math.abs(phase.off(other.phaseNs()))
                    > phase.toleranceNs() + other.toleranceNs());
  }

  private static RigProfile.@Nullable Phase phase(Series series, RigProfile profile) {
    RigProfile.Stream entry = profile.entry(series.info().name(), e -> e.phase() != null);
    return entry == null ? null : entry.phase();
  }
}
