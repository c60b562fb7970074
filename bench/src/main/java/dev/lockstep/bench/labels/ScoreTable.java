package dev.lockstep.bench.labels;

import dev.lockstep.agreement.ExactBounds;
import dev.lockstep.bench.labels.Scoring.Clean;
import dev.lockstep.bench.labels.Scoring.PeerRow;
import dev.lockstep.check.Finding;
import dev.lockstep.check.label.LabelLimits;
import dev.lockstep.report.FindingText;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Prints the figures as Markdown tables, and keeps them for a file.
final class ScoreTable {
  private static final double CONFIDENCE = 0.95;
  private static final double PER = 10_000;

  /// Heading of the part that other pages show.
  static final String IN_SHORT =
      "## In short: recall in percent of decidable events (their number)";

  private static final Set<String> SHORT_CONDITIONS =
      Set.of("10 Hz", "5 Hz", "2 Hz", "10 Hz, noise 0.1 m");

  private final PrintStream out;
  private final boolean strays;
  private final List<String> json = new ArrayList<>();
  private final List<String> strayTexts = new ArrayList<>();

  ScoreTable(PrintStream out, boolean strays) {
    this.out = out;
    this.strays = strays;
  }

  private static String number(double value, int digits) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static String percent(long part, long whole) {
    return whole == 0 ? "-" : number(100.0 * part / whole, 1);
  }

  void clean(List<Clean> rows) {
    out.println("## Findings in labels without a planted fault");
    out.println();
    out.println("| labels | condition | number | findings | per 10,000 | at most (95 %) |");
    out.println("|---|---|---:|---:|---:|---:|");
    Set<String> shown = new HashSet<>();
    List<String> texts = new ArrayList<>();
    for (Clean row : rows) {
      int k = row.findings().size();
      double share = PER * k / row.labels();
      double upper = PER * ExactBounds.upper(k, row.labels(), CONFIDENCE);
      out.printf(
          "| %s | %s | %d | %d | %s | %s |%n",
          row.dataset(),
          row.condition().title(),
          row.labels(),
          k,
          number(share, 2),
          number(upper, 2));
      json.add(
          String.format(
              Locale.ROOT,
              "{\"kind\":\"clean\",\"labels\":\"%s\",\"condition\":\"%s\",\"count\":%d,"
                  + "\"findings\":%d,\"upper\":%.3f}",
              row.dataset(),
              row.condition().title(),
              row.labels(),
              k,
              upper));
      for (Finding finding : row.findings()) {
        if (shown.add(row.dataset() + finding.fingerprint())) {
          texts.add(
              row.dataset() + ", " + row.condition().title() + ": " + FindingText.of(finding));
        }
      }
    }
    out.println();
    if (!texts.isEmpty()) {
      out.println("Each of them once:");
      out.println();
      out.println("```text");
      texts.forEach(out::println);
      out.println("```");
      out.println();
    }
  }

  void recall(List<Cell> cells) {
    out.println("## Planted faults, test sequences, 10 Hz");
    out.println();
    out.println(
        "| class | fault | intensity | events | recall % | at least (95 %) | any rule % | right"
            + " type % | off, median / p95 | findings per event | no claim % | strays | without"
            + " effect | in further drives |");
    out.println("|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (Cell c : cells) {
      line(c);
    }
    out.println();
    out.println(
        "Recall is of the events that labels can decide; no claim: not found, and labels alone"
            + " cannot tell it from what people, animals, round and hidden things do. Without"
            + " effect are faults that were planted besides and change nothing that can be seen:"
            + " they are no events. Findings that belong to no event are strays. Where the test"
            + " sequences have no place for as many distinct events as wanted, the rest is planted"
            + " in further synthetic drives, in which people walk in company.");
    out.println();
  }

  private void line(Cell c) {
    double lower =
        c.decidable() == 0 ? Double.NaN : ExactBounds.lower(c.found, c.decidable(), CONFIDENCE);
    out.printf(
        "| %s | %s | %s | %d | %s | %s | %s | %s | %s / %s | %s | %s | %d | %d | %d |%n",
        c.kind.id(),
        c.kind.fault().replaceAll(":.*", ""),
        c.kind.intensity(),
        c.events,
        percent(c.found, c.decidable()),
        number(100 * lower, 1),
        percent(c.seen, c.events),
        percent(c.found, c.seen),
        number(c.offFrames(0.5), 0),
        number(c.offFrames(0.95), 0),
        number(c.seen == 0 ? Double.NaN : (double) c.matching / c.seen, 2),
        percent(c.undecided, c.events),
        c.strays,
        c.harmless,
        c.further);
    keep("10 Hz", c, "odd");
    if (strays) {
      c.strayTexts.stream().limit(5).forEach(text -> strayTexts.add(c.kind.fault() + ": " + text));
      c.missTexts.stream().limit(5).forEach(text -> strayTexts.add(c.kind.fault() + ": " + text));
    }
  }

