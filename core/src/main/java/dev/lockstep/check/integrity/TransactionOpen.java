package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT039: a database was left in the middle of a transaction.
public final class TransactionOpen extends DefectCheck {
  /// The rule.
  public TransactionOpen() {
    super(
        CheckCard.of(
            "INT039",
            TransactionOpen.class,
            worst(DefectKind.TRANSACTION_OPEN),
            "A database was left in the middle of a transaction."),
        DefectKind.TRANSACTION_OPEN);
  }
}
