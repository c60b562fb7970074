/// What readers of labels share: the examination of single boxes.
///
/// Entry type: [dev.lockstep.labels.BoxExamination]. Each label format lives in a package of its
/// own below this one; rules about tracks and frames are checks and live there.
@NullMarked
package dev.lockstep.labels;

import org.jspecify.annotations.NullMarked;
