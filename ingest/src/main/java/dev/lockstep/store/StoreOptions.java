package dev.lockstep.store;

/// Bounds of a store.
///
/// @param commitMillis at most one commit in so many milliseconds
/// @param partQueueBytes bytes that may wait for the disk for one part
/// @param totalQueueBytes the same for all parts together
/// @param maxPartBytes longest part
/// @param maxSessionBytes most bytes of all parts of all streams of one session
/// @param maxStoreBytes most bytes of all parts
/// @param maxStreams most streams
/// @param minFreeBytes free space below which nobody new is let in; at half of it nobody may go on.
///   Negative for the larger of 5 % and 10 GiB
public record StoreOptions(
    long commitMillis,
    long partQueueBytes,
    long totalQueueBytes,
    long maxPartBytes,
    long maxSessionBytes,
    long maxStoreBytes,
    int maxStreams,
    long minFreeBytes) {

  /// Two commits fit into the time that a person calls at once; 8 MiB are 20 ms of a fast link.
  public static final StoreOptions DEFAULT =
      new StoreOptions(
          20, 8L << 20, 64L << 20, 1L << 40, Long.MAX_VALUE, Long.MAX_VALUE, 100_000, -1);

  /// @throws IllegalArgumentException if a bound is not positive
  public StoreOptions {
    if (commitMillis < 0
        || partQueueBytes < 1
        || totalQueueBytes < 1
        || maxPartBytes < 1
        || maxSessionBytes < 1
        || maxStoreBytes < 1
        || maxStreams < 1) {
      throw new IllegalArgumentException("bounds of the store: not positive");
    }
  }
}
