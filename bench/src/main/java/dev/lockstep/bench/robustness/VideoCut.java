package dev.lockstep.bench.robustness;

import dev.lockstep.bench.robustness.FormatCase.Made;
import dev.lockstep.source.mp4.Mp4Writer;
import dev.lockstep.synth.VideoClip;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Videos in each form of their containers, with a fault in one place.
final class VideoCut {
  private static final int RATE = 20;
  private static final int KEYFRAME_INTERVAL = 25;
  private static final int FRAMES_A_FRAGMENT = 20;

  /// Bytes of filler in a frame: 3 Mbit/s (judged: as dashboard cameras have).
  private static final int FILLER_BYTES = 17_000;

  /// NAL unit of filler data (H.264, 7.3.2.7).
  private static final byte FILLER_UNIT = 12;

  /// The frame that something is wrong with.
  private static final int FRAME = 333;

  private static final int LOST_FRAMES = 3;

  private VideoCut() {}

  /// A case of each.
  ///
  /// @param seconds length of the videos
  static List<FormatCase> all(double seconds) {
    int frames = Math.max(2 * FRAME, (int) (RATE * seconds));
    return List.of(
        new FormatCase(
            "mp4 frame-damaged",
            folder -> one(folder, "drive.mp4", damaged(frames).writer().progressive(), "VID001")),
        new FormatCase(
            "mp4 frames-lost",
            folder -> one(folder, "drive.mp4", lacking(frames).writer().progressive(), "VID005")),
        new FormatCase(
            "mp4 chunk-outside", folder -> one(folder, "drive.mp4", misplaced(frames), "INT033")),
        new FormatCase(
            "mp4 fragments frame-damaged",
            folder ->
                one(
                    folder,
                    "drive.mp4",
                    damaged(frames).writer().fragmented(FRAMES_A_FRAGMENT),
                    "VID001")),
        new FormatCase("mp4 segments segment-lost", folder -> segments(folder, frames)),
        new FormatCase(
            "matroska frame-damaged",
            folder -> one(folder, "drive.mkv", damaged(frames).matroska().live(RATE), "VID001")),
        new FormatCase(
            "matroska flipped-bit", folder -> one(folder, "drive.mkv", flipped(frames), "INT007")));
  }

  private static VideoClip clip(int frames) {
    VideoClip clip = new VideoClip(1, frames, KEYFRAME_INTERVAL);
    byte[] filler = new byte[4 + FILLER_BYTES];
    Arrays.fill(filler, (byte) 0xFF);
    ByteBuffer.wrap(filler).putInt(FILLER_BYTES).put(FILLER_UNIT);
    filler[filler.length - 1] = (byte) 0x80;
    clip.samples()
        .replaceAll(sample -> {
          byte[] data = Arrays.copyOf(sample.data(), sample.data().length + filler.length);
          System.arraycopy(filler, 0, data, sample.data().length, filler.length);
          return new Mp4Writer.Sample(data, sample.duration(), sample.composition(), sample.sync());
        });
    return clip;
  }

  private static VideoClip damaged(int frames) {
    VideoClip clip = clip(frames);
    // The length of the first NAL unit.
    Arrays.fill(clip.samples().get(FRAME).data(), 0, 4, (byte) 0);
    return clip;
  }

  private static VideoClip lacking(int frames) {
    VideoClip clip = clip(frames);
    clip.samples().subList(FRAME, FRAME + LOST_FRAMES).clear();
    return clip;
  }

  private static byte[] misplaced(int frames) {
    byte[] file = clip(frames).writer().progressive();
    String head = new String(file, 0, 1 << 16, StandardCharsets.ISO_8859_1);
    int chunk = FRAME / 10;
    ByteBuffer.wrap(file).putInt(head.indexOf("stco") + 12 + Integer.BYTES * chunk, 0x7FFF_0000);
    return file;
  }

  private static byte[] flipped(int frames) {
    byte[] file = clip(frames).matroska().file(RATE);
    file[file.length / 2] ^= 4;
    return file;
  }

  private static Made one(Path folder, String name, byte[] bytes, String check) throws IOException {
    Path file = Files.createDirectories(folder).resolve(name);
    Files.write(file, bytes);
    return new Made(file, List.of(check));
  }

  private static Made segments(Path folder, int frames) throws IOException {
    Path into = Files.createDirectories(folder.resolve("drive"));
    List<byte[]> files = clip(frames).writer().segments(FRAMES_A_FRAGMENT);
    for (int i = 0; i < files.size(); i++) {
      if (i != FRAME / FRAMES_A_FRAGMENT) {
        Files.write(into.resolve(i == 0 ? "init.mp4" : "segment-" + i + ".m4s"), files.get(i));
      }
    }
    return new Made(into, List.of("INT034"));
  }
}
