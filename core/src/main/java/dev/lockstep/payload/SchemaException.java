package dev.lockstep.payload;

import dev.lockstep.model.Evidence;
import java.io.Serial;

/// A schema that cannot be parsed. Never leaves this package.
final class SchemaException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final String what;
  private final String observed;
  private final String rule;

  /// @param what where in the schema
  /// @param observed what stands there
  /// @param rule what should
  SchemaException(String what, String observed, String rule) {
    super(what + ": " + observed + " (expected " + rule + ")");
    this.what = what;
    this.observed = observed;
    this.rule = rule;
  }

  Evidence evidence() {
    return new Evidence.Violation(what, Texts.quoted(observed), rule);
  }
}
