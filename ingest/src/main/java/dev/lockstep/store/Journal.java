package dev.lockstep.store;

import dev.lockstep.store.JournalLayout.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The list of ranges that were written, for all parts together. Used by one thread at a time.
final class Journal implements AutoCloseable {
  static final String NAME = "journal";

  /// Rewritten with one entry a part when it grows beyond: 260,000 entries. Judged.
  static final long COMPACT_BYTES = 16L << 20;

  private static final int READ_ENTRIES = 1024;

  private final FileLayer files;
  private final Path path;
  private FileLayer.OpenFile file;
  private long length;

  private Journal(FileLayer files, Path path, FileLayer.OpenFile file, long length) {
    this.files = files;
    this.path = path;
    this.file = file;
    this.length = length;
  }

  /// All entries of each part that are whole, in order; what follows the first damaged entry was
  /// never synced, so nobody was told about it.
  static Map<PartKey, List<Entry>> read(FileLayer files, Path folder) throws IOException {
    Map<PartKey, List<Entry>> entries = new HashMap<>();
    Path path = folder.resolve(NAME);
    if (!files.exists(path)) {
      return entries;
    }
    try (FileLayer.OpenFile in = files.open(path)) {
      long whole = in.size() / JournalLayout.ENTRY_BYTES;
      for (long first = 0; first < whole; first += READ_ENTRIES) {
        int count = (int) Math.min(READ_ENTRIES, whole - first);
        ByteBuffer bytes = ByteBuffer.allocate(count * JournalLayout.ENTRY_BYTES);
        SmallFiles.readFully(in, bytes, first * JournalLayout.ENTRY_BYTES);
        bytes.flip();
        while (bytes.hasRemaining()) {
          Entry entry = JournalLayout.get(bytes);
          if (entry == null) {
            return entries;
          }
          add(entries.computeIfAbsent(entry.part(), key -> new ArrayList<>()), entry);
        }
      }
    }
    return entries;
  }

  /// Keeps only what recovery looks at: entries that reach the newest durable mark or beyond.
  private static void add(List<Entry> of, Entry entry) {
    of.removeIf(old -> old.to() < entry.durable());
    of.add(entry);
  }

  /// Replaces the journal in `folder` by one with `entries`, durable when this returns.
  static Journal replace(FileLayer files, Path folder, Collection<Entry> entries)
      throws IOException {
    Path path = folder.resolve(NAME);
    byte[] content = new byte[entries.size() * JournalLayout.ENTRY_BYTES];
    ByteBuffer bytes = ByteBuffer.wrap(content);
    entries.forEach(entry -> JournalLayout.put(bytes, entry));
    SmallFiles.write(files, path, content);
    return new Journal(files, path, files.open(path), content.length);
  }

  /// Appends; not durable before [#sync].
  void append(List<Entry> entries) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(entries.size() * JournalLayout.ENTRY_BYTES);
    entries.forEach(entry -> JournalLayout.put(bytes, entry));
    bytes.flip();
    int count = bytes.remaining();
    file.write(bytes, length);
    length += count;
  }

  void sync() throws IOException {
    file.sync();
  }

  boolean isLong() {
    return length > COMPACT_BYTES;
  }

  /// Writes the journal anew with `entries` alone.
  void compact(Collection<Entry> entries) throws IOException {
    Journal fresh = replace(files, Objects.requireNonNull(path.getParent()), entries);
    FileLayer.OpenFile old = file;
    file = fresh.file;
    length = fresh.length;
    old.close();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
