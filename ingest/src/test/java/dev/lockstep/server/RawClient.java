package dev.lockstep.server;

import dev.lockstep.wire.ServerLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// One connection, line by line and byte by byte.
final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  final Socket socket;
  private final BufferedReader lines;

  RawClient(InetSocketAddress server) throws IOException {
    this(new Socket(server.getAddress(), server.getPort()));
  }

  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  /// Says hello with the fields of `json`, and reads the answer.
  ServerLine hello(String json) throws IOException {
    send(("MCAPIN/1 {" + json + "}\n").getBytes(StandardCharsets.UTF_8));
    return line();
  }

  static String spool(String session, long offset, byte[] content) {
    String tail = offset == 0 ? "" : ",\"tail_crc32c\":\"" + tail(content, (int) offset) + "\"";
    return "\"session\":\"%s\",\"stream\":\"all\",\"mode\":\"spool\",\"offset\":%d%s"
        .formatted(session, offset, tail);
  }

  static String live(String session) {
    return "\"session\":\"%s\",\"stream\":\"all\",\"mode\":\"live\"".formatted(session);
  }

  static String tail(byte[] content, int offset) {
    int from = Math.max(0, offset - (64 << 10));
    CRC32C crc = new CRC32C();
    crc.update(content, from, offset - from);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void send(byte[] bytes, int from, int to) throws IOException {
    socket.getOutputStream().write(bytes, from, to - from);
  }

  /// The next line.
  ServerLine line() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new IOException("closed");
    }
    return ServerLine.parse(line);
  }

  /// The next line that is no ack; acks are checked to grow.
  ServerLine answer() throws IOException {
    long durable = -1;
    while (true) {
      ServerLine line = line();
      if (!line.type().equals("ack")) {
        return line;
      }
      if (line.durable() <= durable) {
        throw new IOException("ack " + line.durable() + " behind " + durable);
      }
      durable = line.durable();
    }
  }

  /// Reads acks until `bytes` are durable.
  void awaitDurable(long bytes) throws IOException {
    ServerLine line = line();
    while (line.durable() < bytes) {
      line = line();
    }
  }

  /// Whether the server ends the connection and says nothing more.
  boolean isAtEnd() throws IOException {
    return lines.readLine() == null;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
