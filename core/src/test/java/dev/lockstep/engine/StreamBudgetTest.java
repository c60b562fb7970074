package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamBudgetTest {
  @Test
  void givesNoMoreThanThereAre() {
    StreamBudget budget = new StreamBudget(3);
    assertThat(budget.isScarce()).isFalse();
    assertThat(budget.take()).isTrue();
    assertThat(budget.take()).isTrue();
    assertThat(budget.isScarce()).isTrue();
    assertThat(budget.take()).isTrue();
    assertThat(budget.take()).isFalse();
    assertThat(budget.take()).isFalse();
    budget.giveBack(2);
    assertThat(budget.isScarce()).isFalse();
    assertThat(budget.take()).isTrue();
  }

  @Test
  void fitsIntoTheHeap() {
    assertThat(StreamBudget.ofHeap().take()).isTrue();
  }
}
