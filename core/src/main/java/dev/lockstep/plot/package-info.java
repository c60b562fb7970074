/// Pictures of a checked recording: phases of cameras, distances from the beam, steps of streams
/// with what was found. Start at [dev.lockstep.plot.RecordingPlots]. Nothing is measured or judged
/// here.
@NullMarked
package dev.lockstep.plot;

import org.jspecify.annotations.NullMarked;
