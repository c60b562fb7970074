package dev.lockstep.synth;

import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.scene.Actor;
import dev.lockstep.synth.scene.CameraModel;
import dev.lockstep.synth.scene.CameraMount;
import dev.lockstep.synth.scene.EgoMotion;
import dev.lockstep.synth.scene.Scene;
import dev.lockstep.synth.scene.View;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// The truth of a short synthetic drive as files of every label format.
final class LabelFixtures {
  private static final int WIDTH = 1242;
  private static final int HEIGHT = 375;
  private static final double FIELD_OF_VIEW = 1.42;
  private static final double FORWARD = 1.4;
  private static final double UP = 1.65;
  private static final int FRAMES = 30;
  private static final double RANGE_METERS = 35;
  private static final long START_NS = 1_700_000_000_000_000_000L;

  private LabelFixtures() {}

  /// A fixture of a format.
  static Fixtures.Fixture of(LabelFormat format) {
    return new Fixtures.Fixture(
        "labels/" + format.name(),
        "The labels of thirty frames of a drive, without a fault, as " + format.summary() + ".",
        folder -> {
          LabelSet labels = labels(format.name().equals("scale"));
          Path file =
              format.write(labels, new LabelWriteOptions("drive", 0, 0, 0), folder).getFirst();
          Files.writeString(
              folder.resolve(Injector.EXPECTED),
              Injector.expectedJson(folder.relativize(file).toString(), List.of()));
          return folder.relativize(file).toString();
        });
  }

  /// The labels as a camera at the front sees them, or where they are in the world.
  static LabelSet labels(boolean world) {
    Scene scene = new Scene(5, RANGE_METERS);
    CameraModel camera =
        new CameraModel(scene, new CameraMount(WIDTH, HEIGHT, FIELD_OF_VIEW, 0, FORWARD, UP));
    LabelSet labels =
        new LabelSet(
            "drive", world ? LabelSet.Frame.WORLD : LabelSet.Frame.SENSOR, StampSource.HEADER);
    labels.details().setFrameRate(10);
    labels.details().setImageSize(WIDTH, HEIGHT);
    for (int frame = 0; frame < FRAMES; frame++) {
      double seconds = frame / 10.0;
      EgoMotion ego = scene.ego(seconds);
      List<View.Seen> seen =
          camera.boxes(seconds).stream()
              .sorted(Comparator.comparingLong(view -> view.actor().track()))
              .toList();
      for (View.Seen view : seen) {
        add(labels, frame, view, ego, world);
      }
    }
    labels.seal();
    return labels;
  }

  private static void add(
      LabelSet labels, int frame, View.Seen view, EgoMotion ego, boolean world) {
    Actor actor = view.actor();
    int row =
        labels.add(
            START_NS + frame * 100_000_000L,
            frame,
            Long.toString(actor.track()),
            actor.category().name().toLowerCase(Locale.ROOT),
            "drive",
            labels.size());
    double half = actor.heightMeters() / 2;
    double x = actor.x();
    double y = actor.y();
    double z = half;
    double yaw = actor.yaw();
    if (!world) {
      double cos = StrictMath.cos(ego.yaw());
      double sin = StrictMath.sin(ego.yaw());
      x = (actor.x() - ego.x()) * cos + (actor.y() - ego.y()) * sin - FORWARD;
      y = (actor.y() - ego.y()) * cos - (actor.x() - ego.x()) * sin;
      z = half - UP;
      yaw = actor.yaw() - ego.yaw();
      labels.setBox2d(row, view.left(), view.top(), view.right(), view.bottom());
    }
    labels.setBox3d(
        row,
        x,
        y,
        z,
        actor.lengthMeters(),
        actor.widthMeters(),
        actor.heightMeters(),
        StrictMath.cos(yaw / 2),
        0,
        0,
        StrictMath.sin(yaw / 2));
    labels.details().addFlags(row, LabelDetails.KEYFRAME);
    labels.setAuthor(row, "annotator-1", START_NS + 86_400_000_000_000L);
    labels.details().setTool(row, "manual");
    labels.details().setRevision(row, 1);
    labels.details().setLabelId(row, frame + "-" + actor.track());
    labels.details().setMessage(row, new LabelDetails.Source("drive.mcap", -1, -1, frame));
  }
}
