package dev.lockstep.ops;

/// One growing recording, as its service knows it.
///
/// @param id identifies it within the service
/// @param name what people call it
/// @param state where it stands
/// @param readableBytes how much of it there is
/// @param durableBytes how much of it is known to survive a loss of power, or -1 where nobody knows
/// @param checkedBytes how much of it has been checked
/// @param verdict verdict of a sealed part, else empty
/// @param findings findings so far
public record PartStatus(
    String id,
    String name,
    State state,
    long readableBytes,
    long durableBytes,
    long checkedBytes,
    String verdict,
    long findings) {
  /// Where a part stands.
  public enum State {
    /// It grows, or may.
    OPEN,
    /// It is complete and has a verdict.
    SEALED,
    /// It cannot be read or stored.
    FAILED
  }
}
