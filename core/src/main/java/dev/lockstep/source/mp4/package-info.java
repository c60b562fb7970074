/// MP4 and QuickTime files (ISO/IEC 14496-12): progressive and fragmented, video frame by frame.
///
/// Entry type: [dev.lockstep.source.mp4.Mp4Format]. The layout stands in `Mp4Layout`; tables are
/// read where they lie in the mapped file and never copied.
@NullMarked
package dev.lockstep.source.mp4;

import org.jspecify.annotations.NullMarked;
