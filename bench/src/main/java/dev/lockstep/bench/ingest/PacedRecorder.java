package dev.lockstep.bench.ingest;

import dev.lockstep.source.mcap.McapWriter;
import dev.lockstep.source.mcap.McapWriterOptions;
import dev.lockstep.synth.BulkDrive;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.SynthRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A recorder that writes an MCAP file at a fixed rate, as `ros2 bag record` lays it out, and
/// measures how long each of its writes takes.
///
/// Its messages are the mix of [BulkDrive] (clouds, images, IMU), prepared beforehand and given new
/// stamps, from as many rigs as the rate needs.
public final class PacedRecorder {
  private static final int HEAD_BYTES = 9;
  private static final int MESSAGE_HEAD_BYTES = 22;

  /// Payload bytes that are prepared: about five seconds of the mix.
  private static final long PREPARED_BYTES = 180_000_000;

  /// After this time all sensors of the mix (10, 15, 30 and 200 Hz) are at the same phase again.
  private static final long COMMON_PERIOD_NS = 200_000_000;

  /// Less than half of the shortest period: jitter must not decide which messages are prepared.
  private static final long HALF_STEP_NS = 2_000_000;

  private record Message(int stream, long stampNs, long latencyNs, ByteBuffer payload) {}

  private record Topic(String name, String schema, String encoding, byte[] text) {}

  private final List<Topic> topics = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private long lengthNs;

  private PacedRecorder() {}

  /// Arguments: FILE MEGABYTES_A_SECOND SECONDS RESULT. The result is one line: `written bytes,
  /// seconds, writes, p50, p99, p99.9 and longest write in ns`.
  public static void main(String[] args) throws IOException {
    PacedRecorder recorder = new PacedRecorder();
    Path prepared = Files.createTempFile("lockstep-bulk-", ".mcap");
    try {
      SynthRun.bulk(
          prepared,
          BulkDrive.ofBytes(1, PREPARED_BYTES),
          new McapSettings("none", 4_000_000, false, false, false, ""));
      recorder.load(Files.readAllBytes(prepared));
    } finally {
      Files.delete(prepared);
    }
    String result =
        recorder.record(
            Path.of(args[0]), Long.parseLong(args[1]) * 1_000_000, Integer.parseInt(args[2]));
    Files.writeString(Path.of(args[3]), result);
  }

  private void load(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    Map<Integer, byte[][]> schemas = new HashMap<>();
    walk(file.position(8).slice().order(ByteOrder.LITTLE_ENDIAN), schemas);
    long firstNs = messages.getFirst().stampNs();
    lengthNs = (messages.getLast().stampNs() - firstNs) / COMMON_PERIOD_NS * COMMON_PERIOD_NS;
    Map<Integer, Long> firstOfNs = new HashMap<>();
    messages.removeIf(each ->
        each.stampNs() - firstOfNs.computeIfAbsent(each.stream(), id -> each.stampNs())
            >= lengthNs - HALF_STEP_NS);
    messages.replaceAll(each ->
        new Message(each.stream(), each.stampNs() - firstNs, each.latencyNs(), each.payload()));
  }

