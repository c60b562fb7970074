package dev.lockstep.clock;

/// Receives what a [LatticeTracker] saw, in the order in which it became decidable.
///
/// Message indexes count the stamps handed to the tracker from 0, whatever became of them. Slots
/// are numbered from the first message of the first lock, so a slot number is the index that
/// message would have had if none had been lost. Every method does nothing unless overridden; none
/// may call back into the tracker.
public interface LatticeEvents {

  /// Messages are missing and the stream went on in the same slots.
  ///
  /// @param firstSlot first empty slot
  /// @param count number of consecutive empty slots, at least 1
  /// @param afterMessage index of the message before the hole
  /// @param beforeStampNs stamp of that message
  /// @param afterStampNs stamp of the message after the hole
  default void dropped(
      long firstSlot, long count, long afterMessage, long beforeStampNs, long afterStampNs) {}

  /// Messages are missing and the stream went on at another phase, as after a reconnect, or after a
  /// hole so long that the old phase cannot be carried across it.
  ///
  /// @param firstSlot first empty slot
  /// @param count whole periods that the hole is longer than one step, rounded: an estimate
  /// @param afterMessage index of the message before the hole
  /// @param beforeStampNs stamp of that message
  /// @param afterStampNs stamp of the message after the hole
  /// @param stepNs new phase minus old phase, within half a period
  default void reconnected(
      long firstSlot,
      long count,
      long afterMessage,
      long beforeStampNs,
      long afterStampNs,
      long stepNs) {}

  /// One stamp lies off the lattice while its neighbours lie on it, and no message is missing: in
  /// steps, `+x` then `-x`.
  ///
  /// @param message index of the message
  /// @param stampNs its stamp
  /// @param excessNs its stamp minus that of its slot: late is positive
  default void doublet(long message, long stampNs, long excessNs) {}

  /// Several consecutive stamps lie off the lattice and then the stream is back on it, such as
  /// messages that piled up and came out at once.
  ///
  /// @param firstMessage index of the first displaced message
  /// @param count displaced messages, at least 2
  /// @param peakExcessNs the largest distance among them, with its sign
  default void excursion(long firstMessage, int count, long peakExcessNs) {}

  /// From this message on the same period goes on at another phase, without a missing message.
  ///
  /// @param message index of the first message at the new phase
  /// @param stampNs its stamp
  /// @param stepNs new phase minus old phase; below minus half a period where the clock went back
  default void phaseStep(long message, long stampNs, long stepNs) {}

  /// A message came where its slot was already taken.
  ///
  /// @param message index of the surplus message
  /// @param stampNs its stamp
  default void extra(long message, long stampNs) {}

  /// From about this message on the stream runs at another period.
  ///
  /// @param message index of the first message at the new period
  /// @param fromPeriodNs old period
  /// @param toPeriodNs new period
  default void rateChanged(long message, double fromPeriodNs, double toPeriodNs) {}

  /// A stretch of messages was not examined because no lattice fits it. Nothing is claimed about
  /// it.
  ///
  /// @param firstMessage index of its first message
  /// @param count messages in it
  /// @param reason why the last attempt failed
  default void unlocked(long firstMessage, long count, LatticeFit.Reason reason) {}
}
