package dev.lockstep.sidecar;

import dev.lockstep.sidecar.FolderScan.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;

/// Decides when files of one folder, such as the parts of a split bag, have become one recording:
/// once each of them has its own verdict, and their recorder says that it has closed them or has
/// left them alone for long. Files that nobody here has looked at yet are one from the beginning if
/// nobody writes them.
///
/// What the whole is then found to be rests on all of it, so it is read once more.
final class JoinedFolders implements FolderScan.Joining {
  private final WatchOptions options;
  private final Memory memory;
  private final Predicate<String> followed;
  private final Predicate<String> failed;
  private final InstantSource clock;

  /// @param followed whether a recording is being followed
  /// @param failed whether it cannot be read at the moment
  JoinedFolders(
      WatchOptions options,
      Memory memory,
      Predicate<String> followed,
      Predicate<String> failed,
      InstantSource clock) {
    this.options = options;
    this.memory = memory;
    this.followed = followed;
    this.failed = failed;
    this.clock = clock;
  }

  @Override
  public boolean isWritten(Found folder, List<Found> parts) {
    boolean known = false;
    boolean open = false;
    for (Found part : parts) {
      String name = part.path().toString();
      boolean unreadable = failed.test(name);
      if (followed.test(name) && !unreadable) {
        return false;
      }
      known |= unreadable || memory.knows(name);
      open |= !unreadable && memory.sealed(name) == null;
    }
    try {
      return known
          ? !open
              && (options.once()
                  || folder.format().saysItHasEnded(folder.path())
                  || isUnchangedFor(options.abandon(), parts))
          : isLeftAlone(parts);
    } catch (IOException e) {
      // Something vanished meanwhile: the next search tells.
      return false;
    }
  }

  private boolean isLeftAlone(List<Found> parts) throws IOException {
    if (!isUnchangedFor(options.settle(), parts)) {
      return false;
    }
    for (Found part : parts) {
      switch (OpenFiles.heldForWriting(part.path())) {
        case YES -> {
          return false;
        }
        case UNKNOWN -> {
          return isUnchangedFor(options.abandon(), parts);
        }
        case NO -> {}
      }
    }
    return true;
  }

  private boolean isUnchangedFor(Duration time, List<Found> parts) throws IOException {
    long newestMillis = Long.MIN_VALUE;
    for (Found part : parts) {
      newestMillis = Math.max(newestMillis, modifiedMillis(part.path()));
      for (Path beside : part.format().beside(part.path())) {
        if (Files.exists(beside)) {
          newestMillis = Math.max(newestMillis, modifiedMillis(beside));
        }
      }
    }
    return clock.millis() - newestMillis >= time.toMillis();
  }

  private static long modifiedMillis(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toMillis();
  }
}
