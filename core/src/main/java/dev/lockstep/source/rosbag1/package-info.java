/// rosbag1: files of ROS 1 (`#ROSBAG V2.0`).
///
/// Entry type: [dev.lockstep.source.rosbag1.Rosbag1Format].
@NullMarked
package dev.lockstep.source.rosbag1;

import org.jspecify.annotations.NullMarked;
