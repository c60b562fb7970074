/// LiDAR cuboids of Scale AI.
///
/// Entry type: [dev.lockstep.labels.scale.ScaleLabels]. Answers about images do not belong here.
@NullMarked
package dev.lockstep.labels.scale;

import org.jspecify.annotations.NullMarked;
