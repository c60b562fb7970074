package dev.lockstep.rig;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.RigProfile.Period;
import dev.lockstep.model.RigProfile.Phase;
import dev.lockstep.model.RigProfile.Sector;
import dev.lockstep.model.RigProfile.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// What several good drives of one rig have in common.
public final class RigMerge {
  /// Tolerances that drives may differ by; judged: five times the tolerance is a fault.
  private static final double SAME_PHASE = 5;

  private static final double SAME_FOLD = 0.01;

  private final List<String> notes = new ArrayList<>();
  private final String reference;

  private RigMerge(String reference) {
    this.reference = reference;
  }

  /// What drives have in common, and what they disagree about, which is left out.
  public record Merged(RigProfile profile, List<String> notes) {
    /// Copies the list.
    public Merged {
      notes = List.copyOf(notes);
    }
  }

  /// Merges profiles that were learned from one drive each.
  ///
  /// @param drives at least one
  public static Merged of(List<RigProfile> drives) {
    return new RigMerge(drives.getFirst().reference()).merged(drives);
  }

  private Merged merged(List<RigProfile> drives) {
    Map<String, List<Stream>> byName = new LinkedHashMap<>();
    for (RigProfile drive : drives) {
      boolean same = drive.reference().equals(reference);
      if (!same) {
        notes.add("a drive has the reference " + drive.reference() + " instead of " + reference);
      }
      for (Stream stream : drive.streams()) {
        byName
            .computeIfAbsent(stream.name(), name -> new ArrayList<>())
            .add(same ? stream : withoutPhase(stream));
      }
    }
    List<Stream> streams = new ArrayList<>();
    byName.forEach((name, all) -> streams.add(merged(name, all, all.size() < drives.size())));
    return new Merged(new RigProfile(reference, drives.getFirst().complete(), streams), notes);
  }

  private static Stream withoutPhase(Stream s) {
    return new Stream(
        s.name(),
        s.optional(),
        s.modality(),
        s.period(),
        s.jitterNs(),
        s.jitterMaxNs(),
        null,
        Double.NaN,
        s.latencyNs(),
        s.latencySpreadNs(),
        s.sizeBytes(),
        s.leastBytes(),
        s.points(),
        s.width(),
        s.height(),
        s.blind(),
        s.seen(),
        s.calibration());
  }

  private Stream merged(String name, List<Stream> all, boolean optional) {
    Stream first = all.getFirst();
    if (optional) {
      notes.add(name + " is not in every drive: optional");
    }
    double latency = median(all, Stream::latencyNs);
    double apart = 0;
    for (Stream each : all) {
      apart = Math.max(apart, Math.abs(each.latencyNs() - latency));
    }
    boolean sameSize = agree(name, "resolution", all, s -> List.of(s.width(), s.height()));
    boolean sameCalibration = agree(name, "calibration", all, RigMerge::calibration);
    return new Stream(
        name,
        optional,
        agree(name, "modality", all, Stream::modality) ? first.modality() : null,
        period(name, all),
        most(all, Stream::jitterNs),
        most(all, Stream::jitterMaxNs),
        phase(name, all),
        pairOffset(name, all),
        latency,
        // Six standard deviations are no news: what drives differ by must be none.
        Math.max(most(all, Stream::latencySpreadNs), apart / 3),
        (int) median(all, Stream::sizeBytes),
        all.stream().mapToInt(Stream::leastBytes).min().orElse(0),
        (int) median(all, Stream::points),
        sameSize ? first.width() : 0,
        sameSize ? first.height() : 0,
        common(all, Stream::blind),
        common(all, Stream::seen),
        sameCalibration ? first.calibration() : null);
  }

  private static @Nullable Calibration calibration(Stream stream) {
    return stream.calibration();
  }

  private boolean agree(
      String name, String what, List<Stream> all, Function<Stream, @Nullable Object> value) {
    Object first = value.apply(all.getFirst());
    boolean same = all.stream().allMatch(s -> Objects.equals(value.apply(s), first));
    if (!same) {
      notes.add(name + ": drives differ in " + what + ", which is left out");
    }
    return same;
  }

