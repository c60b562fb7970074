package dev.lockstep.conformance;

/// What a client did and should not have.
final class Misbehaviour extends Exception {
  private static final long serialVersionUID = 1L;

  Misbehaviour(String message) {
    super(message, null, false, false);
  }
}
