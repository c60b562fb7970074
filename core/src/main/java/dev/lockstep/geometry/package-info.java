/// Geometry of boxes and poses on primitives: angles, rigid transforms, interpolation of poses,
/// overlap of boxes in images and in bird's-eye view.
///
/// Entry types: [dev.lockstep.geometry.Rigid], [dev.lockstep.geometry.PoseLookup],
/// [dev.lockstep.geometry.GroundOverlap]. What a box means, and what is wrong with it, belongs to
/// the checks.
@NullMarked
package dev.lockstep.geometry;

import org.jspecify.annotations.NullMarked;
