package dev.lockstep.synth;

import dev.lockstep.synth.encode.LabelCoding;
import dev.lockstep.synth.encode.Schema;
import dev.lockstep.synth.fault.StreamSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Passes a recording on to another output, with its labels in another coding.
public final class RecodedLabels extends ForwardingOutput {
  private final LabelCoding coding;

  /// Whether the messages of each stream are turned.
  private final List<Boolean> turned = new ArrayList<>();

  /// @param out is finished and closed with this one
  public RecodedLabels(RecordingOutput out, LabelCoding coding) {
    super(out);
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
}
