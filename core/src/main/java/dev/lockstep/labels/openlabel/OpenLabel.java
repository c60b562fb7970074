package dev.lockstep.labels.openlabel;

import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelField;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// ASAM OpenLABEL 1.0: objects with 2D boxes and cuboids, frame by frame.
///
/// ```text
/// openlabel
///   metadata              schema_version, annotator
///   coordinate_systems    NAME: type (scene_cs, local_cs, sensor_cs), parent, pose_wrt_parent
///   streams               NAME: type (camera, lidar, ...)
///   objects               ID: name, type, object_data (what holds in no frame or in all)
///   frames                NUMBER: frame_properties / timestamp,
///                                 objects / ID / object_data: bbox, cuboid, num, text, boolean
/// bbox    val: centre x, centre y, width, height                                   px
/// cuboid  val: x y z  rx ry rz  sx sy sz   or   x y z  qx qy qz qw  sx sy sz       m, rad
/// ```
///
/// Place and size of a cuboid are its centre and its extents along its own axes; the angles turn
/// about x, then y, then z of the coordinate system. Each coordinate system becomes a label set: a
/// `scene_cs` is the world, a `local_cs` the vehicle, others are sensors, and where there are only
/// 2D boxes, images. Whether z or -y points up follows from the poses down to the root; without
/// poses, y points down in the system of a camera stream and z up in all others. With y down, sx is
/// the length, sy the height and sz the width; otherwise sx length, sy width, sz height.
///
/// The first box of an object in a coordinate system gives its row, 2D and 3D together; boxes of
/// other names get the track `ID#NAME`. Objects without a box are rows without a box. Numbers
/// `truncated` and `occluded` are KITTI's levels or shares below 1; `confidence` of a box is its
/// score, `interpolated` says whether it is a keyframe.
public final class OpenLabel implements LabelFormat {
  static final int PIXEL_DECIMALS = 3;
  static final int METER_DECIMALS = 6;
  static final int QUATERNION_DECIMALS = 9;

  /// Names in `num` of what our writer knows exactly.
  static final String TRUNCATED_SHARE = "truncated_share";

  static final String OCCLUDED_SHARE = "occluded_share";

  /// Ids of objects that stand for rows without a track begin so.
  static final String NO_TRACK = "no-track/";

  private static final Pattern ROOT = Pattern.compile("(?s)\\s*\\{\\s*\"openlabel\"\\s*:.*");

  private static final LabelCapabilities CAPABILITIES =
      new LabelCapabilities(
          EnumSet.of(
              LabelField.BOX_2D,
              LabelField.BOX_3D,
              LabelField.TILT,
              LabelField.TRACK,
              LabelField.FRAME,
              LabelField.STAMP,
              LabelField.SCORE,
              LabelField.TRUNCATED,
              LabelField.OCCLUDED,
              LabelField.KEYFRAME,
              LabelField.ATTRIBUTES),
          EnumSet.allOf(LabelSet.Frame.class),
          PIXEL_DECIMALS,
          METER_DECIMALS,
          QUATERNION_DECIMALS,
          LabelCapabilities.TimeBase.FRAMES_FROM_0,
          LabelCapabilities.Anchor2d.CENTRE_AND_SIZE,
          LabelCapabilities.Anchor3d.CENTRE,
          LabelCapabilities.Axes.DECLARED,
          LabelCapabilities.Rotation.QUATERNION_XYZW,
          LabelCapabilities.Visibility.SHARE);

  @Override
  public String name() {
    return "openlabel";
  }

  @Override
  public String summary() {
    return "ASAM OpenLABEL 1.0 (JSON), 2D boxes and cuboids";
  }

  @Override
  public LabelCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public @Nullable String recognise(String fileName, byte[] head) {
    return ROOT.matcher(new String(head, StandardCharsets.UTF_8)).matches()
        ? "root member openlabel"
        : null;
  }

  @Override
  public Reading read(LabelInput input, Consumer<Defect> defects) {
    return new OpenLabelReader(input, defects).read();
  }

  @Override
  public List<Path> write(LabelSet labels, LabelWriteOptions options, Path folder)
      throws IOException {
    Path file = folder.resolve(options.name() + ".json");
    new OpenLabelWriter(labels, options).write(file);
    return List.of(file);
  }
}
