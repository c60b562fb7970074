package dev.lockstep.source.av2;

import dev.lockstep.labels.av2.AnnotationTable;
import dev.lockstep.model.Times;
import java.util.Collection;
import java.util.List;

/// What a table is, by its columns.
enum TableKind {
  ANNOTATIONS,
  POSES,
  EXTRINSICS,
  INTRINSICS,
  SWEEP,
  OTHER;

  /// The kind of a table with these columns; without any, annotations.
  static TableKind of(Collection<String> columns) {
    if (columns.isEmpty() || AnnotationTable.holdsAnnotations(columns)) {
      return ANNOTATIONS;
    }
    if (columns.containsAll(List.of("x", "y", "z", Av2Layout.POINT_TIME))) {
      return SWEEP;
    }
    boolean transforms = columns.containsAll(List.of(Transforms.COLUMNS.split(" ")));
    if (transforms && columns.contains(Av2Layout.STAMP)) {
      return POSES;
    }
    if (columns.contains(Av2Layout.SENSOR_NAME)) {
      return transforms ? EXTRINSICS : INTRINSICS;
    }
    return OTHER;
  }

  /// The stamp that a file is named after, or [Times#NONE].
  static long stampOf(String fileName) {
    String stem = fileName.substring(0, fileName.length() - Av2Layout.EXTENSION.length());
    return stem.matches("\\d{1,18}") ? Long.parseLong(stem) : Times.NONE;
  }
}
