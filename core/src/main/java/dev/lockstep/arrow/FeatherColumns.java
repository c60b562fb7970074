package dev.lockstep.arrow;

import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/// Columns of a batch by name and by what is wanted of them, whatever width they are stored in. A
/// column that is absent or of another kind is null.
public final class FeatherColumns {
  /// Numbers; NaN where the table has null.
  public interface Numbers {
    /// The number in `row`.
    double get(int row);
  }

  /// Whole numbers.
  public interface Integers {
    /// The number in `row`.
    long get(int row);

    /// Whether there is a number in `row`.
    boolean has(int row);
  }

  /// Texts; null where the table has null.
  public interface Texts {
    /// The text in `row`.
    @Nullable String get(int row);
  }

  private FeatherColumns() {}

  /// A floating-point column.
  public static @Nullable Numbers numbers(VectorSchemaRoot batch, String name) {
    FieldVector column = batch.getVector(name);
    if (!(column instanceof FloatingPointVector numbers)) {
      return null;
    }
    return row -> column.isNull(row) ? Double.NaN : numbers.getValueAsDouble(row);
  }

  /// A column of whole numbers or of time stamps.
  public static @Nullable Integers integers(VectorSchemaRoot batch, String name) {
    FieldVector column = batch.getVector(name);
    if (column instanceof TimeStampVector stamps) {
      return integers(column, stamps::get);
    }
    return column instanceof BaseIntVector numbers
        ? integers(column, numbers::getValueAsLong)
        : null;
  }

  private static Integers integers(FieldVector column, java.util.function.IntToLongFunction get) {
    return new Integers() {
      @Override
      public long get(int row) {
        return get.applyAsLong(row);
      }

      @Override
      public boolean has(int row) {
        return !column.isNull(row);
      }
    };
  }

  /// A text column.
  public static @Nullable Texts texts(VectorSchemaRoot batch, String name) {
    FieldVector column = batch.getVector(name);
    if (!(column instanceof VarCharVector) && !(column instanceof LargeVarCharVector)) {
      return null;
    }
    return row -> column.isNull(row) ? null : String.valueOf(column.getObject(row));
  }
}
