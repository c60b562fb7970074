/// What one message's bytes say by themselves: header stamps, structure of point clouds, images and
/// video frames, boxes; for CDR, protobuf and JSON messages and for bare files.
///
/// Entry type: [dev.lockstep.payload.PayloadProfile]. Containers, streams and order are unknown
/// here.
@NullMarked
package dev.lockstep.payload;

import org.jspecify.annotations.NullMarked;
