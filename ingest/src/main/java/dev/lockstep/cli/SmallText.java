package dev.lockstep.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files that a person wrote and a command line names.
final class SmallText {
  /// Far above what anybody writes; a recording named by mistake is not read as text.
  private static final long MAX_BYTES = 16 << 20;

  private SmallText() {}

  /// The text of `file`.
  ///
  /// @param expected what it should be, for the message
  /// @throws IOException if it cannot be read
  /// @throws IllegalArgumentException if it is a folder, too long, or no text
  static String read(Path file, String expected) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(file + ": a folder (expected " + expected + ")");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IllegalArgumentException(
          file + ": " + Files.size(file) + " bytes (expected " + expected + ")");
    }
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          file + ": bytes that are no UTF-8 (expected " + expected + ")", e);
    }
  }
}
