package dev.lockstep.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.check.Check;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Severity;
import dev.lockstep.source.LabelledFormat;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.testing.MainClasses;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogTest {
  private static List<Check> checks() {
    return Checks.ALL;
  }

  @Test
  void listsEveryCheckThereIs() throws ReflectiveOperationException {
    Set<String> listed = new TreeSet<>();
    Checks.ALL.forEach(check -> listed.add(check.getClass().getName()));
    assertThat(listed)
        .as("classes that are checks, against Checks.ALL")
        .isEqualTo(MainClasses.implementing(Check.class));
  }

  @Test
  void listsEveryFormatThereIs() throws ReflectiveOperationException {
    Set<String> listed = new TreeSet<>();
    Formats.ALL.forEach(format -> listed.add(format.getClass().getName()));
    // Joins two of them.
    listed.add(LabelledFormat.class.getName());
    assertThat(listed)
        .as("classes that are formats, against Formats.ALL")
        .isEqualTo(MainClasses.implementing(SourceFormat.class));
    assertThat(Formats.ALL).extracting(SourceFormat::name).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void idsAndNamesAreUniqueAndInOrder() {
    assertThat(Checks.ALL)
        .extracting(check -> check.card().id())
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(Checks.ALL).extracting(check -> check.card().name()).doesNotHaveDuplicates();
  }

  @Test
  void everyKindOfDefectIsClaimedByExactlyOneCheck() {
    Map<DefectKind, List<String>> claims = new EnumMap<>(DefectKind.class);
    for (DefectKind kind : DefectKind.values()) {
      claims.put(kind, new ArrayList<>());
    }
    for (Check check : Checks.ALL) {
      if (check instanceof DefectCheck rule) {
        rule.kinds().forEach(kind -> claims.get(kind).add(rule.card().id()));
      }
    }
    assertThat(claims).allSatisfy((kind, ids) -> assertThat(ids).as(kind.name()).hasSize(1));
  }

  @ParameterizedTest
  @MethodSource("checks")
  void aCardNamesItsCheck(Check check) {
    CheckCard card = check.card();
    assertThat(card.name())
        .isEqualTo(
            check
                .getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT));
    assertThat(card.summary()).endsWith(".");
    if (check instanceof DefectCheck rule) {
      Severity worst =
          rule.kinds().stream().map(DefectKind::severity).max(Severity::compareTo).orElseThrow();
      assertThat(card.severity()).as("worst severity of its kinds").isEqualTo(worst);
    }
  }

  @ParameterizedTest
  @MethodSource("checks")
  void everyCheckHasAPageThatBeginsWithItsName(Check check) {
    assertThat(check.page())
        .startsWith("# " + check.card().id() + " " + check.getClass().getSimpleName() + "\n")
        .contains(
            "\n## What it checks\n",
            "\n## Why it matters\n",
            "\n## Example finding\n",
            "\n## Parameters\n",
            "\n## When it stays silent\n",
            "\n## Sources\n");
  }

  @Test
  void unknownNamesListTheKnownOnes() {
    assertThatThrownBy(() -> Checks.named("TIM999"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("unknown check: TIM999 (families: ANN, INT, ")
        .hasMessageContaining("TIM001");
  }

  @Test
  void selectsByIdFamilyAndName() {
    assertThat(Checks.select(List.of(), List.of())).isEqualTo(Checks.ALL);
    assertThat(Checks.select(List.of("tim"), List.of("TIM001", "stamps-stuck")))
        .extracting(check -> check.card().id())
        .contains("TIM002")
        .doesNotContain("TIM001", "TIM003", "INT030");
  }
}
