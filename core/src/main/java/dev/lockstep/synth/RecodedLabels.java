package dev.lockstep.synth;

import dev.lockstep.synth.encode.LabelCoding;
import dev.lockstep.synth.encode.Schema;
import dev.lockstep.synth.fault.StreamSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Passes a recording on to another output, with its labels in another coding.
public final class RecodedLabels implements RecordingOutput {
  private final RecordingOutput out;
  private final LabelCoding coding;

  /// Whether the messages of each stream are turned.
  private final List<Boolean> turned = new ArrayList<>();

  /// @param out is finished and closed with this one
  public RecodedLabels(RecordingOutput out, LabelCoding coding) {
    this.out = out;
    this.coding = coding;
  }

  @Override
  public int stream(StreamSpec spec) throws IOException {
    Schema schema = coding.schema(spec.schema());
    turned.add(!schema.definesSame(spec.schema()));
    return out.stream(new StreamSpec(spec.topic(), schema, spec.metadata()));
  }

  @Override
  public void message(
      int stream, int sequence, long logTimeNs, long publishTimeNs, ByteBuffer payload)
      throws IOException {
    if (!turned.get(stream)) {
      out.message(stream, sequence, logTimeNs, publishTimeNs, payload);
      return;
    }
    byte[] json = new byte[payload.remaining()];
    payload.duplicate().get(json);
    out.message(stream, sequence, logTimeNs, publishTimeNs, ByteBuffer.wrap(coding.encode(json)));
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
