/// Labels of Scalabel and BDD100K.
///
/// Entry type: [dev.lockstep.labels.scalabel.ScalabelLabels]. Masks and lanes do not belong here.
@NullMarked
package dev.lockstep.labels.scalabel;

import org.jspecify.annotations.NullMarked;
