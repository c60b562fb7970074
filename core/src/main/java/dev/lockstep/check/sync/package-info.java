/// Rules about several streams against each other: whether cameras and LiDAR were in step.
///
/// Start at [SyncStreams], which says what can be compared, and at [RigTiming], which measures when
/// the beam of the LiDAR crosses each camera and where the images lie. What concerns one stream
/// alone does not belong here.
@NullMarked
package dev.lockstep.check.sync;

import org.jspecify.annotations.NullMarked;
