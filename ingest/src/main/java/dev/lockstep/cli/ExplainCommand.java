package dev.lockstep.cli;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Check;
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
  }
}
