package dev.lockstep.check;

import dev.lockstep.check.ExportDifference.Kind;

/// A rule about labels and an export of them: it reports one kind of difference between the two.
///
/// Rules of this sort differ only in their card and their kind; the comparison is made once for
/// all, because what happened to a label can only be told from everything that happened.
public abstract non-sealed class ExportCheck implements Check {
  private final CheckCard card;
  private final Kind kind;

  /// A rule with `card` that reports `kind`.
  protected ExportCheck(CheckCard card, Kind kind) {
    this.card = card;
    this.kind = kind;
  }

  @Override
  public final CheckCard card() {
    return card;
  }

  /// Kind of difference that this rule reports.
  public final Kind kind() {
    return kind;
  }
}
