package dev.lockstep.store;

import java.nio.ByteBuffer;

/// Bytes on their way to a part.
///
/// @param bytes between position and limit; not touched by anybody else until released
/// @param recordStart where the MCAP record begins that is under way behind these bytes
/// @param release told once, when the bytes are no longer needed
public record Payload(ByteBuffer bytes, long recordStart, Runnable release) {}
