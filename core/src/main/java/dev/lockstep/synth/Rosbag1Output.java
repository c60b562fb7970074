package dev.lockstep.synth;

import dev.lockstep.codec.Lz4FrameEncoder;
import dev.lockstep.source.rosbag1.BagRecords;
import dev.lockstep.synth.fault.StreamSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/// Writes a recording as a bag of ROS 1. Streams whose messages have no form in ROS 1 are left out,
/// as are attachments and metadata.
public final class Rosbag1Output implements RecordingOutput {
  private static final int MESSAGE = 2;
  private static final int BAG_HEADER = 3;
  private static final int INDEX_DATA = 4;
  private static final int CHUNK = 5;
  private static final int CHUNK_INFO = 6;
  private static final int CONNECTION = 7;
  private static final int BAG_HEADER_BYTES = 4096;

  private final FileChannel file;
  private final String compression;
  private final int chunkBytes;
  private final List<StreamSpec> streams = new ArrayList<>();
  private final List<byte[]> infos = new ArrayList<>();
  private final List<Integer> connections = new ArrayList<>();
  private final Map<Integer, List<long[]>> index = new TreeMap<>();
  private ByteArrayOutputStream chunk = new ByteArrayOutputStream();
  private long firstNs = Long.MAX_VALUE;
  private long lastNs = Long.MIN_VALUE;
  private long position;

  /// Creates or replaces a bag.
  ///
  /// @param compression `none`, `lz4` or `bz2`
  /// @param chunkBytes content after which a chunk is ended
  /// @throws IOException if it cannot be written
  public Rosbag1Output(Path path, String compression, int chunkBytes) throws IOException {
    this.compression = compression;
    this.chunkBytes = chunkBytes;
    file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    append("#ROSBAG V2.0\n".getBytes(StandardCharsets.US_ASCII));
    append(bagHeader(0));
  }

  private void append(byte[] bytes) throws IOException {
    write(position, bytes);
    position += bytes.length;
  }

  private void write(long at, byte[] bytes) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining()) {
      at += file.write(out, at);
    }
  }

  private byte[] bagHeader(long indexPos) {
    BagRecords header =
        new BagRecords(BAG_HEADER)
            .field("index_pos", BagRecords.u64(indexPos))
            .field("conn_count", BagRecords.u32(connections.size()))
            .field("chunk_count", BagRecords.u32(infos.size()));
    int padding = BAG_HEADER_BYTES - header.record(new byte[0]).length;
    return header.record(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
  }

  private byte[] connection(int conn) {
    StreamSpec stream = streams.get(conn);
    byte[] topic = stream.topic().getBytes(StandardCharsets.UTF_8);
    byte[] definition = Ros1Payloads.definition(stream.schema()).getBytes(StandardCharsets.UTF_8);
    BagRecords data =
        new BagRecords()
            .field("topic", topic)
            .field("type", Ros1Payloads.type(stream.schema()).getBytes(StandardCharsets.UTF_8))
            .field("md5sum", digest(definition))
            .field("message_definition", definition);
    return new BagRecords(CONNECTION)
        .field("conn", BagRecords.u32(conn))
        .field("topic", topic)
        .record(data.fields());
  }

  /// A digest in the place of the one that ROS computes of the definition.
  private static byte[] digest(byte[] definition) {
    try {
      byte[] md5 = MessageDigest.getInstance("MD5").digest(definition);
      return HexFormat.of().formatHex(md5).getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int stream(StreamSpec spec) {
    streams.add(spec);
    return streams.size() - 1;
  }

  @Override
  public void message(
      int stream, int sequence, long logTimeNs, long publishTimeNs, ByteBuffer payload)
      throws IOException {
    if (!Ros1Payloads.fits(streams.get(stream).schema())) {
      return;
    }
    byte[] cdr = new byte[payload.remaining()];
    payload.duplicate().get(cdr);
    byte[] data = Ros1Payloads.turn(streams.get(stream).schema(), sequence, cdr);
    if (data == null) {
      throw new IOException("message without a form in ROS 1: " + streams.get(stream).topic());
    }
    if (!connections.contains(stream)) {
      connections.add(stream);
      chunk.writeBytes(connection(stream));
    }
    index
        .computeIfAbsent(stream, conn -> new ArrayList<>())
        .add(new long[] {logTimeNs, chunk.size()});
    chunk.writeBytes(
        new BagRecords(MESSAGE)
            .field("conn", BagRecords.u32(stream))
            .field("time", BagRecords.time(logTimeNs))
            .record(data));
    firstNs = Math.min(firstNs, logTimeNs);
    lastNs = Math.max(lastNs, logTimeNs);
    if (chunk.size() >= chunkBytes) {
      endChunk();
    }
  }

  private void endChunk() throws IOException {
    if (index.isEmpty()) {
      return;
    }
    byte[] content = chunk.toByteArray();
    ByteArrayOutputStream counts = new ByteArrayOutputStream();
    index.forEach((conn, entries) -> {
      counts.writeBytes(BagRecords.u32(conn));
      counts.writeBytes(BagRecords.u32(entries.size()));
    });
    infos.add(
        new BagRecords(CHUNK_INFO)
            .field("ver", BagRecords.u32(1))
            .field("chunk_pos", BagRecords.u64(position))
            .field("start_time", BagRecords.time(firstNs))
            .field("end_time", BagRecords.time(lastNs))
            .field("count", BagRecords.u32(index.size()))
            .record(counts.toByteArray()));
    append(
        new BagRecords(CHUNK)
            .field("compression", compression.getBytes(StandardCharsets.US_ASCII))
            .field("size", BagRecords.u32(content.length))
            .record(compressed(content)));
    for (Map.Entry<Integer, List<long[]>> each : index.entrySet()) {
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      for (long[] entry : each.getValue()) {
        data.writeBytes(BagRecords.time(entry[0]));
        data.writeBytes(BagRecords.u32((int) entry[1]));
      }
      append(
          new BagRecords(INDEX_DATA)
              .field("ver", BagRecords.u32(1))
              .field("conn", BagRecords.u32(each.getKey()))
              .field("count", BagRecords.u32(each.getValue().size()))
              .record(data.toByteArray()));
    }
    index.clear();
    chunk = new ByteArrayOutputStream();
    firstNs = Long.MAX_VALUE;
    lastNs = Long.MIN_VALUE;
  }

  private byte[] compressed(byte[] content) throws IOException {
    return switch (compression) {
      case "lz4" -> lz4(content);
      case "bz2" -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BZip2CompressorOutputStream bz2 = new BZip2CompressorOutputStream(out)) {
          bz2.write(content);
        }
        yield out.toByteArray();
      }
      default -> content;
    };
  }

  private static byte[] lz4(byte[] content) {
    try (Lz4FrameEncoder encoder = new Lz4FrameEncoder(Lz4FrameEncoder.Options.DEFAULT)) {
      byte[] frame = new byte[(int) encoder.maxCompressedBytes(content.length)];
      long length = encoder.compress(MemorySegment.ofArray(content), MemorySegment.ofArray(frame));
      return Arrays.copyOf(frame, (int) length);
    }
  }

  @Override
  public void attachment(
      long logTimeNs, long createTimeNs, String name, String mediaType, byte[] data) {
    // No place in a bag.
  }

  @Override
  public void metadata(String name, Map<String, String> texts) {
    // No place in a bag.
  }

  @Override
  public long finish() throws IOException {
    endChunk();
    long indexPos = position;
    for (int conn : connections) {
      append(connection(conn));
    }
    for (byte[] info : infos) {
      append(info);
    }
    write(13, bagHeader(indexPos));
    file.close();
    return position;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
