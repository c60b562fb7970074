package dev.lockstep.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Where manifests, verdicts and roots lie: beside the recording, whether a file or a folder, under
/// its name and [#SUFFIX], [#VERDICT_SUFFIX] or [#ROOT_SUFFIX].
public final class ManifestFiles {
  /// What a manifest's name adds to that of its recording.
  public static final String SUFFIX = ".blocks.arrow";

  /// What a verdict's name adds to that of its recording.
  public static final String VERDICT_SUFFIX = ".verdict.json";

  /// What a root file's name adds to that of its recording.
  public static final String ROOT_SUFFIX = ".root.json";

  /// Bytes of a row without its name and message checksums, by [ManifestLayout]: six 64-bit and
  /// three 32-bit numbers, two offsets, room for two digests, validity.
  private static final int ROW_BYTES = 6 * 8 + 3 * 4 + 2 * 4 + 2 * 32 + 2;

  private ManifestFiles() {}

  /// Bytes that a manifest takes for each message of a stream, but for its head and end: what
  /// [ManifestWriter] comes to for many messages.
  ///
  /// @param nameBytes length of the stream's name
  public static double bytesPerMessage(BlockLimits limits, int nameBytes) {
    return Integer.BYTES + (double) (ROW_BYTES + nameBytes) / limits.messages();
  }

  /// The manifest of the recording at `recording`, whether or not it exists.
  ///
  /// @throws IllegalArgumentException if the path is the root of a file system
  public static Path of(Path recording) {
    Path absolute = recording.toAbsolutePath().normalize();
    return absolute.resolveSibling(name(recording) + SUFFIX);
  }

  /// The verdict on the recording at `recording`, whether or not it exists.
  ///
  /// @throws IllegalArgumentException if the path is the root of a file system
  public static Path verdictOf(Path recording) {
    Path absolute = recording.toAbsolutePath().normalize();
    return absolute.resolveSibling(name(recording) + VERDICT_SUFFIX);
  }

  /// The root file of the recording at `recording`, whether or not it exists.
  ///
  /// @throws IllegalArgumentException if the path is the root of a file system
  public static Path rootOf(Path recording) {
    Path absolute = recording.toAbsolutePath().normalize();
    return absolute.resolveSibling(name(recording) + ROOT_SUFFIX);
  }

  /// Name of the file or folder at `recording`, also where the path ends with `.` or `..`.
  ///
  /// @throws IllegalArgumentException if the path is the root of a file system
  public static String name(Path recording) {
    Path name = recording.toAbsolutePath().normalize().getFileName();
    if (name == null) {
      throw new IllegalArgumentException(recording + ": has no name to put a manifest beside");
    }
    return name.toString();
  }

  /// Whether `file` is named as the manifest or root of something that lies beside it, or as the
  /// verdict on it.
  public static boolean isCompanion(Path file) {
    return isBeside(file, SUFFIX) || isBeside(file, VERDICT_SUFFIX) || isBeside(file, ROOT_SUFFIX);
  }

  private static boolean isBeside(Path file, String suffix) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(suffix)
        && name.length() > suffix.length()
        && Files.exists(file.resolveSibling(name.substring(0, name.length() - suffix.length())));
  }

  /// Length of a file, or of all files in a folder.
  ///
  /// @throws IOException if the system refuses to tell
  public static long sizeBytes(Path recording) throws IOException {
    try (Stream<Path> files = Files.walk(recording)) {
      return files.filter(Files::isRegularFile).mapToLong(ManifestFiles::length).sum();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static long length(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
