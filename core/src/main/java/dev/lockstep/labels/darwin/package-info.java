/// Labels of videos from V7 Darwin.
///
/// Entry type: [dev.lockstep.labels.darwin.DarwinLabels]. Masks, skeletons and texts do not belong
/// here.
@NullMarked
package dev.lockstep.labels.darwin;

import org.jspecify.annotations.NullMarked;
