/// How well the label rules find faults: seeded faults of many classes in real and synthetic
/// labels, and what is found in clean ones.
///
/// Start at [dev.lockstep.bench.labels.LabelScore]. Faults come from the kit in `synth.fault`.
@NullMarked
package dev.lockstep.bench.labels;

import org.jspecify.annotations.NullMarked;
