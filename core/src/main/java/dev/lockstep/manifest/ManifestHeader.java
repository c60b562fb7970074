package dev.lockstep.manifest;

/// What a manifest says about itself and the recording that it seals.
///
/// @param limits when a block closed
/// @param recording name of the sealed file or folder, without the folders above it
/// @param format name of its format
/// @param recordingBytes its size when it was sealed, see [ManifestFiles#sizeBytes]
public record ManifestHeader(
    BlockLimits limits, String recording, String format, long recordingBytes) {}
