package dev.lockstep.check;

import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Span;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// One reported fault.
///
/// @param check card of the check that reports it
/// @param title the fault in words
/// @param severity how bad it is
/// @param location where it lies
/// @param evidence the values that show it
/// @param cause likely cause, or null where none is known
public record Finding(
    CheckCard check,
    String title,
    Severity severity,
    Location location,
    Evidence evidence,
    @Nullable Cause cause) {

  /// Hex digits of a fingerprint.
  public static final int FINGERPRINT_DIGITS = 16;

  /// Identifies the fault across runs, machines and doors: it follows from the check, the place
  /// (file, stream, track, message and frame numbers) and what the evidence is about, not from
  /// paths above the recording, measured values or wording.
  public String fingerprint() {
    StringBuilder key = new StringBuilder(check.id()).append('|').append(evidence.what());
    Location at = location;
    append(key, at.file());
    append(key, at.stream());
    append(key, at.track());
    append(key, at.messages());
    append(key, at.frames());
    if (at.messages() == null && at.bytes() != null) {
      append(key, at.bytes().offsetBytes());
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(key.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, FINGERPRINT_DIGITS / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void append(StringBuilder key, @Nullable Object part) {
    key.append('|');
    if (part instanceof Span span) {
      key.append(span.first()).append('-').append(span.last());
    } else if (part != null) {
      key.append(part);
    }
  }
}
