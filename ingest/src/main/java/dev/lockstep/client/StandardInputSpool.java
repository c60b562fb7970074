package dev.lockstep.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
