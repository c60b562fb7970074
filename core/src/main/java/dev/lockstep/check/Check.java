package dev.lockstep.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// A rule about recordings. Immutable and stateless; the state of one run lives in the observer
/// that a check opens.
///
/// Kinds are closed, because the engine has a pass for each; rules are open. A kind declares what a
/// rule looks at: if no selected rule looks at labels, none are read.
///
/// A check never throws because data is bad and never writes to what it checks.
public sealed interface Check
    permits RecordingCheck,
        StreamCheck,
        AlignmentCheck,
        BlockCheck,
        LabelCheck,
        ExportCheck,
        ShadowCheck {
  /// Identity, severity and parameters.
  CheckCard card();

  /// The rule's page, Markdown, kept in a resource beside its class.
  ///
  /// @throws IllegalStateException if the page is missing from the build
  default String page() {
    String resource = getClass().getSimpleName() + ".md";
    try (InputStream in = getClass().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(getClass().getName() + " has no page " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
