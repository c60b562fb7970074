package dev.lockstep.cli;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Check;
import dev.lockstep.check.CheckCard;
import picocli.CommandLine.Command;

/// `lockstep checks`: the list of checks.
@Command(name = "checks", description = "Lists the checks.")
final class ChecksCommand implements Runnable {
  @Override
  public void run() {
    for (Check check : Checks.ALL) {
      CheckCard card = check.card();
      System.out.printf(
          "%s  %-7s  %-28s  %s%n", card.id(), card.severity().label(), card.name(), card.summary());
    }
  }
}
