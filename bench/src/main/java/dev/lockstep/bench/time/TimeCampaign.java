package dev.lockstep.bench.time;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Finding;
import dev.lockstep.check.rig.RigRule;
import dev.lockstep.check.rig.RigSurvey;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Modality;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Span;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Plants faults of known place and size into the stamps of real sensors and counts what our rules
/// find of them, what else they say, and how far from the place; beside it what the rules of others
/// find. Faults below three standard deviations of a stream's own jitter are left out.
public final class TimeCampaign {
  private static final String USAGE =
      """
      Usage: lockstep bench time [--trials N] [--seed N] [--max-messages N] [--misses] [--only NAME]
                                  [DATA]
      Plants faults into real stamps below DATA (default: ../shared/data), N of each kind and size
      into each series (default: 20), of which at most --max-messages are taken (default: all), and
      prints what is found. Only faults above three standard deviations of a stream's own jitter are
      planted; those below six, and those of one count of the stream's clock, have rows of their own.
      --only leaves out all faults but those whose name begins like that. Exits with 1 where less
      than 99.9 % of a row is found, or anything is found in clean series.
             lockstep bench time --cost
      Measures what the rules cost on one hour of 12 streams at 30 Hz, in one thread and in a check.\
      """;

  private static final double GOAL = 0.999;

  /// Messages around a fault in which a finding counts as its own; judged: farther off it helps
  /// nobody. Lost messages must be told exactly.
  private static final int NEAR = 3;

  private final int trials;
  private final long seed;
  private final List<Tally> rows = new ArrayList<>();
  private final Rules rules = new Rules(RigProfile.NOTHING);
  private final IdentityHashMap<Series, Reach> reaches = new IdentityHashMap<>();
  private final Bounds bounds = new Bounds();
  private Halves halves = new Halves(List.of());
  private final List<String> notes = new ArrayList<>();

  private TimeCampaign(int trials, long seed) {
    this.trials = trials;
    this.seed = seed;
  }

  /// Entry point of the campaign.
  public static void main(String... args) throws IOException, InterruptedException {
    System.exit(run(System.out, args));
  }

