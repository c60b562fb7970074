package dev.lockstep.synth.fault;

/// A fault cannot be planted in this recording, or was asked for in a way that makes no sense. The
/// message is meant for a user.
public final class InapplicableFaultException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /// With what is missing or wrong, and what is there or expected.
  public InapplicableFaultException(String message) {
    super(message);
  }
}
