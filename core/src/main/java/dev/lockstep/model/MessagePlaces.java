package dev.lockstep.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where the messages of a computed block lie and when they were measured; immutable. The blocks of
/// a manifest have none: the data may have moved since.
public final class MessagePlaces {
  /// No places.
  public static final MessagePlaces NONE =
      new MessagePlaces(new long[0], new int[0], new long[0], new String[0], 0);

  private final long[] positionsBytes;
  private final int[] lengthsBytes;
  private final long[] stampsNs;
  private final @Nullable String[] files;

  /// Copies the first `count` values of each array.
  ///
  /// @param positionsBytes as [MessageBatch#positionsBytes()]
  /// @param lengthsBytes as [MessageBatch#placeBytes]
  /// @param stampsNs stamps, or [Times#NONE]
  /// @param files file of each message relative to the recording, null where all share one
  public MessagePlaces(
      long[] positionsBytes,
      int[] lengthsBytes,
      long[] stampsNs,
      @Nullable String[] files,
      int count) {
    this.positionsBytes = Arrays.copyOf(positionsBytes, count);
    this.lengthsBytes = Arrays.copyOf(lengthsBytes, count);
    this.stampsNs = Arrays.copyOf(stampsNs, count);
    this.files = Arrays.copyOf(files, count);
  }

  /// Number of messages.
  public int size() {
    return stampsNs.length;
  }

  /// Stamp of message `i` of the block, or [Times#NONE].
  public long stampNs(int i) {
    return stampsNs[i];
  }

  /// `at`, narrowed to the file or the bytes of message `i` of the block, and to its stamp.
  public Location narrow(Location at, int i) {
    String file = files[i];
    Location narrow =
        file != null ? at.withFile(file) : at.withBytes(positionsBytes[i], lengthsBytes[i]);
    return stampsNs[i] == Times.NONE ? narrow : narrow.withStamps(stampsNs[i], stampsNs[i]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MessagePlaces that
        && Arrays.equals(positionsBytes, that.positionsBytes)
        && Arrays.equals(lengthsBytes, that.lengthsBytes)
        && Arrays.equals(stampsNs, that.stampsNs)
        && Arrays.equals(files, that.files);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(positionsBytes) * 31 + Arrays.hashCode(stampsNs);
  }
}
