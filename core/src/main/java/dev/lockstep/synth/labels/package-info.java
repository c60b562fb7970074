/// Labels of invented drives, and what annotators who cheat and exporters with known errors make of
/// them.
///
/// Entry types: [dev.lockstep.synth.labels.Spoof], [dev.lockstep.synth.labels.ExporterBugs]. Faults
/// of single boxes belong to `synth.fault`.
@NullMarked
package dev.lockstep.synth.labels;

import org.jspecify.annotations.NullMarked;
