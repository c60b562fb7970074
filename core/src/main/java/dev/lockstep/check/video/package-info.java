/// Rules about coded video: structure of frames, references, decode and show times, the clock in
/// the stream.
///
/// One class a rule. What a reader saw arrives as defects or as columns of message batches; nothing
/// here reads a file.
@NullMarked
package dev.lockstep.check.video;

import org.jspecify.annotations.NullMarked;
