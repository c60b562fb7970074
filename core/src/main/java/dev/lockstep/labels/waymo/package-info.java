/// Labels of the Waymo Open Dataset: frames of a segment in protobuf, one record of a TFRecord file
/// each.
///
/// Entry type: [dev.lockstep.labels.waymo.WaymoLabels]. Range images and camera images of the
/// frames do not belong here.
@NullMarked
package dev.lockstep.labels.waymo;

import org.jspecify.annotations.NullMarked;
