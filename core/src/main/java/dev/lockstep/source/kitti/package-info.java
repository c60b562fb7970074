/// KITTI recordings: raw drives, and tracking sequences with whatever sensor files lie beside their
/// labels.
///
/// Entry type: [dev.lockstep.source.kitti.KittiFormat]. The labels themselves are read by
/// `labels.kitti`.
@NullMarked
package dev.lockstep.source.kitti;

import org.jspecify.annotations.NullMarked;
