/// Seeded synthetic drives with exact truth, in any length, and the corruption kit that plants
/// faults in recordings and says what should be found.
///
/// Entry types: [dev.lockstep.synth.SynthRun] writes a drive, [dev.lockstep.synth.Injector] plants
/// faults. Rules and their thresholds are unknown here: a fault names the check that should find it
/// and nothing more.
@NullMarked
package dev.lockstep.synth;

import org.jspecify.annotations.NullMarked;
