/// The invented world of a synthetic drive: a road, a vehicle with sensors, other road users, and
/// what each sensor measures, all pure functions of a seed and a time.
///
/// Entry type: [dev.lockstep.synth.scene.Scene]. Messages, files and faults are unknown here.
@NullMarked
package dev.lockstep.synth.scene;

import org.jspecify.annotations.NullMarked;
