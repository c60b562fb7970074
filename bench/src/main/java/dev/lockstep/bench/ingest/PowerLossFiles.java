package dev.lockstep.bench.ingest;

import dev.lockstep.store.FileLayer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A file system in memory that loses what was never synced, as badly as the rules allow.
///
/// What a process sees is the *cache*; what survives a cut of the power is the *disk*. A sync
/// brings a file's content to the disk, a sync of a folder its names. When the power is cut, each
/// write since the last sync survives whole, not at all, or in part, sector by sector; the length
/// may survive without the content; of the changes of a folder's names a beginning survives. A sync
/// that fails brings an arbitrary part to the disk, and the next one believes that all is well, as
/// Linux does.
///
/// Power may be cut before any call: it then throws, and so does every call until the machine is
/// started again.
final class PowerLossFiles implements FileLayer {
  static final int SECTOR_BYTES = 512;

  private static final long SIZE = 1L << 40;

  private final Random random;
  private final Map<Path, Node> names = new TreeMap<>();
  private final Map<Path, Node> namesOnDisk = new TreeMap<>();
  private final Map<Path, List<Runnable>> nameChanges = new HashMap<>();
  private long callsUntilCut = Long.MAX_VALUE;
  private int soundSyncs;
  private int failingSyncs;
  private int failingWrites;
  private boolean off;

