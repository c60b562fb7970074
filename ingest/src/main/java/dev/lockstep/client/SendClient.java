package dev.lockstep.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.wire.Hello;
import dev.lockstep.wire.ServerLine;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// Sends one file and does not give up before the server has sealed it: reconnects, resumes at the
/// server's durable byte after comparing checksums, opens a new part where the bytes differ.
public final class SendClient {
  /// The verdict where a stream ended without its footer: the server has every byte of the part,
  /// and judges it when its client does not come back.
  public static final String UNFINISHED = "unfinished";

  private static final JsonFactory JSON = new JsonFactory();
  private static final int PIECE_BYTES = 256 << 10;

  /// So much at once where nothing is copied: whether to stop is asked in between.
  private static final long TRANSFER_BYTES = 4L << 20;

  private static final int CONNECT_MILLIS = 10_000;

  /// How long nothing may come while an answer is due. Longer than a server waits for a sync.
  private static final int ANSWER_MILLIS = 60_000;

  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;
  private static final long GROWTH_POLL_MILLIS = 20;
  private static final long NS_PER_MILLI = 1_000_000L;

  private final SendOptions options;
  private final SendListener listener;
  private @Nullable Integer part;
  private volatile long durable;
  private volatile long progressNs;

  /// What became of the file.
  ///
  /// @param part number of its part
  /// @param bytes length of the part
  /// @param complete whether it ended as it should
  /// @param sha256 of the part
  /// @param verdict of the checks
  public record Sent(int part, long bytes, boolean complete, String sha256, String verdict) {}

  /// A client for one file.
  public SendClient(SendOptions options, SendListener listener) {
    this.options = options;
    this.listener = listener;
    this.part = options.part();
  }

  /// Sends `file` until the server has sealed it.
  ///
  /// @throws IOException if the file cannot be read, the server refuses it for good, or nothing
  ///   becomes durable for longer than the patience allows
  public Sent send(Path file) throws IOException {
    return send(file, () -> !options.growing());
  }

