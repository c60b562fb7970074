package dev.lockstep.model;

/// How much of a recording was read and how much of it any stored checksum protects.
///
/// @param totalBytes bytes of the recording
/// @param protectedBytes bytes under a checksum that the recording stores and that was verified
/// @param lostBytes bytes that could not be interpreted because of damage
/// @param unexaminedBytes bytes that were left out on purpose (limits), each with a defect that
///   says so
/// @param basis which checksums protect, in words; `none` where there is none
/// @param manifestBlocks blocks that were compared with a block manifest. They are counted apart: a
///   manifest lies outside of the recording and covers payloads as they are after decompression
/// @param manifestBytes payload bytes in them
public record Coverage(
    long totalBytes,
    long protectedBytes,
    long lostBytes,
    long unexaminedBytes,
    String basis,
    long manifestBlocks,
    long manifestBytes) {

  /// Coverage without a manifest.
  public Coverage(
      long totalBytes, long protectedBytes, long lostBytes, long unexaminedBytes, String basis) {
    this(totalBytes, protectedBytes, lostBytes, unexaminedBytes, basis, 0, 0);
  }

  /// The same with what was compared with a manifest.
  public Coverage withManifest(long blocks, long bytes) {
    return new Coverage(
        totalBytes, protectedBytes, lostBytes, unexaminedBytes, basis, blocks, bytes);
  }

  /// Share of the bytes under a stored checksum, 0 to 1; 0 for an empty recording.
  public double protectedShare() {
    return totalBytes == 0 ? 0 : (double) protectedBytes / totalBytes;
  }

  /// The coverage of two files taken together.
  public Coverage plus(Coverage other) {
    String both =
        basis.equals(other.basis) || totalBytes == 0
            ? other.basis
            : other.totalBytes == 0 ? basis : basis + ", " + other.basis;
    return new Coverage(
        totalBytes + other.totalBytes,
        protectedBytes + other.protectedBytes,
        lostBytes + other.lostBytes,
        unexaminedBytes + other.unexaminedBytes,
        both,
        manifestBlocks + other.manifestBlocks,
        manifestBytes + other.manifestBytes);
  }
}
