/// Rules about sweeps: layout, coordinates, number of points, times of points, gaps.
///
/// One class a rule. What a reader saw arrives as defects or as columns of message batches; nothing
/// here reads a file.
@NullMarked
package dev.lockstep.check.lidar;

import org.jspecify.annotations.NullMarked;
