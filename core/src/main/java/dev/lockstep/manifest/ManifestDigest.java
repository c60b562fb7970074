package dev.lockstep.manifest;

import dev.lockstep.checksum.Sha256;
import dev.lockstep.model.Block;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The digests of a manifest as [ManifestLayout] defines them: rows, then groups of rows, then all.
final class ManifestDigest {
  private final Sha256 rows = new Sha256();
  private final Sha256 root = new Sha256();
  private final long[] numbers = new long[7];
  private int[] sums = new int[0];

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
    numbers[0] = name.length;
    rows.update(numbers, 0, 1);
    add(rows, name);
    numbers[0] = block.index();
    numbers[1] = block.firstMessage();
    numbers[2] = block.positionBytes();
    numbers[3] = block.firstStampNs();
    numbers[4] = block.lastStampNs();
    numbers[5] = block.bytes();
    numbers[6] = block.messages();
    rows.update(numbers, 0, numbers.length);
    int count = block.messages() + 2;
    if (sums.length < count) {
      sums = new int[count];
    }
    sums[0] = block.crc32c();
    sums[1] = block.chainedCrc32c();
    for (int i = 2; i < count; i++) {
      sums[i] = block.messageCrc32c().get(i - 2);
    }
    rows.update(sums, 0, count);
  }

  /// The digest of the rows since the last group.
  byte[] group() {
    byte[] digest = rows.digest();
    add(root, digest);
    return digest;
  }

  /// The digest of everything; asked once, at the end.
  byte[] root() {
    return root.digest();
  }
}
