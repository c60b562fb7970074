package dev.lockstep.source.av2;

import dev.lockstep.arrow.FeatherColumns;
import dev.lockstep.arrow.FeatherColumns.Numbers;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Pose;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/// The columns of a rigid transform in a table.
final class Transforms {
  /// Names of the columns.
  static final String COLUMNS = "qw qx qy qz tx_m ty_m tz_m";

  /// How far the length of a quaternion may be from 1. Judged: single precision and four printed
  /// decimals stay below a tenth of it.
  static final double QUATERNION_TOLERANCE = 1e-3;

  private static final String[] NAMES = COLUMNS.split(" ");

  private final Numbers[] columns;

  private Transforms(Numbers[] columns) {
    this.columns = columns;
  }

  /// The columns in a batch, or null if one is absent.
  static @Nullable Transforms of(VectorSchemaRoot batch) {
    Numbers[] columns = new Numbers[NAMES.length];
    for (int i = 0; i < columns.length; i++) {
      Numbers column = FeatherColumns.numbers(batch, NAMES[i]);
      if (column == null) {
        return null;
      }
      columns[i] = column;
    }
    return new Transforms(columns);
  }

  /// The transform in a row, right or wrong.
  Pose pose(int row) {
    return new Pose(
        columns[0].get(row),
        columns[1].get(row),
        columns[2].get(row),
        columns[3].get(row),
        columns[4].get(row),
        columns[5].get(row),
        columns[6].get(row));
  }

  /// Why a pose is no rigid transform, or null.
  static @Nullable Evidence fault(Pose p) {
    double norm = Math.sqrt(p.qw() * p.qw() + p.qx() * p.qx() + p.qy() * p.qy() + p.qz() * p.qz());
    if (!(Math.abs(norm - 1) <= QUATERNION_TOLERANCE)) {
      return new Evidence.OutOfRange(
          "length of the quaternion", norm, 1 - QUATERNION_TOLERANCE, 1 + QUATERNION_TOLERANCE, "");
    }
    if (!Double.isFinite(p.x()) || !Double.isFinite(p.y()) || !Double.isFinite(p.z())) {
      return new Evidence.Violation(
          "translation", p.x() + ", " + p.y() + ", " + p.z(), "finite numbers");
    }
    return null;
  }
}
