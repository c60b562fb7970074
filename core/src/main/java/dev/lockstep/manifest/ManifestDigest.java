package dev.lockstep.manifest;

import dev.lockstep.checksum.Sha256;
import dev.lockstep.model.Block;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The digests of a manifest as [ManifestLayout] defines them: rows, then groups of rows, then all.
final class ManifestDigest {
  /// Longest piece that is gathered before it is hashed, names and long lists apart.
  private static final int PIECE_BYTES = 8192;

  private final Sha256 rows = new Sha256();
  private final Sha256 root = new Sha256();
  private final byte[] piece = new byte[PIECE_BYTES];
  private final ByteBuffer gathered = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);

  /// Begins with the metadata of the schema.
  ManifestDigest(Map<String, String> metadata) {
    add(root, ManifestLayout.rootPrefix(metadata));
  }

  private static void add(Sha256 digest, byte[] bytes) {
    digest.update(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  /// Adds a row to the group.
  void add(Block block) {
    byte[] name = block.stream().getBytes(StandardCharsets.UTF_8);
    room(Long.BYTES).putLong(name.length);
    if (name.length > PIECE_BYTES) {
      flush();
      add(rows, name);
    } else {
      room(name.length).put(name);
    }
    room(7 * Long.BYTES + 2 * Integer.BYTES)
        .putLong(block.index())
        .putLong(block.firstMessage())
        .putLong(block.positionBytes())
        .putLong(block.firstStampNs())
        .putLong(block.lastStampNs())
        .putLong(block.bytes())
        .putLong(block.messages())
        .putInt(block.crc32c())
        .putInt(block.chainedCrc32c());
    for (int i = 0; i < block.messages(); i++) {
      room(Integer.BYTES).putInt(block.messageCrc32c().get(i));
    }
  }

  /// Room for `bytes` more.
  private ByteBuffer room(int bytes) {
    if (gathered.remaining() < bytes) {
      flush();
    }
    return gathered;
  }

  private void flush() {
    rows.update(MemorySegment.ofArray(piece), 0, gathered.position());
    gathered.clear();
  }

  /// The digest of the rows since the last group.
  byte[] group() {
    flush();
    byte[] digest = rows.digest();
    add(digest);
    return digest;
  }

  /// Adds the digest of a group that was not computed here.
  void add(byte[] group) {
    add(root, group);
  }

  /// The digest of everything; asked once, at the end.
  byte[] root() {
    return root.digest();
  }
}