  private void keep(String condition, Cell c, String labels) {
    json.add(
        String.format(
            Locale.ROOT,
            "{\"kind\":\"recall\",\"labels\":\"%s\",\"condition\":\"%s\",\"class\":\"%s\","
                + "\"fault\":\"%s\",\"events\":%d,\"harmless\":%d,\"found\":%d,\"seen\":%d,"
                + "\"undecided\":%d,\"strays\":%d,"
                + "\"further\":%d}",
            labels,
            condition,
            c.kind.id(),
            c.kind.fault(),
            c.events,
            c.harmless,
            c.found,
            c.seen,
            c.undecided,
            c.strays,
            c.further));
  }

  void conditions(Map<String, List<Cell>> columns) {
    out.println("## Recall in percent (events) by rate and noise, test sequences");
    out.println();
    grid(columns);
  }

  void datasets(Map<String, List<Cell>> columns) {
    out.println("## Recall in percent (events) by labels, all sequences, 10 Hz");
    out.println();
    grid(columns);
  }

  private void grid(Map<String, List<Cell>> columns) {
    if (columns.isEmpty()) {
      return;
    }
    StringBuilder head = new StringBuilder("| fault |");
    StringBuilder rule = new StringBuilder("|---|");
    columns
        .keySet()
        .forEach(name -> {
          head.append(' ').append(name).append(" |");
          rule.append("---:|");
        });
    out.println(head);
    out.println(rule);
    int rows = columns.values().iterator().next().size();
    for (int i = 0; i < rows; i++) {
      StringBuilder line = new StringBuilder();
      for (Map.Entry<String, List<Cell>> column : columns.entrySet()) {
        Cell c = column.getValue().get(i);
        if (line.isEmpty()) {
          line.append("| ").append(c.kind.id()).append(' ').append(c.kind.fault()).append(" |");
        }
        line.append(' ').append(percent(c.found, c.decidable())).append(" (").append(c.events);
        line.append(c.further > 0 ? "; " + c.further + " in further drives" : "");
        line.append(c.undecided > 0 ? "; " + c.undecided + " no claim" : "");
        line.append(c.strays > 0 ? "; " + c.strays + " strays" : "").append(") |");
        keep(column.getKey(), c, "grid");
        if (strays) {
          c.strayTexts.stream()
              .limit(5)
              .forEach(t -> strayTexts.add(column.getKey() + " " + c.kind.fault() + ": " + t));
          c.missTexts.stream()
              .limit(20)
              .forEach(t -> strayTexts.add(column.getKey() + " " + c.kind.fault() + ": miss " + t));
        }
      }
      out.println(line);
    }
    out.println();
  }

  /// Classes that boxes alone do not show, and what is found where none of them was planted.
  void beyond(List<Ledger> ledgers) {
    out.println("## Planted faults that more than boxes show");
    out.println();
    out.println(
        "| class | fault | intensity | in | events | recall % | at least (95 %) | no claim % |"
            + " strays |");
    out.println("|---|---|---|---|---:|---:|---:|---:|---:|");
    for (Counted row : Beyond.sorted(ledgers)) {
      int decidable = row.decidable();
      double lower =
          decidable == 0 ? Double.NaN : ExactBounds.lower(row.found, decidable, CONFIDENCE);
      out.printf(
          "| %s | %s | %s | %s | %d | %s | %s | %s | %d |%n",
          row.id,
          row.fault,
          row.intensity,
          row.in,
          row.events,
          percent(row.found, decidable),
          number(100 * lower, 1),
          percent(row.undecided, row.events),
          row.strays);
      json.add(
          String.format(
              Locale.ROOT,
              "{\"kind\":\"beyond\",\"labels\":\"%s\",\"class\":\"%s\",\"fault\":\"%s\","
                  + "\"intensity\":\"%s\",\"events\":%d,\"found\":%d,\"undecided\":%d,"
                  + "\"strays\":%d}",
              row.in,
              row.id,
              row.fault,
              row.intensity,
              row.events,
              row.found,
              row.undecided,
              row.strays));
      if (strays) {
        row.strayTexts.stream().limit(8).forEach(t -> strayTexts.add(row.title() + ": " + t));
        row.missTexts.stream().limit(8).forEach(t -> strayTexts.add(row.title() + ": miss " + t));
      }
    }
    out.println();
    out.println("| without a planted fault | number | findings | per 10,000 | at most (95 %) |");
    out.println("|---|---:|---:|---:|---:|");
    List<String> texts = new ArrayList<>();
    for (Ledger ledger : ledgers) {
      ledger
          .clean()
          .forEach((of, clean) -> {
            int k = clean.findings().size();
            out.printf(
                "| %s | %d | %d | %s | %s |%n",
                of,
                clean.labels(),
                k,
                number(PER * k / clean.labels(), 2),
                number(PER * ExactBounds.upper(k, clean.labels(), CONFIDENCE), 2));
            clean.findings().forEach(text -> texts.add(of + ": " + text));
          });
    }
    out.println();
    if (!texts.isEmpty()) {
      out.println("```text");
      texts.stream().distinct().forEach(out::println);
      out.println("```");
      out.println();
    }
    out.println(
        "No claim: too few rays, boxes, objects or movers show it, or (F20) a reader who knew how"
            + " sizes spread would find half of them at best, at one false finding in 10,000."
            + " Events in KITTI are in stretches of 10 s, one from every 2.5 s on: there are no"
            + " more.");
    out.println();
  }

