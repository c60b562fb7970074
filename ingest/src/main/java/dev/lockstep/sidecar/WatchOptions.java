package dev.lockstep.sidecar;

import dev.lockstep.follow.FollowOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What is watched, and how patiently.
///
/// @param folders folders that are watched, with all below them
/// @param state folder for what must outlive the process; not below a watched one
/// @param settle a recording that nobody holds open is complete when it has not changed for so long
/// @param rescan how often the folders are searched even if no change was told
/// @param stall a recording that somebody holds open and that has not grown for so long is stalled
/// @param abandon where it cannot be told whether anybody holds it open, a recording without an end
///   is complete when it has not changed for so long
/// @param minFreeBytes free bytes below which the disk counts as nearly full
/// @param follow what is left beside complete recordings
/// @param once whether to end when every recording that was found is complete
public record WatchOptions(
    List<Path> folders,
    Path state,
    Duration settle,
    Duration rescan,
    Duration stall,
    Duration abandon,
    long minFreeBytes,
    FollowOptions follow,
    boolean once) {
  /// Copies the list.
  public WatchOptions {
    folders = List.copyOf(folders);
  }
}
