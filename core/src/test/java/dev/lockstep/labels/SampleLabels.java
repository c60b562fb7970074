package dev.lockstep.labels;

import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import java.util.List;
import java.util.Random;

/// Label sets in which everything occurs that a format may have to say.
public final class SampleLabels {
  private static final int FRAMES = 14;
  private static final String[] CATEGORIES = {"Car", "Pedestrian", "Cyclist", "Van"};

  private SampleLabels() {}

  /// A set with 2D boxes, and in other frames than that of an image with 3D boxes too.
  ///
  /// @param flat whether there are 2D boxes
  /// @param tilt whether boxes lean
  public static LabelSet of(LabelSet.Frame frame, boolean flat, boolean tilt, long seed) {
    Random random = new Random(seed);
    boolean solid = frame != LabelSet.Frame.IMAGE;
    LabelSet labels = new LabelSet("sample", frame, StampSource.FRAME_NUMBER);
    labels.details().setImageSize(1242, 375);
    labels.details().setFrameRate(10);
    for (int f = 0; f < FRAMES; f++) {
      for (int t = 0; t < CATEGORIES.length; t++) {
        // Track 2 pauses, track 3 begins late and ends early, track 1 changes its category.
        if ((t == 2 && f >= 5 && f < 8) || (t == 3 && (f < 2 || f > 10))) {
          continue;
        }
        String category = t == 1 && f > 8 ? "Truck" : CATEGORIES[t];
        add(labels, f, Integer.toString(t * 7), category, flat, solid, tilt, random);
      }
      if (f % 4 == 0) {
        // An object without an identity, twice at one instant.
        add(labels, f, null, "Tram", flat, solid, tilt, random);
        add(labels, f, null, "Tram", flat, solid, tilt, random);
      }
    }
    labels.seal();
    return labels;
  }

  private static void add(
      LabelSet labels,
      int frame,
      String track,
      String category,
      boolean flat,
      boolean solid,
      boolean tilt,
      Random random) {
    int row = labels.add(frame * 100_000_000L, frame, track, category, "sample.txt", labels.size());
    if (flat) {
      double left = random.nextDouble() * 1000;
      double top = random.nextDouble() * 200;
      labels.setBox2d(
          row,
          left,
          top,
          left + 5 + random.nextDouble() * 200,
          top + 5 + random.nextDouble() * 150);
    }
    if (solid) {
      double[] q =
          Rotations.ofEuler(
              tilt ? random.nextDouble() * 0.2 - 0.1 : 0,
              tilt ? random.nextDouble() * 0.2 - 0.1 : 0,
              random.nextDouble() * 6 - 3);
      labels.setBox3d(
          row,
          random.nextDouble() * 60,
          random.nextDouble() * 20 - 10,
          random.nextDouble() * 2 - 1,
          3 + random.nextDouble(),
          1 + random.nextDouble(),
          1 + random.nextDouble(),
          q[0],
          q[1],
          q[2],
          q[3]);
    }
    labels.setVisibility(row, random.nextInt(3) / 2.0, random.nextInt(3) / 2.0);
    labels.setPoints(row, random.nextInt(500));
    labels.setAuthor(row, "ann-" + random.nextInt(3), 1_700_000_000_123_456_789L + row);
    LabelDetails details = labels.details();
    details.setScore(row, random.nextDouble());
    details.setTool(row, "tool");
    details.setRevision(row, random.nextInt(3));
    details.setLabelId(row, "label " + row);
    details.setMessage(row, new LabelDetails.Source("drive.mcap", 1000L + row, 64, row));
    details.addFlags(row, frame % 3 == 0 ? LabelDetails.KEYFRAME : LabelDetails.INTERPOLATED);
    if (random.nextInt(5) == 0) {
      details.addFlags(row, LabelDetails.IGNORED);
    }
    details.setAttributes(
        row,
        List.of(
            new LabelDetails.Attribute("colour", random.nextBoolean() ? "red & \"blue\"" : "<ß>"),
            new LabelDetails.Attribute("moving", "yes")));
  }
}
