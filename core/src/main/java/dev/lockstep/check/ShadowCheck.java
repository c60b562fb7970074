package dev.lockstep.check;

/// A rule about two independent reads of one recording: it reports one kind of disagreement.
///
/// Rules of this sort differ only in their card and their kind; the recording is read a second time
/// once for all, and only where a share of it is to be read twice.
public abstract non-sealed class ShadowCheck implements Check {
  /// In what two reads disagree.
  public enum Kind {
    /// The bytes of a message.
    BYTES,
    /// When a message was measured or recorded.
    STAMPS,
    /// Which messages there are.
    MESSAGES,
    /// Which labels a message has, and what they say.
    LABELS,
    /// Which sensor messages belong to the labels of messages.
    SENSORS,
    /// Which message the labels of a log were made on.
    ASSOCIATION
  }

  private final CheckCard card;
  private final Kind kind;

  /// A rule with `card` that reports `kind`.
  protected ShadowCheck(CheckCard card, Kind kind) {
    this.card = card;
    this.kind = kind;
  }

  @Override
  public final CheckCard card() {
    return card;
  }

  /// Kind of disagreement that this rule reports.
  public final Kind kind() {
    return kind;
  }
}
