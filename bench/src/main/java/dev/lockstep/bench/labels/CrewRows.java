package dev.lockstep.bench.labels;

import dev.lockstep.check.Finding;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.synth.labels.Spoof;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Annotators who measure differently from the others (F20), or do not do their work (F21), each in
/// a crew of four with 50 objects.
final class CrewRows {
  private static final int ANNOTATORS = 4;
  private static final String CREWS = "crews of four";

  /// Crews of annotators who do nothing wrong.
  private static final int CLEAN = 60;

  private static final Set<String> SIZES = Set.of("ANN001", "ANN002");
  private static final double[] BIASES = {1.01, 1.02, 1.05};
  private static final int HALF = 25;

  /// Deviations of length, width and height over objects of one kind, of their middle, as [Crew]
  /// draws them.
  private static final double[] SPREADS = {0.08, 0.05, 0.05};

  private static final String[] LEVELS = {"a little", "more", "most"};
  private static final List<LabelCheck> RULES =
      Rules.ALL.stream().filter(rule -> rule.card().family().equals("ANN")).toList();

  private final int wanted;
  private final long seed;

  CrewRows(int wanted, long seed) {
    this.wanted = wanted;
    this.seed = seed;
  }

  /// Plants and counts.
  Ledger rows() {
    Ledger all = new Ledger();
    all.addAll(Math.min(CLEAN, wanted), this::clean);
    all.addAll(wanted, this::biased);
    List<Spoof> spoofs = Spoof.all();
    int rounds = (int) Math.ceil((double) wanted * LEVELS.length / spoofs.size());
    all.addAll(rounds * spoofs.size(), i -> spoofed(spoofs.get(i % spoofs.size()), i));
    return all;
  }

  private Crew crew(long number) {
    return Crew.of(1_000_000 * seed + number, ANNOTATORS, Spoof.OBJECTS);
  }

  private Ledger clean(int i) {
    Ledger ledger = new Ledger();
    LabelSet labels = crew(700_000 + i).build();
    ledger.clean(CREWS, labels.size(), found(labels).stream().map(CrewRows::text).toList());
    return ledger;
  }

  private Ledger biased(int i) {
    Ledger ledger = new Ledger();
    for (double bias : BIASES) {
      String share = Math.round(100 * (bias - 1)) + " %";
      boolean top = bias == BIASES[BIASES.length - 1];
      Counted whole = ledger.row("F20", "size-bias", share, top, CREWS);
      boolean shown = power(bias, Spoof.OBJECTS, (ANNOTATORS - 1) * Spoof.OBJECTS) >= MIN_POWER;
      count(whole, crew(i).resize(1, 0, Spoof.OBJECTS, bias), SIZES, shown, share);
      Counted half = ledger.row("F20", "size-bias", share + " from half on", false, CREWS);
      boolean halfShown = power(bias, Spoof.OBJECTS - HALF, HALF) >= MIN_POWER;
      count(half, crew(i).resize(1, HALF, Spoof.OBJECTS, bias), SIZES, halfShown, share);
    }
    return ledger;
  }

  /// How far a bias moves the mean of sizes, in variances of the difference of two means of so many
  /// objects: what a reader who knew all spreads exactly could go by.
  static double power(double bias, int objects, int others) {
    double squares = 0;
    for (double spread : SPREADS) {
      double log = Math.log(bias) / spread;
      squares += log * log / (1.0 / objects + 1.0 / others);
    }
    return squares;
  }

  /// As of exchanges: such a reader would find half of these at one false finding in 10,000.
  static final double MIN_POWER = 20;

  private Ledger spoofed(Spoof spoof, int i) {
    Ledger ledger = new Ledger();
    int level = spoof.level();
    Counted row =
        ledger.row(
            "F21", "spoofing", "nine ways, " + LEVELS[level], level == LEVELS.length - 1, CREWS);
    Crew crew = crew(100_000 + i);
    spoof.change().accept(crew);
    count(row, crew, Set.of(), true, spoof.name());
    return ledger;
  }

  private static void count(Counted row, Crew crew, Set<String> rules, boolean shown, String what) {
    boolean named = false;
    for (Finding finding : found(crew.build())) {
      String text = text(finding);
      if (!text.contains(Spoof.BY)) {
        row.stray(text);
      } else if (rules.isEmpty() || rules.contains(finding.check().id())) {
        named = true;
      }
    }
    row.event(named, shown, what);
  }

  private static String text(Finding finding) {
    return finding.check().id() + " " + finding.title();
  }

  private static List<Finding> found(LabelSet labels) {
    return new ArrayList<>(new Rules().run(RULES, labels, null).findings());
  }

  /// Ids of the rules that are asked.
  static Set<String> rules() {
    return RULES.stream().map(rule -> rule.card().id()).collect(Collectors.toSet());
  }
}