  /// Shows what belongs to no planted fault, and what was missed, where that was asked for.
  void strays() {
    strayTexts.forEach(out::println);
  }

  void peers(List<PeerRow> rows) {
    out.println("## Rules of other tools, re-expressed: the same labels, the same faults");
    out.println();
    out.println("| rule | false findings per 10,000 labels | faults found, % by class |");
    out.println("|---|---:|---|");
    for (PeerRow row : rows) {
      StringBuilder found = new StringBuilder();
      row.found()
          .forEach((id, counts) -> {
            if (counts[0] > 0) {
              found.append(id).append(' ').append(percent(counts[0], counts[1])).append("  ");
            }
          });
      out.printf(
          "| %s | %s | %s |%n",
          row.peer().name(),
          number(PER * row.falseFindings() / row.labels(), 1),
          found.toString().strip());
      json.add(
          String.format(
              Locale.ROOT,
              "{\"kind\":\"peer\",\"rule\":\"%s\",\"labels\":%d,\"findings\":%d}",
              row.peer().name(),
              row.labels(),
              row.falseFindings()));
    }
    out.println();
  }

  /// Limits that were set without the labels they are tried on.
  void leftOut(List<LeftOut.Row> rows) {
    out.println("## Measured limits set without the labels they are tried on, 10 Hz");
    out.println();
    out.println(
        "| labels left out | limits of exchanged instants, shifts, ids, places, jitter: share of"
            + " the default | false findings of these rules in clean labels | recall % by class"
            + " (events) |");
    out.println("|---|---|---:|---|");
    for (LeftOut.Row row : rows) {
      LabelLimits limits = row.limits();
      StringBuilder recall = new StringBuilder();
      for (Cell c : row.cells()) {
        if (c.decidable() > 0) {
          recall.append(recall.isEmpty() ? "" : ", ").append(c.kind.id()).append(' ');
          recall.append(c.kind.intensity()).append(": ").append(percent(c.found, c.decidable()));
          recall.append(" (").append(c.decidable()).append(')');
        }
      }
      out.printf(
          "| %s | %s, %s, %s, %s, %s | %d in %d | %s |%n",
          row.dataset(),
          number(limits.exchange(), 2),
          number(limits.shift(), 2),
          number(limits.identity(), 2),
          number(limits.place(), 2),
          number(limits.jitter(), 2),
          row.findings().size(),
          row.labels(),
          recall);
    }
    out.println();
    for (LeftOut.Row row : rows) {
      row.findings().forEach(f -> out.println(row.dataset() + ": " + FindingText.of(f)));
    }
  }

  /// Exchanged frames of one data set.
  void exchangedFrames(Map<String, Cell> cells) {
    if (cells.isEmpty()) {
      return;
    }
    out.println("## Exchanged frames, 8 in 100, odd KITTI sequences, a box moves by 0.1 m or more");
    out.println();
    out.println("| condition | events | no claim | recall % | at least (95 %) | strays |");
    out.println("|---|---:|---:|---:|---:|---:|");
    cells.forEach((name, c) -> {
      double lower = 100 * ExactBounds.lower(c.found, c.decidable(), CONFIDENCE);
      out.printf(
          "| %s | %d | %d | %s | %s | %d |%n",
          name, c.events, c.undecided, percent(c.found, c.decidable()), number(lower, 1), c.strays);
      keep(name, c, "KITTI odd");
    });
    out.println();
    out.println(
        "No claim: not found, and hidden by the noise that was added, so that a reader who knew it"
            + " and every way exactly would find half of them at best, at one false finding in"
            + " 10,000 instants.");
    out.println();
  }

