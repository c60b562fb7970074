/// The corruption kit: recordings held as rows that can be edited, and small faults that edit them
/// and say what should be found.
///
/// Entry types: [dev.lockstep.synth.fault.Fault], [dev.lockstep.synth.fault.Tape]. Reading and
/// writing files belongs to `synth`.
@NullMarked
package dev.lockstep.synth.fault;

import org.jspecify.annotations.NullMarked;
