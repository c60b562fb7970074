package dev.lockstep.cli;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Check;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep explain`: the page of a check.
@Command(
    name = "explain",
    description = "Explains a check: what it looks at, why, its limits and when it stays silent.")
final class ExplainCommand implements Runnable {
  private static final String ON_DRIVES =
      "`./lockstep bench faults --clean N` counts what all rules find in synthetic drives without"
          + " faults.";

  /// By family, what its false findings were measured on; figures stand in the README.
  private static final Map<String, String> MEASURED =
      Map.of(
          "TIM",
          "`./lockstep bench time` counts what rules about time find in series of real stamps"
              + " without faults. ",
          "SYN",
          "`./lockstep bench time` holds rules about several streams to real stamps, `./lockstep"
              + " bench score-sensors` those that need points and calibration to clean drives. ",
          "LAB",
          "`./lockstep score` counts what rules about labels find in clean labels, synthetic and"
              + " real, `./lockstep bench score-sensors` the same of those that need points or"
              + " calibration. ",
          "LID",
          "`./lockstep bench score-sensors` holds rules about sweeps to clean drives. ",
          "INT",
          "Rules of this family mostly hold bytes against a specification or a second copy: a"
              + " finding is a contradiction, not an estimate. ",
          "VID",
          "Rules of this family mostly hold frames against the specification of their coding: a"
              + " finding is a contradiction, not an estimate. ",
          "SHA",
          "A finding is a difference between two reads or two files, with both values; what caused"
              + " it is a guess, and named as one. ",
          "ANN",
          "Tried on simulated annotators only: no public labels with names and edit times were at"
              + " hand, so how often it is wrong about people was not measured. ");

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CHECK", description = "Id (TIM001) or name (stamps-decrease).")
  private String name = "";

  @Override
  public void run() {
    Check check;
    try {
      check = Checks.named(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    System.out.print(check.page());
    System.out.println();
    System.out.println("## How often it is wrong");
    System.out.println();
    System.out.println(measured(check));
  }

  /// What there is to know about false findings of a check.
  static String measured(Check check) {
    return MEASURED.getOrDefault(check.card().family(), "")
        + ON_DRIVES
        + " Figures: README, \"How it compares\".";
  }
}
