/// Labels in KITTI's two formats: tracklet XML of the raw recordings and tracking text files.
///
/// Entry types: [dev.lockstep.labels.kitti.TrackletLabels],
/// [dev.lockstep.labels.kitti.TrackingLabels]. Sensor files and stamps belong to `source.kitti`.
@NullMarked
package dev.lockstep.labels.kitti;

import org.jspecify.annotations.NullMarked;