  /// What is worth showing elsewhere: everything in it follows from seed and labels.
  void inShort(
      List<Clean> clean,
      Map<String, List<Cell>> columns,
      Map<String, Cell> exchanged,
      List<Ledger> beyond,
      List<PeerRow> peers) {
    out.println(IN_SHORT);
    out.println();
    List<String> names =
        columns.keySet().stream().filter(name -> SHORT_CONDITIONS.contains(name)).toList();
    out.println("| planted, at its strongest | " + String.join(" | ", names) + " | no claim |");
    out.println("|---|" + "---:|".repeat(names.size() + 1));
    List<Cell> first = columns.values().iterator().next();
    for (int i = 0; i < first.size(); i++) {
      FaultClass kind = first.get(i).kind;
      StringBuilder line = new StringBuilder("| " + kind.id() + ' ');
      line.append(kind.fault().replaceAll(":.*", "")).append(", ").append(kind.intensity());
      for (String name : names) {
        line.append(" | ").append(share(columns.getOrDefault(name, first).get(i)));
      }
      Cell at = first.get(i);
      out.println(line + " | " + percent(at.undecided, at.events) + " |");
    }
    if (!exchanged.isEmpty()) {
      StringBuilder line = new StringBuilder("| F05 frame-swap, odd KITTI sequences alone");
      for (String name : names) {
        Cell c = exchanged.get(name);
        line.append(" | ").append(c == null ? "-" : share(c));
      }
      out.println(line + " | 0.0 |");
    }
    List<Counted> rows = Beyond.sorted(beyond).stream().filter(row -> row.top).toList();
    for (Counted row : rows) {
      StringBuilder line = new StringBuilder("| " + row.title() + ", " + row.in);
      for (int i = 0; i < names.size(); i++) {
        line.append(" | ");
        line.append(
            i == 0 ? percent(row.found, row.decidable()) + " (" + row.decidable() + ")" : "-");
      }
      out.println(line + " | " + percent(row.undecided, row.events) + " |");
    }
    out.println();
    out.println("| in clean labels | findings per 10,000 | recall over all these classes |");
    out.println("|---|---:|---:|");
    long labels = 0;
    int findings = 0;
    for (Clean row : clean) {
      if (row.condition().equals(LabelScore.NATIVE)) {
        labels += row.labels();
        findings += row.findings().size();
      }
    }
    int found =
        first.stream().mapToInt(c -> c.found).sum() + rows.stream().mapToInt(r -> r.found).sum();
    int decidable =
        first.stream().mapToInt(Cell::decidable).sum()
            + rows.stream().mapToInt(Counted::decidable).sum();
    out.printf(
        "| all label rules: %d in %d labels, at most %s with 95 %% | %s | %s %% |%n",
        findings,
        labels,
        number(PER * ExactBounds.upper(findings, labels, CONFIDENCE), 2),
        number(PER * findings / labels, 2),
        percent(found, decidable));
    for (PeerRow row : peers) {
      long of = row.found().values().stream().mapToLong(c -> c[1]).sum();
      long by = row.found().values().stream().mapToLong(c -> c[0]).sum();
      out.printf(
          "| %s | %s | %s %% |%n",
          row.peer().name(), number(PER * row.falseFindings() / row.labels(), 1), percent(by, of));
    }
    out.println();
  }

  private static String share(Cell c) {
    return percent(c.found, c.decidable()) + " (" + c.decidable() + ")";
  }

  void speed(Rules rules) {
    out.println("## Million label rows a second, one thread, over all runs above");
    out.println();
    out.println("| rule | rows a second |");
    out.println("|---|---:|");
    Rules.ALL.forEach(rule ->
        out.printf(
            "| %s %s | %s |%n",
            rule.card().id(),
            rule.card().name(),
            number(rules.rowsPerSecond(rule.card().id()) / 1e6, 2)));
    out.printf("| all, one after the other | %s |%n%n", number(rules.rowsPerSecond() / 1e6, 2));
    strays();
  }

  String json() {
    return "[\n" + String.join(",\n", json) + "\n]\n";
  }
}
