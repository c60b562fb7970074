/// Argoverse 2 labels: annotation tables of sensor logs and of the evaluation tools.
///
/// Entry type: [dev.lockstep.labels.av2.AnnotationTable]. Sensor files and poses belong to
/// `source.av2`.
@NullMarked
package dev.lockstep.labels.av2;

import org.jspecify.annotations.NullMarked;
