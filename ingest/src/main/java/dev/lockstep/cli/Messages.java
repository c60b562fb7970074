package dev.lockstep.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Diagnostics on standard error.
final class Messages {
  private Messages() {}

  /// One line on standard error.
  static void error(String text) {
    System.err.println("lockstep: " + text);
  }

  /// One line on standard error about what is no error.
  static void warning(String text) {
    System.err.println("lockstep: warning: " + text);
  }

  /// What went wrong with a file, in words.
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> missing.getFile() + ": no such file or folder";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case FileAlreadyExistsException there -> there.getFile() + ": exists already";
      case NotDirectoryException file -> file.getFile() + ": no folder";
      case FileSystemException other when other.getReason() != null ->
          other.getFile() + ": " + other.getReason();
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }
}
