/// rosbag2: folders with `metadata.yaml` and single SQLite files.
///
/// Entry type: [dev.lockstep.source.rosbag2.Rosbag2Format]. SQLite files are read by our own
/// read-only reader, because places in the file, bounded memory and going on after damage are
/// wanted, and because a recorder that still writes must not be disturbed. Parts in another storage
/// format are read by the format that the constructor is given.
@NullMarked
package dev.lockstep.source.rosbag2;

import org.jspecify.annotations.NullMarked;
