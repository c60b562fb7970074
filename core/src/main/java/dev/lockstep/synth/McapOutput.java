package dev.lockstep.synth;

import dev.lockstep.source.mcap.McapWriter;
import dev.lockstep.synth.encode.Schema;
import dev.lockstep.synth.fault.StreamSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes a recording as an MCAP file: streams are channels, equal schemas are written once.
public final class McapOutput implements RecordingOutput {
  private static final String LIBRARY = "lockstep-synth";

  private final McapWriter writer;
  private final List<Schema> schemas = new ArrayList<>();
  private int streams;

  /// Creates or replaces a file.
  ///
  /// @throws IOException if it cannot be written
  public McapOutput(Path path, McapSettings settings) throws IOException {
    writer = McapWriter.create(path, settings.options().withLibrary(LIBRARY));
  }

  @Override
  public int stream(StreamSpec spec) {
    Schema schema = spec.schema();
    writer.channel(
        schema.name().isEmpty() ? 0 : schemaId(schema),
        spec.topic(),
        schema.messageEncoding(),
        new TreeMap<>(spec.metadata()));
    return streams++;
  }

  private int schemaId(Schema schema) {
    for (int i = 0; i < schemas.size(); i++) {
      if (schemas.get(i).definesSame(schema)) {
        return i + 1;
      }
    }
    schemas.add(schema);
    return writer.schema(schema.name(), schema.encoding(), schema.data());
  }

  /// The writer counts channels from 1.
  private static int channel(int stream) {
    return stream + 1;
  }

  @Override
  public void message(
      int stream, int sequence, long logTimeNs, long publishTimeNs, ByteBuffer payload)
      throws IOException {
    writer.message(channel(stream), sequence, logTimeNs, publishTimeNs, payload);
  }

  @Override
  public void attachment(
      long logTimeNs, long createTimeNs, String name, String mediaType, byte[] data)
      throws IOException {
    writer.attachment(name, mediaType, logTimeNs, createTimeNs, data);
  }

  @Override
  public void metadata(String name, Map<String, String> texts) throws IOException {
    writer.metadata(name, new TreeMap<>(texts));
  }

  @Override
  public long finish() throws IOException {
    for (int stream = 0; stream < streams; stream++) {
      writer.define(channel(stream));
    }
    writer.close();
    return writer.writtenBytes();
  }

  @Override
  public void close() throws IOException {
    writer.abandon();
  }
}
