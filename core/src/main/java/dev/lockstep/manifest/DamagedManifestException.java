package dev.lockstep.manifest;

import dev.lockstep.arrow.MalformedFeatherException;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// A manifest that contradicts itself. Never leaves this package: whoever opens a manifest gets a
/// defect.
final class DamagedManifestException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final String what;
  private final String observed;
  private final String expected;
  private final @Nullable MalformedFeatherException file;

  DamagedManifestException(String what, String observed, String expected) {
    super(what + " " + observed + " (expected " + expected + ")");
    this.what = what;
    this.observed = observed;
    this.expected = expected;
    this.file = null;
  }

  /// Damage to the Arrow file that holds it.
  DamagedManifestException(MalformedFeatherException file) {
    super(file);
    this.what = file.what();
    this.observed = file.observed();
    this.expected = file.expected();
    this.file = file;
  }

  Evidence evidence() {
    return new Evidence.Violation(what, observed, expected);
  }

  /// Where in the manifest called `name` it lies.
  Location location(String name) {
    return file == null
        ? Location.file(name)
        : Location.bytes(name, file.offsetBytes(), file.lengthBytes());
  }
}
