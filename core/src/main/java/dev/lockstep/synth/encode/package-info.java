/// Small deterministic encoders for the payloads of synthetic messages: baseline JPEG, H.264 Annex
/// B, ROS 2 CDR, protobuf and JSON, with the schemas that describe them.
///
/// Entry type: [dev.lockstep.synth.encode.Schemas]. These write what a synthetic drive needs and
/// are no general codecs; reading payloads belongs to `payload`.
@NullMarked
package dev.lockstep.synth.encode;

import org.jspecify.annotations.NullMarked;