  /// The machine has no power.
  static final class PowerCutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PowerCutException() {
      super("power cut", null, false, false);
    }
  }

  private static final class Node {
    final boolean folder;
    byte[] cache = {};
    byte[] disk = {};
    final List<Change> changes = new ArrayList<>();

    Node(boolean folder) {
      this.folder = folder;
    }
  }

  /// A write, or with null a change of the length.
  private record Change(long offset, byte @Nullable [] bytes) {}

  PowerLossFiles(Random random, Path root) {
    this.random = random;
    Node folder = new Node(true);
    names.put(root, folder);
    namesOnDisk.put(root, folder);
  }

  /// Cuts the power before the call after the next `calls`.
  void cutAfter(long calls) {
    callsUntilCut = calls;
  }

  /// Of the next syncs of files the first `sound` work and `count` fail.
  void failSyncs(int sound, int count) {
    soundSyncs = sound;
    failingSyncs = count;
  }

  /// The next `count` writes fail for want of space, half done.
  void failWrites(int count) {
    failingWrites = count;
  }

  boolean isOff() {
    return off;
  }

  /// The process died; the machine lives on with its cache.
  void restartProcess() {
    off = false;
    callsUntilCut = Long.MAX_VALUE;
    failingSyncs = 0;
    failingWrites = 0;
  }

  /// The power went and came back.
  void restartMachine() {
    for (List<Runnable> changes : nameChanges.values()) {
      int survive = random.nextInt(changes.size() + 1);
      changes.subList(0, survive).forEach(Runnable::run);
    }
    nameChanges.clear();
    names.clear();
    names.putAll(namesOnDisk);
    for (Node node : names.values()) {
      survive(node);
    }
    restartProcess();
  }

  private void survive(Node node) {
    byte[] disk = node.disk;
    long longest = disk.length;
    for (Change change : node.changes) {
      byte[] bytes = change.bytes();
      longest = Math.max(longest, change.offset() + (bytes == null ? 0 : bytes.length));
      int fate = random.nextInt(3);
      if (fate == 1) {
        disk = applied(disk, change);
      } else if (fate == 2 && bytes != null) {
        disk = torn(disk, change.offset(), bytes);
      }
    }
    if (longest > disk.length && random.nextInt(4) == 0) {
      disk = Arrays.copyOf(disk, (int) longest);
    }
    node.changes.clear();
    node.disk = disk;
    node.cache = disk.clone();
  }

  private byte[] torn(byte[] disk, long offset, byte[] bytes) {
    byte[] result = disk;
    long at = offset;
    while (at < offset + bytes.length) {
      long end = Math.min(offset + bytes.length, (at / SECTOR_BYTES + 1) * SECTOR_BYTES);
      if (random.nextBoolean()) {
        int from = (int) (at - offset);
        result =
            applied(result, new Change(at, Arrays.copyOfRange(bytes, from, (int) (end - offset))));
      }
      at = end;
    }
    return result;
  }

  private static byte[] applied(byte[] content, Change change) {
    byte[] bytes = change.bytes();
    if (bytes == null) {
      return Arrays.copyOf(content, (int) change.offset());
    }
    int end = (int) change.offset() + bytes.length;
    byte[] result = Arrays.copyOf(content, Math.max(content.length, end));
    System.arraycopy(bytes, 0, result, (int) change.offset(), bytes.length);
    return result;
  }

  private void call() {
    if (off || callsUntilCut-- <= 0) {
      off = true;
      throw new PowerCutException();
    }
  }

  private Node node(Path path) throws IOException {
    Node node = names.get(path);
    if (node == null) {
      throw new NoSuchFileException(path.toString());
    }
    return node;
  }

  private void rename(Path folder, Runnable onDisk) {
    nameChanges.computeIfAbsent(folder, key -> new ArrayList<>()).add(onDisk);
  }

  private static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent());
  }

  private Node make(Path path, boolean folder) {
    Node made = new Node(folder);
    names.put(path, made);
    rename(parent(path), () -> namesOnDisk.put(path, made));
    return made;
  }

  @Override
  public void createFolder(Path folder) {
    call();
    if (!names.containsKey(folder)) {
      make(folder, true);
    }
  }

  @Override
  public boolean exists(Path path) {
    call();
    return names.containsKey(path);
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    call();
    node(folder);
    return names.keySet().stream()
        .filter(path -> folder.equals(path.getParent()))
        .map(path -> String.valueOf(path.getFileName()))
        .sorted()
        .toList();
  }

  @Override
  public OpenFile open(Path file) {
    call();
    Node node = names.get(file);
    return new Handle(node == null ? make(file, false) : node);
  }

  @Override
  public void replace(Path from, Path to) throws IOException {
    call();
    Node moved = node(from);
    move(names, from, to, moved);
    rename(parent(to), () -> move(namesOnDisk, from, to, moved));
  }

  private static void move(Map<Path, Node> names, Path from, Path to, Node moved) {
    Map<Path, Node> below = new HashMap<>();
    if (moved.folder) {
      names.forEach((path, node) -> {
        if (path.startsWith(from) && !path.equals(from)) {
          below.put(path, node);
        }
      });
    }
    names.remove(from);
    names.put(to, moved);
    below.forEach((path, node) -> {
      names.remove(path);
      names.put(to.resolve(from.relativize(path)), node);
    });
  }

  @Override
  public void delete(Path file) throws IOException {
    call();
    node(file);
    names.remove(file);
    rename(parent(file), () -> namesOnDisk.remove(file));
  }

  @Override
  public void syncFolder(Path folder) {
    call();
    List<Runnable> changes = nameChanges.remove(folder);
    if (changes != null) {
      changes.forEach(Runnable::run);
    }
  }

  @Override
  public void makeReadOnly(Path file) {
    call();
  }

  @Override
  public long usableBytes(Path folder) {
    return SIZE;
  }

  @Override
  public long totalBytes(Path folder) {
    return SIZE;
  }

  private final class Handle implements OpenFile {
    private final Node node;

    Handle(Node node) {
      this.node = node;
    }

    @Override
    public int read(ByteBuffer bytes, long position) {
      call();
      if (position >= node.cache.length) {
        return -1;
      }
      int count = (int) Math.min(bytes.remaining(), node.cache.length - position);
      bytes.put(node.cache, (int) position, count);
      return count;
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
      call();
      boolean fails = failingWrites > 0;
      byte[] written = new byte[fails ? bytes.remaining() / 2 : bytes.remaining()];
      bytes.get(written);
      change(new Change(position, written));
      if (fails) {
        failingWrites--;
        throw new IOException("No space left on device");
      }
    }

    private void change(Change change) {
      node.cache = applied(node.cache, change);
      node.changes.add(change);
    }

    @Override
    public long size() {
      call();
      return node.cache.length;
    }

    @Override
    public void truncate(long size) {
      call();
      if (size < node.cache.length) {
        change(new Change(size, null));
      }
    }

    @Override
    public void sync() throws IOException {
      call();
      if (failingSyncs > 0 && soundSyncs-- <= 0) {
        failingSyncs--;
        byte[] disk = node.disk;
        for (Change change : node.changes) {
          disk = random.nextBoolean() ? applied(disk, change) : disk;
        }
        node.disk = disk;
        node.changes.clear();
        throw new IOException("Input/output error");
      }
      for (Change change : node.changes) {
        node.disk = applied(node.disk, change);
      }
      node.changes.clear();
    }

    @Override
    public void close() {
      // Closing brings nothing to the disk.
    }
  }
}
