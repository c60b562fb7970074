package dev.lockstep.ops;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Stands back behind everybody else on the machine.
public final class Courtesy {
  private static final Path THREADS = Path.of("/proc/self/task");

  private Courtesy() {}

  /// Makes the calling thread, and those that it starts, give way to the other threads of this
  /// process and of others.
  ///
  /// @param niceness 0 (as others) to 19
  /// @return whether the system did so; where not, the thread runs as any other
  public static boolean giveWayHere(int niceness) {
    return Files.isDirectory(THREADS) && Posix.setNiceness(0, niceness);
  }

  /// Makes all threads of this process, and those they start later, give way: `niceness` for the
  /// processor, the lowest level for disks.
  ///
  /// @param niceness 0 (as others) to 19
  /// @return what could be had, for the log
  public static String giveWay(int niceness) {
    if (!Files.isDirectory(THREADS)) {
      return "not on this system";
    }
    boolean nice = true;
    boolean last = true;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
      for (Path each : threads) {
        int thread = Integer.parseInt(String.valueOf(each.getFileName()));
        nice &= Posix.setNiceness(thread, niceness);
        last &= Posix.setLastAtDisk(thread);
      }
    } catch (IOException e) {
      return "threads cannot be listed: " + e.getMessage();
    }
    return (nice ? "nice " + niceness : "niceness refused")
        + ", "
        + (last ? "lowest" : "usual")
        + " io";
  }
}