  private @Nullable Period period(String name, List<Stream> all) {
    List<Stream> known = all.stream().filter(s -> s.period() != null).toList();
    if (known.size() < all.size()) {
      return null;
    }
    double period = median(known, RigMerge::periodNs);
    for (Stream each : known) {
      if (Math.abs(periodNs(each) / period - 1) > RigProfile.PERIOD_WARN_PERCENT / 100) {
        notes.add(name + ": drives differ in period, which is left out");
        return null;
      }
    }
    return Period.of(period);
  }

  private static double periodNs(Stream stream) {
    Period period = stream.period();
    return period == null ? Double.NaN : period.periodNs();
  }

  private @Nullable Phase phase(String name, List<Stream> all) {
    List<Phase> phases = new ArrayList<>();
    for (Stream stream : all) {
      Phase phase = stream.phase();
      if (phase == null) {
        return null;
      }
      phases.add(phase);
    }
    Phase first = phases.getFirst();
    double[] off = new double[phases.size()];
    double tolerance = 0;
    for (int i = 0; i < off.length; i++) {
      Phase each = phases.get(i);
      off[i] = first.off(each.phaseNs());
      tolerance = Math.max(tolerance, each.toleranceNs());
      if (Math.abs(each.foldNs() / first.foldNs() - 1) > SAME_FOLD) {
        notes.add(name + ": drives differ in the period of phases, which are left out");
        return null;
      }
    }
    Arrays.sort(off);
    double spread = off[off.length - 1] - off[0];
    if (spread > SAME_PHASE * tolerance) {
      notes.add(name + ": the phase differs from drive to drive and is left out");
      return null;
    }
    double middle = first.phaseNs() + (off[0] + off[off.length - 1]) / 2;
    double fold = first.foldNs();
    return new Phase(middle - Math.rint(middle / fold) * fold, fold, Math.max(tolerance, spread));
  }

  private double pairOffset(String name, List<Stream> all) {
    double middle = median(all, Stream::pairOffsetNs);
    double half = median(all, RigMerge::periodNs) / 2;
    for (Stream each : all) {
      if (Math.abs(each.pairOffsetNs() - middle) > half) {
        notes.add(name + ": messages of one number lie other periods apart; left out");
        return Double.NaN;
      }
    }
    return middle;
  }

  /// The lower median; NaN where one is unknown.
  private static double median(List<Stream> all, ToDoubleFunction<Stream> value) {
    double[] sorted = all.stream().mapToDouble(value).sorted().toArray();
    return Double.isNaN(sorted[sorted.length - 1]) ? Double.NaN : sorted[(sorted.length - 1) / 2];
  }

  private static double most(List<Stream> all, ToDoubleFunction<Stream> value) {
    double most = Double.NEGATIVE_INFINITY;
    for (Stream each : all) {
      most = Math.max(most, value.applyAsDouble(each));
    }
    return most;
  }

  /// Directions that lie in sectors of all drives.
  private static List<Sector> common(List<Stream> all, Function<Stream, List<Sector>> sectors) {
    Set<List<Integer>> in = new HashSet<>();
    int beams = 0;
    for (int i = 0; i < all.size(); i++) {
      Set<List<Integer>> here = new HashSet<>();
      for (Sector sector : sectors.apply(all.get(i))) {
        beams = Math.max(beams, sector.beam() + 1);
        for (int degree = sector.fromDegrees(); degree < sector.toDegrees(); degree++) {
          here.add(List.of(sector.beam(), degree));
        }
      }
      if (i == 0) {
        in.addAll(here);
      } else {
        in.retainAll(here);
      }
    }
    List<Sector> common = new ArrayList<>();
    for (int beam = 0; beam < beams; beam++) {
      int from = Integer.MIN_VALUE;
      for (int degree = -180; degree <= 180; degree++) {
        boolean inside = in.contains(List.of(beam, degree));
        if (inside && from == Integer.MIN_VALUE) {
          from = degree;
        } else if (!inside && from != Integer.MIN_VALUE) {
          common.add(new Sector(beam, from, degree));
          from = Integer.MIN_VALUE;
        }
      }
    }
    return common;
  }
}
