package dev.lockstep.session;

import dev.lockstep.wire.ErrorCode;
import dev.lockstep.wire.Hello;
import dev.lockstep.wire.RefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The first line of a connection, in as many pieces as it comes in. Takes as much memory as the
/// line is long.
final class HelloLine {
  private static final byte[] GREETING = (Hello.PROTOCOL + " ").getBytes(StandardCharsets.US_ASCII);

  private byte[] line = new byte[256];
  private int count;

  /// Takes bytes up to the end of the line.
  ///
  /// @return the whole line without its end, once; null where it goes on
  /// @throws RefusedException at the first byte that no hello line can have
  byte @Nullable [] take(ByteBuffer bytes) throws RefusedException {
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (next == '\n') {
        byte[] whole = Arrays.copyOf(line, count);
        line = new byte[0];
        return whole;
      }
      if (count < GREETING.length && next != GREETING[count]) {
        // Said at once: whoever speaks TLS or HTTP waits for an answer and sends no line.
        throw new RefusedException(
            ErrorCode.MALFORMED, "first bytes: not \"" + Hello.PROTOCOL + " \", at byte " + count);
      }
      if (count == Hello.MAX_LINE_BYTES - 1) {
        throw new RefusedException(
            ErrorCode.LIMIT, "hello line: more than " + Hello.MAX_LINE_BYTES + " bytes");
      }
      if (count == line.length) {
        line = Arrays.copyOf(line, Math.min(line.length * 2, Hello.MAX_LINE_BYTES));
      }
      line[count++] = next;
    }
    return null;
  }
}
