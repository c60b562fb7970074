package dev.lockstep.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Check;
import dev.lockstep.check.CheckCard;
import java.util.List;

/// What every check's page must hold.
public final class CheckPages {
  private static final List<String> HEADINGS =
      List.of(
          "## What it checks",
          "## Why it matters",
          "## Example finding",
          "## Parameters",
          "## When it stays silent",
          "## Sources");

  private CheckPages() {}

  /// The page has its headings in order, names every parameter with its default, and shows
  /// `example` (rendered findings) to the letter.
  public static void assertComplete(Check check, String example) {
    String page = check.page();
    CheckCard card = check.card();
    assertThat(page).startsWith("# " + card.id() + " " + check.getClass().getSimpleName() + "\n");
    int from = 0;
    for (String heading : HEADINGS) {
      int at = page.indexOf("\n" + heading + "\n", from);
      assertThat(at).as("heading '%s' of the page of %s", heading, card.id()).isPositive();
      from = at;
    }
    assertThat(page).contains("```text\n" + example + "\n```");
    for (CheckCard.Parameter parameter : card.parameters()) {
      assertThat(page).contains("`" + parameter.name() + "`");
    }
  }
}
