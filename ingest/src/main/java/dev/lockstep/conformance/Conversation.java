package dev.lockstep.conformance;

import dev.lockstep.wire.ErrorCode;
import dev.lockstep.wire.Hello;
import dev.lockstep.wire.HelloParser;
import dev.lockstep.wire.RefusedException;
import dev.lockstep.wire.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// One connection of a client, from the server's side, and what the server holds of each part.
final class Conversation implements AutoCloseable {
  /// How long a client may take for anything.
  static final int PATIENCE_MILLIS = 20_000;

  static final long MAX_RECORD_BYTES = 256L << 20;
  static final long ACK_MILLIS = 20;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] expected;
  private final Hello hello;

  /// Reads the hello.
  ///
  /// @param expected what the client's file holds
  /// @throws Misbehaviour if it is none, or does not fit `expected`
  Conversation(Socket socket, byte[] expected) throws IOException, Misbehaviour {
    this.socket = socket;
    this.expected = expected;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
    out = socket.getOutputStream();
    hello = readHello();
  }

  private Hello readHello() throws IOException, Misbehaviour {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new Misbehaviour("hello line: ended after " + line.size() + " bytes");
      }
      if (line.size() >= Hello.MAX_LINE_BYTES) {
        throw new Misbehaviour("hello line: more than " + Hello.MAX_LINE_BYTES + " bytes");
      }
      line.write(next);
    }
    Hello said;
    try {
      said = HelloParser.parse(line.toByteArray());
    } catch (RefusedException e) {
      throw new Misbehaviour(String.valueOf(e.getMessage()));
    }
    if (said.mode() != Hello.Mode.SPOOL) {
      throw new Misbehaviour("mode: live (expected spool: the suite tests resuming)");
    }
    Long size = said.sizeBytes();
    if (size != null && size != expected.length) {
      throw new Misbehaviour("size: " + size + " (expected " + expected.length + ")");
    }
    if (said.offset() > expected.length) {
      throw new Misbehaviour(
          "offset: " + said.offset() + " (the file has " + expected.length + ")");
    }
    Integer tail = said.tailCrc32c();
    if (tail != null && tail != tail(said.offset())) {
      throw new Misbehaviour(
          "tail_crc32c: %08x at offset %d (expected %08x)"
              .formatted(tail, said.offset(), tail(said.offset())));
    }
    return said;
  }

  Hello hello() {
    return hello;
  }

  private int tail(long offset) {
    int end = (int) offset;
    int from = Math.max(0, end - Hello.TAIL_BYTES);
    CRC32C crc = new CRC32C();
    crc.update(expected, from, end - from);
    return (int) crc.getValue();
  }

  /// Says that the client goes on at `durable`.
  void ok(int part, long durable) throws IOException {
    say(Reply.ok(part, durable, tail(durable), MAX_RECORD_BYTES, ACK_MILLIS));
  }

  /// The same with a checksum that does not fit.
  void okWithOtherBytes(int part, long durable) throws IOException {
    say(Reply.ok(part, durable, ~tail(durable), MAX_RECORD_BYTES, ACK_MILLIS));
  }

  void ack(int part, long durable) throws IOException {
    say(Reply.ack(part, durable));
  }

  void done(int part) throws IOException {
    try {
      byte[] sha = MessageDigest.getInstance("SHA-256").digest(expected);
      say(Reply.done(part, expected.length, true, HexFormat.of().formatHex(sha), "clean"));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void error(ErrorCode code, int part, long durable) throws IOException {
    say(new RefusedException(code, "said by the conformance suite").about(part, durable).line());
  }

  /// The same, worth another try after a second.
  void errorForASecond(ErrorCode code) throws IOException {
    say(
        ("{\"t\":\"err\",\"code\":\""
                + code.label()
                + "\",\"retry_after_s\":1,\"msg\":\"said by the conformance suite\"}\n")
            .getBytes(StandardCharsets.UTF_8));
  }

  void say(byte[] line) throws IOException {
    out.write(line);
    out.flush();
  }

  /// Receives bytes `from` to `to` of the file.
  ///
  /// @throws Misbehaviour if others come, or too few
  void receive(long from, long to) throws IOException, Misbehaviour {
    byte[] piece = new byte[1 << 16];
    long at = from;
    while (at < to) {
      int count = in.read(piece, 0, (int) Math.min(piece.length, to - at));
      if (count < 0) {
        throw new Misbehaviour("bytes end at " + at + " (expected up to " + to + ")");
      }
      int differs = Arrays.mismatch(piece, 0, count, expected, (int) at, (int) at + count);
      if (differs >= 0) {
        throw new Misbehaviour("byte " + (at + differs) + " is not that of the file");
      }
      at += count;
    }
  }

  /// Waits until the client ends the connection; what still comes is thrown away.
  void awaitEnd() throws IOException {
    byte[] piece = new byte[1 << 16];
    socket.shutdownOutput();
    while (in.read(piece) >= 0) {
      // Sent before it read the line.
    }
  }

  /// Breaks the connection, as a network does.
  void drop() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
