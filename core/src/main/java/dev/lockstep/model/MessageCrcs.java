package dev.lockstep.model;

import java.util.Arrays;

/// CRC-32C values of the messages of a block; immutable.
public final class MessageCrcs {
  private final int[] crcs;

  /// Copies the first `count` values of `crcs`.
  public MessageCrcs(int[] crcs, int count) {
    this.crcs = Arrays.copyOf(crcs, count);
  }

  /// Number of messages.
  public int size() {
    return crcs.length;
  }

  /// CRC-32C of message `i` of the block.
  public int get(int i) {
    return crcs[i];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MessageCrcs that && Arrays.equals(crcs, that.crcs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(crcs);
  }

  @Override
  public String toString() {
    return Arrays.toString(crcs);
  }
}
