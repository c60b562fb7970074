/// Checks one recording while it grows, whoever writes it, and leaves manifest and verdict behind.
///
/// Start at [FollowedRecording][dev.lockstep.follow.FollowedRecording]: the sidecar and the network
/// endpoint both follow files through it, so that their findings are those of `check`. When a
/// recording grows, and when it is complete, is for them to know.
@NullMarked
package dev.lockstep.follow;

import org.jspecify.annotations.NullMarked;
