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
import org.jspecify.annotations.Nullable;

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
  private long longBytes = COMPACT_BYTES;

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
    byte[] content = content(entries);
    SmallFiles.write(files, path, content);
    return new Journal(files, path, files.open(path), content.length);
  }

  private static byte[] content(Collection<Entry> entries) {
    byte[] content = new byte[entries.size() * JournalLayout.ENTRY_BYTES];
    ByteBuffer bytes = ByteBuffer.wrap(content);
    entries.forEach(entry -> JournalLayout.put(bytes, entry));
    return content;
  }

  /// Appends; not durable before [#sync].
  ///
  /// @return null, or why nothing was appended (no space left): the journal is what it was
  /// @throws IOException if nobody knows any more what the journal holds
  @Nullable IOException append(List<Entry> entries) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(entries.size() * JournalLayout.ENTRY_BYTES);
    entries.forEach(entry -> JournalLayout.put(bytes, entry));
    bytes.flip();
    int count = bytes.remaining();
    try {
      file.write(bytes, length);
    } catch (IOException e) {
      // Entries that were written in part vouch for content that is given up.
      file.truncate(length);
      return e;
    }
    length += count;
    return null;
  }

  void sync() throws IOException {
    file.sync();
  }

  boolean isLong() {
    return length > longBytes;
  }

  /// Writes the journal anew with `entries` alone.
  ///
  /// @return null, or why it goes on as it is for a while (no space left)
  /// @throws IOException if nobody knows any more what the journal holds
  @Nullable IOException compact(Collection<Entry> entries) throws IOException {
    byte[] content = content(entries);
    try {
      SmallFiles.prepare(files, path, content);
    } catch (IOException e) {
      longBytes = length + COMPACT_BYTES;
      return e;
    }
    SmallFiles.publish(files, path);
    FileLayer.OpenFile old = file;
    file = files.open(path);
    length = content.length;
    longBytes = COMPACT_BYTES;
    old.close();
    return null;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
