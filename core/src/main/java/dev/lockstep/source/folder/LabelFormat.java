package dev.lockstep.source.folder;

import dev.lockstep.labels.kitti.FrameStamps;
import dev.lockstep.labels.kitti.TrackingLabels;
import dev.lockstep.labels.kitti.TrackletLabels;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.source.LabelFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The label formats that a layout may name. A further one is a constant here.
enum LabelFormat {
  KITTI_TRACKING("kitti-tracking") {
    @Override
    LabelFile.Parsed read(
        MemorySegment file,
        String name,
        String fileName,
        FrameStamps stamps,
        Consumer<Defect> defects) {
      TrackingLabels.Result result = TrackingLabels.read(file, name, fileName, stamps, defects);
      return new LabelFile.Parsed(
          result.labels(), Map.of(DefectKind.LABEL_MALFORMED, result.lines()));
    }
  },
  KITTI_TRACKLETS("kitti-tracklets") {
    @Override
    LabelFile.Parsed read(
        MemorySegment file,
        String name,
        String fileName,
        FrameStamps stamps,
        Consumer<Defect> defects) {
      TrackletLabels.Result result =
          TrackletLabels.read(file.toArray(ValueLayout.JAVA_BYTE), name, fileName, stamps, defects);
      return new LabelFile.Parsed(
          result.labels(),
          Map.of(
              DefectKind.LABEL_MALFORMED,
              result.poses(),
              DefectKind.COUNT_MISMATCH,
              result.tracklets() + 1));
    }
  };

  private final String word;

  LabelFormat(String word) {
    this.word = word;
  }

  /// Reads the labels of a file.
  ///
  /// @param name name of the label set
  /// @param fileName name of the file relative to the recording
  abstract LabelFile.Parsed read(
      MemorySegment file,
      String name,
      String fileName,
      FrameStamps stamps,
      Consumer<Defect> defects);

  /// The names of all.
  static String words() {
    return Arrays.stream(values()).map(format -> format.word).collect(Collectors.joining(", "));
  }

  /// The format of that name.
  ///
  /// @throws IllegalArgumentException if there is none
  static LabelFormat of(String word) {
    for (LabelFormat format : values()) {
      if (format.word.equals(word)) {
        return format;
      }
    }
    throw new IllegalArgumentException(word);
  }
}
