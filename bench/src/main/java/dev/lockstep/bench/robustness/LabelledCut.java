package dev.lockstep.bench.robustness;

import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.labels.WaymoFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;

/// Labels of many objects that drive straight on, of which one is something else in one frame, and
/// has its left side on the right there: what every label format can say.
final class LabelledCut {
  /// Objects at a time.
  private static final int TRACKS = 40;

  /// Bytes of the images of a frame of Waymo's (judged).
  private static final int IMAGE_BYTES = 500_000;

  private static final double HERTZ = 10;
  private static final int WIDTH = 1920;
  private static final int HEIGHT = 1080;

  private LabelledCut() {}

  /// Writes such labels in a format, and says where.
  ///
  /// @param frames frames of the drive
  static Path write(LabelFormat format, int frames, Path folder) throws IOException {
    LabelSet labels = labels(format, frames);
    return format
        .write(
            labels,
            new LabelWriteOptions("drive", HERTZ, WIDTH, HEIGHT),
            Files.createDirectories(folder))
        .getFirst();
  }

  /// Writes such labels as frames with images (Waymo), and says where.
  static Path frames(int frames, Path folder) throws IOException {
    Path file = Files.createDirectories(folder).resolve("drive.tfrecord");
    byte[] image = new byte[IMAGE_BYTES];
    new Random(1).nextBytes(image);
    Files.write(file, WaymoFile.of(labels(Set.of(LabelSet.Frame.EGO), frames), "drive", image));
    return file;
  }

  private static LabelSet labels(LabelFormat format, int frames) {
    return labels(format.capabilities().frames(), frames);
  }

  private static LabelSet labels(Set<LabelSet.Frame> frames3d, int frames) {
    boolean solid = !frames3d.contains(LabelSet.Frame.IMAGE);
    LabelSet.Frame frameOf = solid ? frames3d.iterator().next() : LabelSet.Frame.IMAGE;
    LabelSet labels = new LabelSet("drive", frameOf, StampSource.FRAME_NUMBER);
    labels.details().setImageSize(WIDTH, HEIGHT);
    labels.details().setFrameRate(HERTZ);
    for (int frame = 0; frame < frames; frame++) {
      for (int track = 0; track < TRACKS; track++) {
        boolean off = frame == frames / 2 && track == TRACKS / 2 + 1;
        int row =
            labels.add(
                Math.round(frame * 1e9 / HERTZ),
                frame,
                Integer.toString(track + 1),
                track % 4 == 0 || off ? "pedestrian" : "car",
                "drive",
                labels.size());
        // Three seconds there, three back, so that nobody leaves.
        double way = Math.abs(frame % 60 - 30);
        double left = 100 + 20.0 * track + 2 * way;
        double top = 300 + 5.0 * (track % 7);
        labels.setBox2d(row, left, top, left + (off ? -60 : 60), top + 90);
        if (solid) {
          labels.setBox3d(
              row, 5 + 0.3 * way, 6.0 * track - 120, 0.9, off ? -4 : 4, 1.8, 1.6, 1, 0, 0, 0);
        }
      }
    }
    labels.seal();
    return labels;
  }
}
