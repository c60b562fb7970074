/// Labels of videos from Label Studio.
///
/// Entry type: [dev.lockstep.labels.labelstudio.LabelStudioLabels]. Other kinds of results do not
/// belong here.
@NullMarked
package dev.lockstep.labels.labelstudio;

import org.jspecify.annotations.NullMarked;
