package dev.lockstep.follow;

import dev.lockstep.follow.FollowOptions.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The digest of a recording's content, taken as it grows.
///
/// That of a folder is the digest of the text that `sha256sum` prints for its files, in order of
/// their paths (`DIGEST PATH`, one a line); it is taken at once.
final class ContentDigest implements AutoCloseable {
  private static final int PIECE_BYTES = 1 << 18;

  private final Path path;
  private final Digest kind;
  private final @Nullable MessageDigest sha;
  private final CRC32C crc = new CRC32C();
  private final @Nullable FileChannel file;
  private final ByteBuffer piece;
  private long position;
  private long sizeBytes = -1;
  private String value = "";

  /// A digest of nothing yet.
  ///
  /// @throws IOException if the file cannot be opened
  ContentDigest(Path path, Digest kind) throws IOException {
    this.path = path;
    this.kind = kind;
    this.sha = kind == Digest.SHA256 ? sha256() : null;
    boolean read = kind != Digest.NONE && !Files.isDirectory(path);
    this.file = read ? FileChannel.open(path, StandardOpenOption.READ) : null;
    this.piece = read ? ByteBuffer.allocateDirect(PIECE_BYTES) : ByteBuffer.allocate(0);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// Adds what lies before `end` and was not added yet; `end` must be final.
  void advance(long end) throws IOException {
    FileChannel from = file;
    while (from != null && position < end) {
      piece.clear().limit((int) Math.min(PIECE_BYTES, end - position));
      int read = from.read(piece, position);
      if (read < 0) {
        return;
      }
      position += read;
      piece.flip();
      if (sha != null) {
        sha.update(piece);
      } else {
        crc.update(piece);
      }
    }
  }

  /// Adds the rest, and gives the length of the content; later calls give the same.
  long finish() throws IOException {
    if (sizeBytes < 0) {
      long length = rest();
      value =
          switch (kind) {
            case SHA256 -> HexFormat.of().formatHex(Objects.requireNonNull(sha).digest());
            case CRC32C -> "%08x".formatted(crc.getValue());
            case NONE -> "";
          };
      sizeBytes = length;
    }
    return sizeBytes;
  }

  private long rest() throws IOException {
    if (file != null) {
      advance(file.size());
      return position;
    }
    if (!Files.isDirectory(path)) {
      return Files.size(path);
    }
    long bytes = 0;
    for (Path each : files()) {
      try (ContentDigest digest = new ContentDigest(each, kind)) {
        bytes += digest.finish();
        String line = digest.value() + "  " + path.relativize(each) + "\n";
        ByteBuffer text = StandardCharsets.UTF_8.encode(line);
        if (sha != null) {
          sha.update(text);
        } else {
          crc.update(text);
        }
      }
    }
    return bytes;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /// Name of the algorithm, as verdicts write it.
  String algorithm() {
    return switch (kind) {
      case SHA256 -> "sha256";
      case CRC32C -> "crc32c";
      case NONE -> "none";
    };
  }

  /// The digest in hexadecimal, after [#finish].
  String value() {
    return value;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
