package dev.lockstep.model;

/// An inclusive range of whole numbers: message indices, frame numbers or stamps.
public record Span(long first, long last) {
  /// @throws IllegalArgumentException if `last` lies before `first`
  public Span {
    if (last < first) {
      throw new IllegalArgumentException("span ends before it begins: " + first + ".." + last);
    }
  }

  /// Smallest span that holds both numbers, in either order.
  public static Span between(long a, long b) {
    return new Span(Math.min(a, b), Math.max(a, b));
  }
}
