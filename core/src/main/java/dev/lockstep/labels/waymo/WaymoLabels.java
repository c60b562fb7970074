package dev.lockstep.labels.waymo;

import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelField;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelSet;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Labels in frames of the Waymo Open Dataset (version 1, TFRecord).
///
/// 3D boxes of a frame make a set under the name of the segment: centre and heading in the frame of
/// the vehicle (x forward, y left, z up), stamp of the frame, id, type, points, difficulties, and
/// speed and acceleration as attributes. Labels of each camera's images make another,
/// `segment/FRONT`. Frame numbers count records from 0. Files are read record by record, whatever
/// their length, and every checksum that they store is compared; a record whose checksum does not
/// match gives no labels.
///
/// Not read: 3D labels projected into images, boxes moved to the time of a camera, no-label zones.
public final class WaymoLabels implements LabelFormat {
  /// Tag of a message in field 1: the context of a frame, and the name in it.
  private static final byte FIRST_MESSAGE = 0x0A;

  private static final LabelCapabilities CAPABILITIES =
      new LabelCapabilities(
          EnumSet.of(
              LabelField.BOX_2D,
              LabelField.BOX_3D,
              LabelField.TRACK,
              LabelField.FRAME,
              LabelField.STAMP,
              LabelField.POINTS,
              LabelField.ATTRIBUTES),
          EnumSet.of(LabelSet.Frame.EGO),
          LabelCapabilities.FULL,
          LabelCapabilities.FULL,
          LabelCapabilities.FULL,
          LabelCapabilities.TimeBase.MICROSECONDS,
          LabelCapabilities.Anchor2d.CENTRE_AND_SIZE,
          LabelCapabilities.Anchor3d.CENTRE,
          LabelCapabilities.Axes.Z_UP,
          LabelCapabilities.Rotation.YAW,
          LabelCapabilities.Visibility.NONE);

  @Override
  public String name() {
    return "waymo";
  }

  @Override
  public String summary() {
    return "labels in frames of the Waymo Open Dataset (TFRecord)";
  }

  @Override
  public LabelCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public boolean isWritable() {
    return false;
  }

  @Override
  public boolean zerosAreData() {
    return true;
  }

  @Override
  public boolean isStreamed() {
    return true;
  }

  /// The checksum of the first length tells a TFRecord; a name in a first message within tells a
  /// frame from the records of others, which begin with maps.
  @Override
  public @Nullable String recognise(String fileName, byte[] head) {
    int payload = WaymoLayout.HEAD_BYTES;
    if (head.length < payload + 4) {
      return null;
    }
    MemorySegment bytes = MemorySegment.ofArray(head);
    boolean record =
        WaymoLayout.maskedCrc(bytes, 0, WaymoLayout.LENGTH_BYTES)
            == WaymoLayout.crcAt(bytes, WaymoLayout.LENGTH_BYTES);
    if (!record || head[payload] != FIRST_MESSAGE) {
      return null;
    }
    int inner = payload + 1;
    while (inner < head.length && head[inner] < 0) {
      inner++;
    }
    inner++;
    boolean named =
        inner + 2 < head.length && head[inner] == FIRST_MESSAGE && head[inner + 2] >= ' ';
    return named ? "record of a TFRecord file that begins like a frame" : null;
  }

  @Override
  public Reading read(LabelInput input, Consumer<Defect> defects) {
    return new WaymoReader(input, defects).read();
  }

  @Override
  public List<Path> write(LabelSet labels, LabelWriteOptions options, Path folder) {
    throw new IllegalArgumentException("Waymo labels are read, not written");
  }
}