  private void walk(ByteBuffer records, Map<Integer, byte[][]> schemas) {
    while (records.remaining() > HEAD_BYTES) {
      int opcode = records.get();
      int length = (int) records.getLong();
      ByteBuffer body = records.slice(records.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      records.position(records.position() + length);
      switch (opcode) {
        case 0x03 -> {
          int id = body.getShort();
          schemas.putIfAbsent(id, new byte[][] {text(body), text(body), text(body)});
        }
        case 0x04 -> {
          int id = body.getShort();
          byte @Nullable [][] schema = schemas.get((int) body.getShort());
          if (schema != null && id > topics.size()) {
            topics.add(
                new Topic(
                    new String(text(body), StandardCharsets.UTF_8),
                    new String(schema[0], StandardCharsets.UTF_8),
                    new String(schema[1], StandardCharsets.UTF_8),
                    schema[2]));
          }
        }
        case 0x05 -> {
          int stream = body.getShort() - 1;
          long logNs = body.getLong(6);
          ByteBuffer payload =
              body.slice(MESSAGE_HEAD_BYTES, length - MESSAGE_HEAD_BYTES)
                  .order(ByteOrder.LITTLE_ENDIAN);
          // std_msgs/Header comes first in all of them: seconds, nanoseconds.
          long stampNs = payload.getInt(4) * 1_000_000_000L + payload.getInt(8);
          messages.add(new Message(stream, stampNs, logNs - stampNs, payload));
        }
        case 0x06 -> {
          body.position(28);
          text(body);
          body.getLong();
          walk(body.slice().order(ByteOrder.LITTLE_ENDIAN), schemas);
        }
        case 0x0F -> {
          return;
        }
        default -> {}
      }
    }
  }

  private static byte[] text(ByteBuffer body) {
    byte[] text = new byte[body.getInt()];
    body.get(text);
    return text;
  }

  /// A channel that notes how long each write takes.
  private static final class Timed implements WritableByteChannel {
    private final FileChannel file;
    private long[] nanos = new long[1 << 16];
    private int writes;
    private long bytes;

    Timed(FileChannel file) {
      this.file = file;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      long start = System.nanoTime();
      int written = file.write(from);
      if (writes == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * writes);
      }
      nanos[writes++] = System.nanoTime() - start;
      bytes += written;
      return written;
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private String record(Path path, long bytesPerSecond, int seconds) throws IOException {
    long payloadBytes = messages.stream().mapToLong(each -> each.payload().capacity()).sum();
    // As many rigs as bring the mix nearest to the rate at its own pace.
    int rigs = (int) Math.max(1, Math.round(bytesPerSecond / (payloadBytes * 1e9 / lengthNs)));
    Timed out =
        new Timed(FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    long startNanos = System.nanoTime();
    try (McapWriter writer = new McapWriter(out, McapWriterOptions.ROSBAG2)) {
      int[][] channels = new int[rigs][topics.size()];
      for (int rig = 0; rig < rigs; rig++) {
        for (int topic = 0; topic < topics.size(); topic++) {
          Topic each = topics.get(topic);
          int schema = writer.schema(each.schema(), each.encoding(), each.text());
          channels[rig][topic] =
              writer.channel(schema, "/rig" + rig + each.name(), "cdr", Map.of());
        }
      }
      write(writer, out, channels, bytesPerSecond, bytesPerSecond * seconds, startNanos);
    }
    double took = (System.nanoTime() - startNanos) / 1e9;
    long[] sorted = Arrays.copyOf(out.nanos, out.writes);
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%d %.3f %d %d %d %d %d",
        out.bytes,
        took,
        out.writes,
        sorted[out.writes / 2],
        sorted[(int) (out.writes * 0.99)],
        sorted[(int) (out.writes * 0.999)],
        sorted[out.writes - 1]);
  }

  private void write(
      McapWriter writer,
      Timed out,
      int[][] channels,
      long bytesPerSecond,
      long totalBytes,
      long startNanos)
      throws IOException {
    long beginNs = System.currentTimeMillis() * 1_000_000L;
    int[] counters = new int[channels.length * topics.size()];
    for (long turn = 0; out.bytes < totalBytes; turn++) {
      for (Message each : messages) {
        long stampNs = beginNs + turn * lengthNs + each.stampNs();
        each.payload().putInt(4, (int) (stampNs / 1_000_000_000L));
        each.payload().putInt(8, (int) (stampNs % 1_000_000_000L));
        for (int rig = 0; rig < channels.length; rig++) {
          int counter = rig * topics.size() + each.stream();
          writer.message(
              channels[rig][each.stream()],
              ++counters[counter],
              stampNs + each.latencyNs(),
              stampNs + 1000,
              each.payload());
        }
        long dueNanos = startNanos + (long) (out.bytes * 1e9 / bytesPerSecond);
        long early = dueNanos - System.nanoTime();
        if (early > 500_000) {
          LockSupport.parkNanos(early);
        }
        if (out.bytes >= totalBytes) {
          return;
        }
      }
    }
  }
}
