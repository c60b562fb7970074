/// Labels and tracker results of MOTChallenge.
///
/// Entry type: [dev.lockstep.labels.mot.MotLabels]. The images of a sequence do not belong here.
@NullMarked
package dev.lockstep.labels.mot;

import org.jspecify.annotations.NullMarked;
