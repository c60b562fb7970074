/// Matroska and WebM files (RFC 8794, RFC 9559): tracks, clusters and the times of their blocks,
/// frame by frame.
///
/// Entry type: [dev.lockstep.source.matroska.MatroskaFormat]. The layout stands in
/// `MatroskaLayout`; frames are read where they lie in the mapped file and never copied.
@NullMarked
package dev.lockstep.source.matroska;

import org.jspecify.annotations.NullMarked;