  /// Runs a campaign and gives its exit code.
  ///
  /// @throws IOException if the data cannot be read, or a check fails
  static int run(PrintStream out, String... args) throws IOException, InterruptedException {
    int trials = 20;
    long seed = 1;
    boolean misses = false;
    String only = "";
    int most = Integer.MAX_VALUE;
    Path data = Path.of("../shared/data");
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--trials" -> trials = Integer.parseInt(args[++i]);
        case "--seed" -> seed = Long.parseLong(args[++i]);
        case "--max-messages" -> most = Integer.parseInt(args[++i]);
        case "--misses" -> misses = true;
        case "--only" -> only = args[++i];
        case "--cost" -> {
          out.println(CatalogueCost.measured());
          out.println(CatalogueCost.processes(5));
          return 0;
        }
        case "--help" -> {
          out.println(USAGE);
          return 0;
        }
        default -> data = Path.of(args[i]);
      }
    }
    if (!Files.isDirectory(data)) {
      out.println("no folder of recordings: " + data + "\n" + USAGE);
      return 2;
    }
    TimeCampaign campaign = new TimeCampaign(trials, seed);
    List<Series> all = new ArrayList<>();
    for (Series series : RealSeries.below(data)) {
      all.add(series.size() > most ? series.cut(0, most) : series);
    }
    return campaign.report(all, only, misses, out);
  }

  private int report(List<Series> all, String only, boolean misses, PrintStream out) {
    Tally clean = new Tally("as recorded");
    List<Series> stretches = new ArrayList<>();
    for (Series series : all) {
      Series stretch = clean(series, clean);
      if (stretch != null) {
        stretches.add(stretch);
      }
    }
    rows.add(clean);
    halves = new Halves(stretches);
    for (Fault fault : Fault.all()) {
      if (fault.name().startsWith(only)) {
        plant(fault, stretches);
      }
    }
    if (only.isEmpty()) {
      plantInRigs(all);
    }
    out.println(Tally.head());
    rows.forEach(out::println);
    out.println();
    halves.print(out);
    out.println();
    bounds.print(out);
    out.println();
    notes.forEach(out::println);
    boolean good = clean.otherCount() == 0;
    for (Tally row : rows) {
      good &= row.foundCount() >= GOAL * row.plantedCount();
      if (misses) {
        row.misses().stream().limit(40).forEach(miss -> out.println("  " + miss));
      }
    }
    out.println(good ? "goal reached" : "goal missed (--misses lists what)");
    return good ? 0 : 1;
  }

  /// The longest stretch of a series in which nothing is found, or null where there is no period to
  /// judge by. What is found in real data as it is is named.
  private @Nullable Series clean(Series series, Tally clean) {
    clean.series();
    clean.trial();
    TreeSet<Integer> cuts = new TreeSet<>(List.of(0, series.size()));
    Map<String, Integer> found = new TreeMap<>();
    for (Finding finding : rules.check(List.of(series))) {
      Span messages = finding.location().messages();
      if (messages != null) {
        cuts.add((int) messages.first());
        cuts.add((int) Math.min(messages.last() + 1, series.size()));
      }
      if (finding.severity() != Severity.INFO) {
        found.merge(finding.check().id() + " " + finding.title(), 1, Integer::sum);
      }
    }
    found.forEach(
        (what, count) -> notes.add("in real data: " + series.name() + ": " + count + " x " + what));
    int from = 0;
    int to = 0;
    Integer before = null;
    for (int cut : cuts) {
      if (before != null && cut - before > to - from) {
        from = before;
        to = cut;
      }
      before = cut;
    }
    Series stretch = series.cut(from, to);
    if (stretch.locked() == null || stretch.size() < 64) {
      notes.add("left out: " + series.name() + ": no period in a clean stretch");
      return null;
    }
    for (Finding finding : rules.check(List.of(stretch))) {
      if (finding.severity() != Severity.INFO) {
        clean.other(stretch.name() + ": " + text(finding));
      }
    }
    for (Peers peer : Peers.values()) {
      clean.peerFalse(peer, peer.flagged(stretch, stretch.periodNs()).size());
    }
    return stretch;
  }

  private static String text(Finding finding) {
    return finding.check().id()
        + " "
        + finding.title()
        + " "
        + finding.location().messages()
        + " "
        + finding.evidence().observed();
  }

  private void plant(Fault fault, List<Series> all) {
    Tally row = new Tally(fault.name());
    for (Series series : all) {
      Tally own = new Tally(series.name());
      double period = series.periodNs();
      for (int trial = 0; trial < trials; trial++) {
        Random random = new Random(seed * 1_000_003 + trial * 31L + series.name().hashCode());
        Fault.Planted planted = fault.planter().plant(series, random);
        if (planted != null) {
          own.trial();
          judge(fault, planted, period, own);
          Fault.Shifted shift = fault.shift();
          if (shift != null) {
            Reach reach = reach(series);
            planted.places().forEach(place -> own.reachable(shift.isTold(reach, place)));
          }
        }
      }
      if (own.trialCount() > 0) {
        own.series();
        halves.add(fault, series, own);
        if (fault.shift() != null && fault.isLarge()) {
          bounds.add(series, reach(series), fault.shift(), own.plantedCount(), own.foundCount());
        }
      }
      row.add(own);
    }
    rows.add(row);
  }

  private Reach reach(Series series) {
    return reaches.computeIfAbsent(series, Reach::new);
  }

  private void judge(Fault fault, Fault.Planted planted, double period, Tally row) {
    List<Finding> findings = rules.check(List.of(planted.series()));
    List<Integer> places = planted.places();
    boolean[] used = new boolean[findings.size()];
    for (int p = 0; p < places.size(); p++) {
      int place = places.get(p);
      boolean hit = false;
      long nearest = Integer.MAX_VALUE;
      for (int f = 0; f < findings.size(); f++) {
        Finding finding = findings.get(f);
        if (!isAbout(finding, place)) {
          continue;
        }
        used[f] = true;
        if (fault.checks().contains(finding.check().id())
            && (planted.lost().isEmpty() || tells(finding, place, planted.lost().get(p)))) {
          hit = true;
          Span messages = finding.location().messages();
          if (messages != null && place > 0) {
            long error =
                Math.min(Math.abs(messages.first() - place), Math.abs(messages.last() - place));
            nearest = Math.min(nearest, error);
          }
        }
      }
      if (hit && nearest != Integer.MAX_VALUE) {
        row.indexError((int) nearest);
      }
      row.planted(
          hit,
          planted.series().name()
              + " "
              + fault.name()
              + " at message "
              + place
              + " of "
              + planted.series().size()
              + ", found "
              + findings.stream().map(TimeCampaign::text).toList());
    }
    for (int f = 0; f < used.length; f++) {
      Finding finding = findings.get(f);
      boolean ofAll =
          finding.location().messages() == null && fault.checks().contains(finding.check().id());
      if (!used[f] && !ofAll && finding.severity() != Severity.INFO) {
        row.other(planted.series().name() + " " + fault.name() + ": " + text(finding));
      }
    }
    for (Peers peer : Peers.values()) {
      List<Integer> flagged = peer.flagged(planted.series(), period);
      int own = 0;
      for (int place : places) {
        List<Integer> near =
            flagged.stream().filter(i -> place >= 0 && Math.abs(i - place) <= NEAR).toList();
        row.peer(peer, !near.isEmpty());
        own += near.size();
      }
      row.peerFalse(peer, Math.max(0, flagged.size() - own));
    }
  }

  /// Whether a finding is about the message; about the whole stream where `place` is below 1.
  private static boolean isAbout(Finding finding, int place) {
    Span messages = finding.location().messages();
    if (place <= 0) {
      return messages == null || messages.first() <= NEAR || place < 0;
    }
    return messages != null && messages.first() <= place + NEAR && messages.last() >= place - NEAR;
  }

  /// Whether a finding tells that so many messages are missing in front of that one.
  private static boolean tells(Finding finding, int place, int lost) {
    Span messages = finding.location().messages();
    return finding.evidence() instanceof Evidence.Loss loss
        && loss.count() == lost
        && messages != null
        && messages.last() == place;
  }

  private void plantInRigs(List<Series> all) {
    Map<String, List<Series>> rigs = new LinkedHashMap<>();
    for (Series series : all) {
      rigs.computeIfAbsent(series.rig(), rig -> new ArrayList<>()).add(series);
    }
    rigs.values().removeIf(rig -> rig.size() < 2);
    Tally clean = new Tally("rigs by first half");
    Map<List<Series>, RigProfile> known = new LinkedHashMap<>();
    for (List<Series> rig : rigs.values()) {
      known.put(rig, learned(rig));
      judgeSecondHalf(rig, clean);
    }
    rows.add(clean);
    for (RigFault fault : RigFault.all()) {
      Tally row = new Tally(fault.name());
      known.forEach((rig, profile) -> plant(fault, rig, profile, row));
      rows.add(row);
    }
  }

  private static RigProfile learned(List<Series> rig) {
    return RigSurvey.learn(Rules.alignment(rig, Map.of()));
  }

  /// What rules that judge by a profile of the first half find in the second.
  private void judgeSecondHalf(List<Series> rig, Tally clean) {
    List<Series> first = rig.stream().map(s -> s.cut(0, s.size() / 2)).toList();
    List<Series> second = rig.stream().map(s -> s.cut(s.size() / 2, s.size())).toList();
    clean.series();
    clean.trial();
    for (Finding finding : new Rules(learned(first)).check(second)) {
      if (isByProfile(finding)) {
        clean.other(second.getFirst().rig() + ": " + text(finding));
      }
    }
  }

  private static boolean isByProfile(Finding finding) {
    return Checks.named(finding.check().id()) instanceof RigRule;
  }

  private void plant(RigFault fault, List<Series> rig, RigProfile profile, Tally row) {
    Rules judging = new Rules(profile);
    Set<String> usual = new HashSet<>();
    judging.check(rig).forEach(finding -> usual.add(text(finding)));
    boolean any = false;
    for (int trial = 0; trial < trials; trial++) {
      Random random = new Random(seed * 1_000_003 + trial * 31L + fault.name().hashCode());
      RigFault.Planted planted = fault.planter().plant(rig, profile, random);
      if (planted == null) {
        continue;
      }
      any = true;
      row.trial();
      boolean hit = false;
      for (Finding finding : judging.check(planted.rig())) {
        boolean own =
            fault.checks().contains(finding.check().id())
                && planted.streams().contains(String.valueOf(finding.location().stream()));
        hit |= own;
        if (!own && finding.severity() != Severity.INFO && !usual.contains(text(finding))) {
          row.other(
              fault.name()
                  + " "
                  + planted.streams()
                  + ": "
                  + finding.location().stream()
                  + " "
                  + text(finding));
        }
      }
      row.planted(hit, rig.getFirst().rig() + " " + fault.name() + " " + planted.streams());
      peers(rig, planted, row);
    }
    if (any) {
      row.series();
    }
  }

  /// Rules about steps see the changed streams; ApproximateTime sees them beside the reference.
  private static void peers(List<Series> rig, RigFault.Planted planted, Tally row) {
    for (Peers peer : Peers.values()) {
      int before = 0;
      int after = 0;
      for (int i = 0; i < rig.size(); i++) {
        if (planted.streams().contains(rig.get(i).info().name())) {
          double period = rig.get(i).periodNs();
          before += peer.flagged(rig.get(i), period).size();
          after += peer.flagged(planted.rig().get(i), period).size();
        }
      }
      row.peer(peer, after > before);
      row.peerFalse(peer, Math.min(before, after));
    }
    int reference = 0;
    for (int i = 0; i < rig.size(); i++) {
      reference = rig.get(i).info().modality() == Modality.LIDAR ? i : reference;
    }
    boolean seen = false;
    for (int i = 0; i < rig.size(); i++) {
      if (i != reference && planted.streams().contains(rig.get(i).info().name())) {
        int usual = Peers.unpaired(rig.get(reference).stampsNs(), rig.get(i).stampsNs());
        int now =
            Peers.unpaired(
                planted.rig().get(reference).stampsNs(), planted.rig().get(i).stampsNs());
        seen |= now > usual + 2;
      }
    }
    row.approximate(seen);
  }
}
