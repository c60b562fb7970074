package dev.lockstep.sidecar;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Asks the system whether another process holds a file open for writing.
final class OpenFiles {
  /// The answer.
  enum Held {
    /// A process holds it.
    YES,
    /// None does.
    NO,
    /// There are processes that may not be looked into.
    UNKNOWN
  }

  private static final Path PROCESSES = Path.of("/proc");

  /// `O_ACCMODE`: the lowest two bits of the octal flags in `/proc/PID/fdinfo/N`; 0 is read-only.
  private static final Pattern FLAGS = Pattern.compile("flags:\\s+([0-7]+)");

  private static final int ACCESS_MODE = 3;

  private OpenFiles() {}

  /// Whether another process holds `file`, or a file below it, open for writing.
  static Held heldForWriting(Path file) {
    Path real;
    try {
      real = file.toRealPath();
    } catch (IOException e) {
      return Held.NO;
    }
    long own = ProcessHandle.current().pid();
    boolean unknown = false;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      for (Path process : processes) {
        if (process.getFileName() != null
            && process.getFileName().toString().equals(Long.toString(own))) {
          continue;
        }
        switch (held(process, real)) {
          case YES -> {
            return Held.YES;
          }
          case UNKNOWN -> unknown = true;
          case NO -> {}
        }
      }
    } catch (IOException e) {
      return Held.UNKNOWN;
    }
    return unknown ? Held.UNKNOWN : Held.NO;
  }

  private static Held held(Path process, Path file) {
    try (DirectoryStream<Path> handles = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path handle : handles) {
        if (leadsTo(handle, file) && isWritable(process, handle)) {
          return Held.YES;
        }
      }
      return Held.NO;
    } catch (IOException | DirectoryIteratorException e) {
      // It has ended meanwhile, or belongs to somebody else.
      return Files.exists(process) ? Held.UNKNOWN : Held.NO;
    }
  }

  private static boolean leadsTo(Path handle, Path file) {
    try {
      return Files.readSymbolicLink(handle).startsWith(file);
    } catch (IOException e) {
      // Closed meanwhile.
      return false;
    }
  }

  private static boolean isWritable(Path process, Path handle) {
    try {
      String info = Files.readString(process.resolve("fdinfo").resolve(handle.getFileName()));
      Matcher flags = FLAGS.matcher(info);
      return flags.find() && (Integer.parseInt(flags.group(1), 8) & ACCESS_MODE) != 0;
    } catch (IOException e) {
      return false;
    }
  }
}
