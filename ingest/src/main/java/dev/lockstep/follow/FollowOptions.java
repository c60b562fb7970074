package dev.lockstep.follow;

import java.nio.file.Path;

/// What following a recording leaves behind.
///
/// @param manifest whether a block manifest is written beside the recording when it is complete
/// @param verdict whether a verdict file is written beside it then
/// @param digest how the content is digested for the verdict
/// @param scratch folder for what must be kept until then: some 100 bytes for 10 messages
public record FollowOptions(boolean manifest, boolean verdict, Digest digest, Path scratch) {
  /// How content is digested.
  public enum Digest {
    /// SHA-256: what `sha256sum` prints.
    SHA256,
    /// CRC-32C: a tenth of the work; detects accidents, not intent.
    CRC32C,
    /// Not at all.
    NONE
  }

  /// Findings only.
  public static FollowOptions findingsOnly() {
    return new FollowOptions(
        false, false, Digest.NONE, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /// The same with a verdict file.
  public FollowOptions withVerdict(Digest digest) {
    return new FollowOptions(manifest, true, digest, scratch);
  }

  /// The same with a block manifest; rows wait in `scratch` until the recording is complete.
  public FollowOptions withManifest(Path scratch) {
    return new FollowOptions(true, verdict, digest, scratch);
  }
}
