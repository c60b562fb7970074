package dev.lockstep.bench.ingest;

import dev.lockstep.wire.ServerLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// One plain connection to a server on this machine.
final class Line implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;
  private static final int TAIL_BYTES = 64 << 10;

  private final Socket socket;
  private final BufferedReader lines;

  Line(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  /// Says hello and reads the answer.
  ServerLine hello(String session, String mode, long offset, byte[] content, String more)
      throws IOException {
    String tail = offset == 0 ? "" : ",\"tail_crc32c\":\"" + tail(content, (int) offset) + "\"";
    String place = mode.equals("live") ? "" : ",\"offset\":" + offset + tail;
    String hello =
        "MCAPIN/1 {\"session\":\"%s\",\"stream\":\"all\",\"mode\":\"%s\"%s%s}%n"
            .formatted(session, mode, place, more);
    send(hello.getBytes(StandardCharsets.UTF_8));
    return next();
  }

  static String tail(byte[] content, int offset) {
    int from = Math.max(0, offset - TAIL_BYTES);
    CRC32C crc = new CRC32C();
    crc.update(content, from, offset - from);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void send(byte[] bytes, int from, int count) throws IOException {
    socket.getOutputStream().write(bytes, from, count);
  }

  /// The next line.
  ///
  /// @throws IOException also at the end
  ServerLine next() throws IOException {
    ServerLine line = nextOrNull();
    if (line == null) {
      throw new IOException("connection ended");
    }
    return line;
  }

  /// The next line, or null at the end.
  @Nullable ServerLine nextOrNull() throws IOException {
    String line = lines.readLine();
    return line == null ? null : ServerLine.parse(line);
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
