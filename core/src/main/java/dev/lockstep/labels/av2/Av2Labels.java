package dev.lockstep.labels.av2;

import dev.lockstep.arrow.FeatherFile;
import dev.lockstep.arrow.MalformedFeatherException;
import dev.lockstep.codec.Decompressors;
import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelFaults;
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
import org.jspecify.annotations.Nullable;

/// Argoverse 2 annotations as a label format; [AnnotationTable] says what they hold.
public final class Av2Labels implements LabelFormat {
  private static final String EXTENSION = ".feather";
  private static final long MAX_BATCH_BYTES = 512L << 20;

  private static final LabelCapabilities CAPABILITIES =
      new LabelCapabilities(
          EnumSet.of(
              LabelField.BOX_3D,
              LabelField.TILT,
              LabelField.TRACK,
              LabelField.STAMP,
              LabelField.POINTS),
          EnumSet.of(LabelSet.Frame.EGO),
          0,
          LabelCapabilities.FULL,
          LabelCapabilities.FULL,
          LabelCapabilities.TimeBase.NANOSECONDS,
          LabelCapabilities.Anchor2d.NONE,
          LabelCapabilities.Anchor3d.CENTRE,
          LabelCapabilities.Axes.Z_UP,
          LabelCapabilities.Rotation.QUATERNION_WXYZ,
          LabelCapabilities.Visibility.NONE);

  @Override
  public String name() {
    return "av2";
  }

  @Override
  public String summary() {
    return "Argoverse 2 annotations (Feather)";
  }

  @Override
  public LabelCapabilities capabilities() {
    return CAPABILITIES;
  }

  /// The format of Argoverse 2 logs reads them with poses and sweeps.
  @Override
  public boolean standsAlone() {
    return false;
  }

  @Override
  public boolean zerosAreData() {
    return true;
  }

  @Override
  public @Nullable String recognise(String fileName, byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return fileName.endsWith(EXTENSION)
            && text.startsWith("ARROW1")
            && text.contains("timestamp_ns")
            && text.contains("length_m")
        ? "columns of Argoverse 2 annotations"
        : null;
  }

  @Override
  public Reading read(LabelInput input, Consumer<Defect> defects) {
    try (Decompressors decompressors = new Decompressors();
        FeatherFile table = FeatherFile.open(input.bytes(), MAX_BATCH_BYTES, decompressors)) {
      AnnotationTable.Result result =
          AnnotationTable.read(table, input.setName(), input.file(), defects);
      return new Reading(result.sets(), result.rows(), List.of());
    } catch (MalformedFeatherException e) {
      LabelFaults faults = new LabelFaults(input.setName(), input, defects);
      faults.at(e.offsetBytes(), e.what(), e.observed(), e.expected());
      return new Reading(List.of(), 1, List.of());
    }
  }

  @Override
  public List<Path> write(LabelSet labels, LabelWriteOptions options, Path folder)
      throws IOException {
    CAPABILITIES.requireFrame(labels, name());
    Path file = folder.resolve(options.name() + EXTENSION);
    AnnotationWriter.write(labels, file);
    return List.of(file);
  }
}
