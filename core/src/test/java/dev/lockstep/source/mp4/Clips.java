package dev.lockstep.source.mp4;

import dev.lockstep.report.FindingText;
import dev.lockstep.synth.VideoClip;
import dev.lockstep.testing.ReaderDriver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Short MP4 files, and ways to damage them.
final class Clips {
  private Clips() {}

  /// 60 frames, 3 seconds; keyframes 0, 25 and 50.
  static VideoClip clip() {
    return new VideoClip(3, 60, 25);
  }

  static byte[] progressive() {
    return clip().writer().progressive();
  }

  /// Fragments of 15 frames.
  static byte[] fragmented() {
    return clip().writer().fragmented(15);
  }

  /// Where the type of the `n`-th box of that type stands, from 0.
  static int typeAt(byte[] file, String type, int n) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    int at = -1;
    for (int i = 0; i <= n; i++) {
      at = text.indexOf(type, at + 1);
      if (at < 0) {
        throw new AssertionError("no box " + type + " number " + i);
      }
    }
    return at;
  }

  /// Sets four bytes, `skip` bytes behind the type of a box.
  static byte[] set(byte[] file, String type, int n, int skip, int value) {
    byte[] changed = file.clone();
    ByteBuffer.wrap(changed).putInt(typeAt(file, type, n) + skip, value);
    return changed;
  }

  /// The four bytes there.
  static int get(byte[] file, String type, int n, int skip) {
    return ByteBuffer.wrap(file).getInt(typeAt(file, type, n) + skip);
  }

  static ReaderDriver.Read read(Path folder, byte[] file) throws IOException {
    Path path = folder.resolve("clip.mp4");
    Files.write(path, file);
    return new ReaderDriver(new Mp4Format()).read(path);
  }

  /// What is wrong with a file, one defect a line.
  static List<String> defects(Path folder, byte[] file) throws IOException {
    return read(folder, file).defects().stream()
        .map(d ->
            d.severity().label()
                + " "
                + d.kind()
                + ": "
                + FindingText.evidence(d.evidence())
                + " @ "
                + FindingText.place(d.location()))
        .toList();
  }
}
