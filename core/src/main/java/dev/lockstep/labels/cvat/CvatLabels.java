package dev.lockstep.labels.cvat;

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

/// "CVAT for video 1.1": an XML document of tracks of boxes, one box a frame (CVAT manual, "CVAT
/// for video").
///
/// ```text
/// annotations
///   meta / task        name, size, start_frame, stop_frame, frame_filter, original_size, labels
///   track              id, label, source
///     box              frame, outside, occluded, keyframe, xtl, ytl, xbr, ybr, z_order
///       attribute      name; its value is the text
/// ```
///
/// Pixels and frames count from 0; frames are those of the video, also where only every n-th was
/// labelled. The file gives no rate of frames: [dev.lockstep.labels.FrameStamps#VIDEO_HERTZ] is
/// taken. Boxes with `outside="1"` say that the object is not there; they are no rows. A track
/// without an id is named by its position in the file, from 0; id -1 stands for "no track".
/// `occluded` is a flag and gives 0 or 0.5; an attribute `occlusion` of `none`, `part` or `full`
/// (JAAD) gives 0, 0.5 or 1. Boxes of "CVAT for images" are read too, and have no tracks.
public final class CvatLabels implements LabelFormat {
  static final int PIXEL_DECIMALS = 2;

  private static final Pattern ROOT = Pattern.compile("(?s).*<annotations[\\s>/].*");

  private static final LabelCapabilities CAPABILITIES =
      LabelCapabilities.flat(
          EnumSet.of(
              LabelField.BOX_2D,
              LabelField.TRACK,
              LabelField.FRAME,
              LabelField.OCCLUDED,
              LabelField.KEYFRAME,
              LabelField.TOOL,
              LabelField.ATTRIBUTES),
          PIXEL_DECIMALS,
          LabelCapabilities.TimeBase.FRAMES_FROM_0,
          LabelCapabilities.Anchor2d.EDGES,
          LabelCapabilities.Visibility.FLAG);

  @Override
  public String name() {
    return "cvat";
  }

  @Override
  public String summary() {
    return "CVAT for video 1.1 (XML), boxes";
  }

  @Override
  public LabelCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public @Nullable String recognise(String fileName, byte[] head) {
    return fileName.endsWith(".xml")
            && ROOT.matcher(new String(head, StandardCharsets.ISO_8859_1)).matches()
        ? "element annotations of CVAT"
        : null;
  }

  @Override
  public Reading read(LabelInput input, Consumer<Defect> defects) {
    return CvatReader.read(input, defects);
  }

  @Override
  public List<Path> write(LabelSet labels, LabelWriteOptions options, Path folder)
      throws IOException {
    Path file = folder.resolve(options.name() + ".xml");
    new CvatWriter(labels, options).write(file);
    return List.of(file);
  }
}