  /// Sends `file` while it grows.
  ///
  /// @param whole whether no more will be written to it
  /// @throws IOException as above
  public Sent send(Path file, BooleanSupplier whole) throws IOException {
    progressNs = System.nanoTime();
    long pause = FIRST_PAUSE_MILLIS;
    try (FileChannel spool = FileChannel.open(file, StandardOpenOption.READ)) {
      while (true) {
        long before = durable;
        String problem;
        long wait = 0;
        try {
          ServerLine end = attempt(spool, whole);
          if (end.type().equals("done")) {
            return new Sent(end.part(), end.durable(), end.complete(), end.sha256(), end.verdict());
          }
          problem = end.code() + ": " + end.message();
          wait = retryAfter(end);
        } catch (SendFailedException e) {
          throw e;
        } catch (IOException e) {
          Integer unfinished = part;
          if (unfinished != null
              && options.growing()
              && whole.getAsBoolean()
              && durable > 0
              && durable == spool.size()) {
            // Its writer ended without a footer: nothing more will come, and nothing is lost.
            return new Sent(unfinished, durable, false, "", UNFINISHED);
          }
          problem = options.server() + ": " + (e.getMessage() == null ? e : e.getMessage());
        }
        if (durable > before) {
          pause = FIRST_PAUSE_MILLIS;
        }
        long idle = (System.nanoTime() - progressNs) / NS_PER_MILLI;
        if (idle > options.patience().toMillis()) {
          throw new SendFailedException(problem + " (gave up after " + idle + " ms)");
        }
        listener.note(problem + "; trying again");
        sleep(Math.max(wait, pause / 2 + ThreadLocalRandom.current().nextLong(pause)));
        pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  /// What an `err` line asks for: milliseconds to wait before the next attempt.
  private long retryAfter(ServerLine error) throws SendFailedException {
    switch (error.code()) {
      case "diverged" -> {
        part = error.part() + 1;
        durable = 0;
        return 0;
      }
      case "gap" -> {
        durable = Math.max(0, error.durable());
        return 0;
      }
      case "quota", "storage" -> {
        return Math.min(
            error.retryAfterSeconds() * 1000L, Math.max(1, options.patience().toMillis() / 4));
      }
      default ->
          throw new SendFailedException(
              "the server refuses: " + error.code() + ": " + error.message());
    }
  }

  /// One connection; ends with `done` or `err`.
  private ServerLine attempt(FileChannel spool, BooleanSupplier whole) throws IOException {
    Socket socket = socket();
    AtomicBoolean ended = new AtomicBoolean();
    Thread writer = null;
    try {
      socket.connect(options.server(), CONNECT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(ANSWER_MILLIS);
      OutputStream out = socket.getOutputStream();
      ServerLines lines = new ServerLines(socket.getInputStream());
      out.write(hello(spool));
      out.flush();
      ServerLine answer = next(lines);
      if (answer.type().equals("done") && !isSealed(spool, answer)) {
        throw otherBytes(answer);
      }
      if (!answer.type().equals("ok")) {
        return answer;
      }
      if (spool.size() < answer.durable()
          || (answer.tailCrc32c() != null
              && answer.tailCrc32c() != tailCrc(spool, answer.durable()))) {
        throw otherBytes(answer);
      }
      part = answer.part();
      progressed(answer.durable(), spool.size());
      long from = answer.durable();
      writer =
          Thread.ofPlatform()
              .name("lockstep-send")
              .daemon()
              .start(() -> write(spool, from, out, socket, whole, ended));
      return follow(lines, spool, ended);
    } finally {
      ended.set(true);
      socket.close();
      if (writer != null) {
        join(writer);
      }
    }
  }

  /// Without TLS one with a channel, to which the system hands a file without copies.
  private Socket socket() throws IOException {
    return options.sockets() instanceof SSLSocketFactory tls
        ? tls.createSocket()
        : SocketChannel.open().socket();
  }

  private IOException otherBytes(ServerLine answer) {
    listener.note("the server holds other bytes in part " + answer.part());
    part = answer.part() + 1;
    durable = 0;
    return new IOException("opening part " + part);
  }

  /// Whether what was sealed before is this file, and not one that was sent under its name.
  private static boolean isSealed(FileChannel spool, ServerLine done) throws IOException {
    if (spool.size() != done.durable()) {
      return false;
    }
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
      for (long at = 0; spool.read(piece.clear(), at) > 0; at += piece.limit()) {
        sha.update(piece.flip());
      }
      return HexFormat.of().formatHex(sha.digest()).equals(done.sha256());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private ServerLine follow(ServerLines lines, FileChannel spool, AtomicBoolean ended)
      throws IOException {
    while (true) {
      ServerLine line;
      try {
        line = next(lines);
      } catch (java.net.SocketTimeoutException e) {
        // A long silence is in order while checks catch up, or while nothing is there to send.
        if (durable < spool.size() || ended.get()) {
          throw e;
        }
        continue;
      }
      switch (line.type()) {
        case "ack" -> progressed(line.durable(), spool.size());
        case "done", "err" -> {
          return line;
        }
        default -> {}
      }
    }
  }

  private ServerLine next(ServerLines lines) throws IOException {
    while (true) {
      String text = lines.next();
      if (text == null) {
        throw new IOException("the server closed the connection");
      }
      ServerLine line = ServerLine.parse(text);
      if (!line.type().equals("finding")) {
        return line;
      }
      listener.finding(text);
    }
  }

  private void progressed(long bytes, long known) {
    if (bytes > durable) {
      progressNs = System.nanoTime();
    }
    durable = bytes;
    listener.progress(bytes, known);
  }

  private void write(
      FileChannel spool,
      long from,
      OutputStream out,
      Socket socket,
      BooleanSupplier whole,
      AtomicBoolean ended) {
    long at = from;
    try {
      Piece next = piece(out, socket.getChannel());
      while (!ended.get()) {
        boolean last = whole.getAsBoolean();
        long count = next.send(spool, at);
        if (count > 0) {
          at += count;
        } else if (last && at >= spool.size()) {
          out.flush();
          if (options.growing()) {
            socket.shutdownOutput();
          }
          return;
        } else {
          sleep(GROWTH_POLL_MILLIS);
        }
      }
    } catch (IOException | UnsupportedOperationException e) {
      // The reader sees the end of the connection, and the line that explains it.
      ended.set(true);
    }
  }

  /// Sends some of a file.
  private interface Piece {
    /// @return how many bytes from `at` on were sent; none or less at the end of the file
    long send(FileChannel spool, long at) throws IOException;
  }

  private static Piece piece(OutputStream out, @Nullable SocketChannel channel) {
    if (channel != null) {
      return (spool, at) -> spool.transferTo(at, TRANSFER_BYTES, channel);
    }
    byte[] piece = new byte[PIECE_BYTES];
    return (spool, at) -> {
      int count = spool.read(ByteBuffer.wrap(piece), at);
      out.write(piece, 0, Math.max(0, count));
      return count;
    };
  }

  private byte[] hello(FileChannel spool) throws IOException {
    StringWriter text = new StringWriter();
    text.write(Hello.PROTOCOL + " ");
    long offset = Math.min(durable, spool.size());
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("session", options.session());
      json.writeStringField("stream", options.stream());
      if (options.token() != null) {
        json.writeStringField("token", options.token());
      }
      json.writeStringField("mode", "spool");
      json.writeNumberField("offset", offset);
      if (offset > 0) {
        json.writeStringField("tail_crc32c", HexFormat.of().toHexDigits(tailCrc(spool, offset)));
      }
      if (part != null) {
        json.writeNumberField("part", part);
      }
      if (!options.growing()) {
        json.writeNumberField("size", spool.size());
      }
      if (options.findings()) {
        json.writeStringField("subscribe", "findings");
      }
      json.writeEndObject();
    }
    text.write('\n');
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static int tailCrc(FileChannel spool, long offset) throws IOException {
    ByteBuffer tail = ByteBuffer.allocate((int) Math.min(Hello.TAIL_BYTES, offset));
    long from = offset - tail.capacity();
    while (tail.hasRemaining()) {
      if (spool.read(tail, from + tail.position()) < 0) {
        throw new IOException("the file became shorter than " + offset + " bytes");
      }
    }
    CRC32C crc = new CRC32C();
    crc.update(tail.flip());
    return (int) crc.getValue();
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
