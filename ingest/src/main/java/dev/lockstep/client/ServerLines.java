package dev.lockstep.client;

import dev.lockstep.wire.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the lines of a server, none longer than the protocol allows.
final class ServerLines {
  private final InputStream in;
  private final byte[] piece = new byte[8192];
  private byte[] line = new byte[256];
  private int at;
  private int end;

  ServerLines(InputStream in) {
    this.in = in;
  }

  /// The next line without its line feed, or null at the end.
  @Nullable String next() throws IOException {
    int length = 0;
    while (true) {
      if (at == end) {
        end = in.read(piece);
        at = 0;
        if (end < 0) {
          end = 0;
          return null;
        }
        continue;
      }
      byte next = piece[at++];
      if (next == '\n') {
        return new String(line, 0, length, StandardCharsets.UTF_8);
      }
      if (length == Reply.MAX_LINE_BYTES) {
        throw new IOException("line of the server: more than " + length + " bytes");
      }
      if (length == line.length) {
        line = Arrays.copyOf(line, length * 2);
      }
      line[length++] = next;
    }
  }
}
