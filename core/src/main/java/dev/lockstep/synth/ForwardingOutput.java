package dev.lockstep.synth;

import dev.lockstep.synth.fault.StreamSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/// Passes a recording on to another output as it is. Who changes a part of it overrides what hands
/// that over.
public abstract class ForwardingOutput implements RecordingOutput {
  /// Where it goes; finished and closed with this one.
  protected final RecordingOutput out;

  /// @param out is finished and closed with this one
  protected ForwardingOutput(RecordingOutput out) {
    this.out = out;
  }

  @Override
  public int stream(StreamSpec spec) throws IOException {
    return out.stream(spec);
  }

  @Override
  public void message(
      int stream, int sequence, long logTimeNs, long publishTimeNs, ByteBuffer payload)
      throws IOException {
    out.message(stream, sequence, logTimeNs, publishTimeNs, payload);
  }

  @Override
  public void attachment(
      long logTimeNs, long createTimeNs, String name, String mediaType, byte[] data)
      throws IOException {
    out.attachment(logTimeNs, createTimeNs, name, mediaType, data);
  }

  @Override
  public void metadata(String name, Map<String, String> texts) throws IOException {
    out.metadata(name, texts);
  }

  @Override
  public long finish() throws IOException {
    return out.finish();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
