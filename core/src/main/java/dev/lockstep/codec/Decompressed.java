package dev.lockstep.codec;

/// What one decompression did.
///
/// @param outputBytes bytes written to the front of the output
/// @param inputBytes bytes of the input that belonged to frames; what follows is not compressed
///   data
/// @param checksummed whether all of the content was under a checksum of the compression itself,
///   and agreed with it
public record Decompressed(long outputBytes, long inputBytes, boolean checksummed) {}
