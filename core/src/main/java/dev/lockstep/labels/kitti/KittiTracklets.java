package dev.lockstep.labels.kitti;

import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelField;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelSet;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// KITTI's tracklet XML as a label format that is read; [TrackletLabels] says what it holds.
public final class KittiTracklets implements LabelFormat {
  private static final LabelCapabilities CAPABILITIES =
      new LabelCapabilities(
          EnumSet.of(
              LabelField.BOX_3D,
              LabelField.TILT,
              LabelField.TRACK,
              LabelField.FRAME,
              LabelField.TRUNCATED,
              LabelField.OCCLUDED),
          EnumSet.of(LabelSet.Frame.SENSOR),
          0,
          LabelCapabilities.FULL,
          LabelCapabilities.FULL,
          LabelCapabilities.TimeBase.FRAMES_FROM_0,
          LabelCapabilities.Anchor2d.NONE,
          LabelCapabilities.Anchor3d.BOTTOM,
          LabelCapabilities.Axes.Z_UP,
          LabelCapabilities.Rotation.EULER_XYZ,
          LabelCapabilities.Visibility.LEVELS);

  @Override
  public String name() {
    return "kitti-tracklets";
  }

  @Override
  public String summary() {
    return "KITTI tracklets (XML)";
  }

  @Override
  public LabelCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public boolean standsAlone() {
    return false;
  }

  @Override
  public boolean isWritable() {
    return false;
  }

  @Override
  public @Nullable String recognise(String fileName, byte[] head) {
    return fileName.endsWith(TrackletLabels.FILE_NAME) ? "name of a KITTI tracklet file" : null;
  }

  @Override
  public Reading read(LabelInput input, Consumer<Defect> defects) {
    TrackletLabels.Result result =
        TrackletLabels.read(
            input.array(),
            input.setName(),
            input.file(),
            input.frames(FrameStamps.NOMINAL_HERTZ),
            defects);
    return new Reading(List.of(result.labels()), result.poses(), List.of());
  }

  @Override
  public List<Path> write(LabelSet labels, LabelWriteOptions options, Path folder) {
    throw new IllegalArgumentException("KITTI tracklets are read, not written");
  }
}
