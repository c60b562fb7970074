package dev.lockstep.ops;

/// One sender.
///
/// @param id identifies it within the service
/// @param peer address of the other side
/// @param session session that it names
/// @param stream stream that it names
/// @param part part that it writes
/// @param receivedBytes bytes that came in
/// @param durableBytes offset up to which they are durable
/// @param sinceMillis when it came, in milliseconds since 1970
public record ConnectionStatus(
    String id,
    String peer,
    String session,
    String stream,
    String part,
    long receivedBytes,
    long durableBytes,
    long sinceMillis) {}
