package dev.lockstep.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What a format may look at to recognise a path: its name, its first bytes, the names in it. Read
/// once and shared by all formats.
public final class Probe {
  /// Bytes of a file that are read for probing.
  public static final int HEAD_BYTES = 4096;

  private final Path path;
  private final boolean directory;
  private final byte[] head;
  private final List<String> children;

  private Probe(Path path, boolean directory, byte[] head, List<String> children) {
    this.path = path;
    this.directory = directory;
    this.head = head;
    this.children = children;
  }

  /// Looks at `path`.
  ///
  /// @throws IOException if it does not exist or may not be read
  public static Probe of(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      List<String> names = new ArrayList<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
        for (Path entry : entries) {
          names.add(String.valueOf(entry.getFileName()));
        }
      }
      Collections.sort(names);
      return new Probe(path, true, new byte[0], List.copyOf(names));
    }
    // To open a pipe waits for somebody to write.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new FileSystemException(path.toString(), null, "neither a file nor a folder");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return new Probe(path, false, in.readNBytes(HEAD_BYTES), List.of());
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new FileSystemException(path.toString(), null, e.getMessage());
    }
  }

  /// The path itself.
  public Path path() {
    return path;
  }

  /// Last part of the path.
  public String fileName() {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  /// Whether the path is a folder.
  public boolean isDirectory() {
    return directory;
  }

  /// First bytes of a file, at most [#HEAD_BYTES]; empty for a folder.
  public byte[] head() {
    return head.clone();
  }

  /// Whether a file begins with `prefix`.
  public boolean startsWith(byte... prefix) {
    if (head.length < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (head[i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  /// Names in a folder, sorted; empty for a file.
  public List<String> children() {
    return children;
  }

  /// Whether a folder holds an entry of that name.
  public boolean hasChild(String name) {
    return Collections.binarySearch(children, name) >= 0;
  }
}
