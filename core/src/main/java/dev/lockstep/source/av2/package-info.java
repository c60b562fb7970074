/// Argoverse 2 sensor logs: sweeps, camera images, poses, calibration and annotations, a folder a
/// log; and single Feather tables of the same kinds.
///
/// Entry type: [dev.lockstep.source.av2.Av2Format]. How Feather files are read is known to `arrow`,
/// how annotations are to `labels.av2`.
@NullMarked
package dev.lockstep.source.av2;

import org.jspecify.annotations.NullMarked;
