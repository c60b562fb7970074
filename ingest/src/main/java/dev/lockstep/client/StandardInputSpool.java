package dev.lockstep.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Copies a stream to a file as fast as the disk takes it, so that its writer never waits for a
/// network.
public final class StandardInputSpool implements AutoCloseable {
  private static final int PIECE_BYTES = 256 << 10;

  private final Path file;
  private final FileChannel out;
  private volatile boolean whole;
  private volatile @Nullable IOException failure;

  private StandardInputSpool(Path file, FileChannel out) {
    this.file = file;
    this.out = out;
  }

  /// Moves what an earlier run left in `file` aside, since the server may not have it yet.
  ///
  /// @return everything that was left, oldest first: `file` with a number behind its name
  /// @throws IOException if the folder cannot be read, or a file cannot be moved
  public static List<Path> setAside(Path file) throws IOException {
    TreeMap<Integer, Path> left = new TreeMap<>();
    Pattern names = Pattern.compile(Pattern.quote(file.getFileName() + ".") + "([1-9][0-9]{0,8})");
    try (Stream<Path> siblings = Files.list(file.toAbsolutePath().getParent())) {
      siblings.forEach(each -> {
        Matcher name = names.matcher(String.valueOf(each.getFileName()));
        if (name.matches()) {
          left.put(Integer.parseInt(name.group(1)), each);
        }
      });
    }
    if (Files.exists(file) && Files.size(file) > 0) {
      int number = left.isEmpty() ? 1 : left.lastKey() + 1;
      left.put(number, Files.move(file, file.resolveSibling(file.getFileName() + "." + number)));
    }
    return List.copyOf(left.values());
  }

  /// Begins to copy `in` to `file`, which is replaced.
  ///
  /// @throws IOException if the file cannot be made
  public static StandardInputSpool start(InputStream in, Path file) throws IOException {
    FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    StandardInputSpool spool = new StandardInputSpool(file, out);
    Thread.ofPlatform().name("lockstep-spool").daemon().start(() -> spool.copy(in));
    return spool;
  }

  private void copy(InputStream in) {
    byte[] piece = new byte[PIECE_BYTES];
    try {
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        ByteBuffer bytes = ByteBuffer.wrap(piece, 0, count);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
    } catch (IOException e) {
      failure = e;
    } finally {
      whole = true;
    }
  }

  /// The file.
  public Path file() {
    return file;
  }

  /// Whether nothing will be added any more.
  public boolean isWhole() {
    return whole;
  }

  /// Why copying ended early, or null.
  public @Nullable IOException failure() {
    return failure;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
