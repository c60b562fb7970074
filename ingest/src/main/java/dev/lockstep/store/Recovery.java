package dev.lockstep.store;

import dev.lockstep.store.JournalLayout.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// Brings a store back to where every byte is vouched for.
///
/// For each part that has no seal: keep what its newest journal entry knows to be durable, and
/// behind that each range whose CRC-32C matches; cut the rest. What is kept without a sync behind
/// it is written again and synced, because the cache may hold bytes that a failed sync never
/// brought to the disk.
final class Recovery {
  private static final int PIECE_BYTES = 1 << 20;

  private final PartStore store;
  private final FileLayer files;
  private final StoreLog log;

  Recovery(PartStore store, FileLayer files, StoreLog log) {
    this.store = store;
    this.files = files;
    this.log = log;
  }

  void run(Map<PartKey, List<Entry>> journal) throws IOException {
    Path parent = store.root().resolve(PartStore.STREAMS);
    for (String name : files.list(parent)) {
      Path folder = parent.resolve(name);
      Ulid id = Ulid.parse(name);
      if (id == null) {
        quarantine(folder, "not a stream");
        continue;
      }
      StreamFolder stream;
      try {
        stream = StreamFolder.of(id, folder, names(folder));
      } catch (IOException e) {
        quarantine(folder, Part.reason(e));
        continue;
      }
      if (store.find(stream.session(), stream.stream()) != null) {
        quarantine(folder, "a second folder of " + stream.name());
        continue;
      }
      store.add(stream);
      recover(stream, journal);
    }
    files.syncFolder(parent);
  }

  private byte[] names(Path folder) throws IOException {
    Path file = folder.resolve(StreamFolder.NAMES);
    if (!files.exists(file)) {
      throw new IOException("no " + StreamFolder.NAMES);
    }
    return SmallFiles.read(files, file);
  }

  private void recover(StreamFolder stream, Map<PartKey, List<Entry>> journal) throws IOException {
    for (String name : files.list(stream.folder())) {
      if (name.endsWith(SmallFiles.UNFINISHED)) {
        files.delete(stream.folder().resolve(name));
        continue;
      }
      int sealed = StreamFolder.sealedPartOf(name);
      if (sealed >= 0) {
        // Also where somebody took the data away: a number is never used twice.
        stream.put(sealed, null);
      }
    }
    for (String name : files.list(stream.folder())) {
      int number = StreamFolder.partOf(name);
      if (number < 0) {
        continue;
      }
      Path data = stream.data(number);
      if (isSealed(stream, number)) {
        stream.put(number, null);
        try (FileLayer.OpenFile file = files.open(data)) {
          store.count(stream.session(), file.size());
        }
        continue;
      }
      try {
        List<Entry> entries = journal.getOrDefault(new PartKey(stream.id(), number), List.of());
        recover(stream, number, data, entries);
      } catch (IOException e) {
        log.problem(data + ": cannot be recovered: " + Part.reason(e));
        quarantine(data, "cannot be recovered: " + Part.reason(e));
      }
    }
  }

  /// A seal that cannot be read is made again; the part was durable before it.
  private boolean isSealed(StreamFolder stream, int number) throws IOException {
    if (!files.exists(stream.seal(number))) {
      return false;
    }
    try {
      Seal seal = store.seal(stream, number);
      try (FileLayer.OpenFile file = files.open(stream.data(number))) {
        if (file.size() != seal.bytes()) {
          log.problem(
              stream.data(number)
                  + ": "
                  + file.size()
                  + " bytes, sealed with "
                  + seal.bytes()
                  + ": it was changed since");
        }
      }
      return true;
    } catch (IOException e) {
      quarantine(stream.seal(number), Part.reason(e));
      return false;
    }
  }

  private void recover(StreamFolder stream, int number, Path data, List<Entry> entries)
      throws IOException {
    long durable = 0;
    long recordStart = 0;
    for (Entry entry : entries) {
      durable = Math.max(durable, entry.durable());
    }
    try (FileLayer.OpenFile file = files.open(data)) {
      long size = file.size();
      if (size < durable) {
        log.problem(data + ": " + size + " bytes left of " + durable + " that were durable");
        durable = size;
      }
      long end = durable;
      for (Entry entry : entries) {
        if (entry.to() == end) {
          recordStart = entry.recordStart();
        } else if (entry.from() <= end && entry.to() > end && entry.to() <= size) {
          if (crc(file, entry.from(), entry.to()) != entry.rangeCrc32c()) {
            break;
          }
          end = entry.to();
          recordStart = entry.recordStart();
        }
      }
      if (size > end) {
        file.truncate(end);
      }
      if (size != durable) {
        rewrite(file, durable, end);
        file.sync();
        log.note(
            data + ": recovered, " + end + " bytes kept, " + (size - end) + " unconfirmed cut off");
      }
      store.count(stream.session(), end);
      store.register(stream, number, end, recordStart);
    }
  }

  private static int crc(FileLayer.OpenFile file, long from, long to) throws IOException {
    CRC32C crc = new CRC32C();
    for (long at = from; at < to; at += PIECE_BYTES) {
      ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, to - at));
      SmallFiles.readFully(file, piece, at);
      crc.update(piece.flip());
    }
    return (int) crc.getValue();
  }

  private static void rewrite(FileLayer.OpenFile file, long from, long to) throws IOException {
    for (long at = from; at < to; at += PIECE_BYTES) {
      ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, to - at));
      SmallFiles.readFully(file, piece, at);
      file.write(piece.flip(), at);
    }
  }

  private void quarantine(Path path, String why) throws IOException {
    Path folder = store.root().resolve(PartStore.QUARANTINE);
    String name = String.valueOf(path.getFileName());
    Path target = folder.resolve(name);
    for (int i = 1; files.exists(target); i++) {
      target = folder.resolve(name + "." + i);
    }
    files.replace(path, target);
    files.syncFolder(folder);
    log.problem(path + ": moved to " + target + ": " + why);
  }
}
