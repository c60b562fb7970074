package dev.lockstep.synth.fault;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.lockstep.synth.encode.H264Encoder;
import dev.lockstep.synth.encode.Messages;
import dev.lockstep.synth.fault.Fault.Kind;
import dev.lockstep.synth.fault.Fault.Parameter;
import dev.lockstep.synth.fault.Request.Pick;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/// Faults between the frames of a video and the clock inside of them.
final class VideoFaults {
  /// Messages in front of the fault from which a rule learns how the clocks run.
  private static final int HABIT = 20;

  static final List<Fault> ALL =
      List.of(
          new TapeFault(
              "closed-video-gap",
              Kind.PAYLOAD,
              "gives video frames a clock, by which some are missing over which the stamps close",
              List.of(new Parameter("count", "", 2)),
              VideoFaults::close));

  private VideoFaults() {}

  private static Planted close(Tape tape, Request request) {
    int count = request.count("count");
    Pick pick = request.pickStamped(tape, EnumSet.of(StreamKind.VIDEO), HABIT + 6);
    int at = request.position(pick.size(), HABIT, 4);
    int size = pick.size();
    long periodNs = (pick.get(size - 1).stampNs() - pick.get(0).stampNs()) / (size - 1);
    for (int i = 0; i < size; i++) {
      TapeRow row = pick.get(i);
      long takenNs = row.stampNs() + (i < at ? 0 : count * periodNs);
      tape.setPayload(row, timed(tape.payload(row), row.stampNs(), takenNs));
    }
    return Planted.of(count + " frames missing by the video's clock in front of message " + at)
        .at(pick.get(at), pick.get(at))
        .expect("VID010");
  }

  /// The message with a precision stamp in front of the first slice of its frame.
  private static byte[] timed(byte[] message, long stampNs, long takenNs) {
    String frameId = "";
    byte[] frame = null;
    try {
      CodedInputStream in = CodedInputStream.newInstance(message);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case 2 -> frameId = in.readStringRequireUtf8();
          case 3 -> frame = in.readByteArray();
          default -> in.skipField(tag);
        }
      }
    } catch (IOException e) {
      throw new InapplicableFaultException("video message is no CompressedVideo in protobuf");
    }
    int slice = frame == null ? -1 : slice(frame);
    if (frame == null || slice < 0) {
      throw new InapplicableFaultException("video frame without a slice of H.264");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(frame, 0, slice);
    out.writeBytes(H264Encoder.precisionStamp(takenNs));
    out.writeBytes(Arrays.copyOfRange(frame, slice, frame.length));
    return Messages.compressedVideo(stampNs, frameId, out.toByteArray());
  }

  /// Where the start code of the first slice stands, or -1.
  private static int slice(byte[] frame) {
    for (int at = 0; at + 5 <= frame.length; at++) {
      boolean code =
          frame[at] == 0 && frame[at + 1] == 0 && frame[at + 2] == 0 && frame[at + 3] == 1;
      int type = frame[at + 4] & 0x1F;
      if (code && (type == 1 || type == 5)) {
        return at;
      }
    }
    return -1;
  }
}
