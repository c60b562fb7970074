/// Labels of the CVAT labelling tool.
///
/// Entry type: [dev.lockstep.labels.cvat.CvatLabels]. Shapes other than boxes do not belong here.
@NullMarked
package dev.lockstep.labels.cvat;

import org.jspecify.annotations.NullMarked;
