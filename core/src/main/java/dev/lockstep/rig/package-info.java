/// Rig profiles as files: YAML with a published JSON Schema, what several good drives have in
/// common, requirements from the command line, and the parameters that users of Autoware tune by
/// hand. Start at [dev.lockstep.rig.RigFile]. Measuring and judging belong elsewhere.
@NullMarked
package dev.lockstep.rig;

import org.jspecify.annotations.NullMarked;
