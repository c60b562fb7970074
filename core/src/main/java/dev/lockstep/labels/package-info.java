/// What a label format is, and what formats share: what each can hold, times of frames,
/// interpolation, faults of files and of single boxes.
///
/// Entry type: [dev.lockstep.labels.LabelFormat]. Each label format lives in a package of its own
/// below this one; rules about tracks and frames are checks and live there.
@NullMarked
package dev.lockstep.labels;

import org.jspecify.annotations.NullMarked;
