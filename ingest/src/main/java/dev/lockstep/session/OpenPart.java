package dev.lockstep.session;

/// A part that is not sealed, as others may see it.
///
/// @param name session, stream and file
/// @param session name of the session
/// @param stream name of the stream
/// @param number of the part
/// @param acceptedBytes bytes that came
/// @param durableBytes bytes that are durable
/// @param failed whether it cannot go on
/// @param writer address of whoever writes it, or empty
/// @param sinceMillis since when, milliseconds since 1970
public record OpenPart(
    String name,
    String session,
    String stream,
    int number,
    long acceptedBytes,
    long durableBytes,
    boolean failed,
    String writer,
    long sinceMillis) {}
