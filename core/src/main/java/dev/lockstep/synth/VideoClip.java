package dev.lockstep.synth;

import dev.lockstep.model.Times;
import dev.lockstep.source.matroska.MatroskaWriter;
import dev.lockstep.source.mp4.Mp4Writer;
import dev.lockstep.synth.encode.H264Encoder;
import dev.lockstep.synth.scene.CameraModel;
import dev.lockstep.synth.scene.CameraMount;
import dev.lockstep.synth.scene.Scene;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A synthetic drive as one camera's H.264 video, to be written as an MP4 file: 20 frames a second.
public final class VideoClip {
  /// Ticks of the video's times in a second.
  public static final int TIMESCALE = 12_800;

  /// Frames in a second.
  private static final int RATE = 20;

  /// Ticks from a frame to the next.
  public static final int FRAME_TICKS = TIMESCALE / RATE;

  /// When the first frame was taken, by precision stamps, ns since 1970.
  public static final long CLOCK_BEGIN_NS = 1_700_000_000L * Times.SECOND;

  private static final double FRAME_SECONDS = 1.0 / RATE;
  private static final double FOV = Math.PI * 80 / 180;
  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;

  private final List<Mp4Writer.Sample> samples = new ArrayList<>();
  private byte[] sps = new byte[0];
  private byte[] pps = new byte[0];

  /// Renders a clip.
  ///
  /// @param frames number of frames
  /// @param keyframeInterval frames from a keyframe to the next
  public VideoClip(long seed, int frames, int keyframeInterval) {
    this(seed, frames, keyframeInterval, false, H264Encoder.Clock.NONE);
  }

  /// Renders a clip whose frames tell more of themselves.
  ///
  /// @param disposable whether nobody refers to every second frame, see [H264Encoder#disposable]
  /// @param clock what time frames bear: since the begin of the clip for time codes, since
  ///   [#CLOCK_BEGIN_NS] for precision stamps
  public VideoClip(
      long seed, int frames, int keyframeInterval, boolean disposable, H264Encoder.Clock clock) {
    CameraModel camera =
        new CameraModel(
            new Scene(seed, 32), new CameraMount(WIDTH, HEIGHT, FOV, Math.PI, -0.4, 1.4));
    H264Encoder encoder = new H264Encoder(WIDTH, HEIGHT, keyframeInterval, 1).clock(clock, RATE);
    if (disposable) {
      encoder.disposable();
    }
    long beginNs = clock == H264Encoder.Clock.PRECISION ? CLOCK_BEGIN_NS : 0;
    for (int frame = 0; frame < frames; frame++) {
      long timeNs = beginNs + frame * (Times.SECOND / RATE);
      byte[] stream = encoder.encode(frame, camera.view(frame * FRAME_SECONDS).pixels(), timeNs);
      samples.add(new Mp4Writer.Sample(prefixed(stream), FRAME_TICKS, 0, encoder.keyframe(frame)));
    }
  }

  /// The frames, which may be changed, in the order of decoding.
  public List<Mp4Writer.Sample> samples() {
    return samples;
  }

  /// Sequence and picture parameter set, which the frames do not hold.
  public List<byte[]> parameterSets() {
    return List.of(sps, pps);
  }

  /// The clip, ready to be written.
  public Mp4Writer writer() {
    Mp4Writer writer = new Mp4Writer(WIDTH, HEIGHT, TIMESCALE, sps, pps);
    samples.forEach(writer::add);
    return writer;
  }

  /// The clip, ready to be written as a Matroska file.
  public MatroskaWriter matroska() {
    MatroskaWriter writer = new MatroskaWriter(WIDTH, HEIGHT, sps, pps);
    long ticks = 0;
    for (Mp4Writer.Sample sample : samples) {
      writer.add(sample.data(), (int) (ticks * 1000 / TIMESCALE), sample.sync());
      ticks += sample.duration();
    }
    return writer;
  }

  /// Puts lengths in place of start codes, and parameter sets aside.
  private byte[] prefixed(byte[] annexB) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int from = startCode(annexB, 0);
    while (from < annexB.length) {
      int next = startCode(annexB, from + 4);
      byte[] unit = Arrays.copyOfRange(annexB, from + 4, next);
      switch (unit[0] & 0x1F) {
        case 7 -> sps = unit;
        case 8 -> pps = unit;
        default -> {
          for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(unit.length >>> shift);
          }
          out.writeBytes(unit);
        }
      }
      from = next;
    }
    return out.toByteArray();
  }

  private static int startCode(byte[] bytes, int from) {
    for (int at = from; at + 4 <= bytes.length; at++) {
      if (bytes[at] == 0 && bytes[at + 1] == 0 && bytes[at + 2] == 0 && bytes[at + 3] == 1) {
        return at;
      }
    }
    return bytes.length;
  }
}
