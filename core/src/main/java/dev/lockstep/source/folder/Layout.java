package dev.lockstep.source.folder;

import dev.lockstep.labels.LabelFormat;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Pose;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a folder holds, as its layout says.
///
/// @param streams streams, or patterns of them, in order
record Layout(List<Stream> streams, List<Labels> labels, List<Mount> calibration) {

  /// Where the stamps of a stream come from.
  enum Source {
    NONE,
    NAME,
    LIST,
    NPY,
    RATE
  }

  /// A stream, or one for each name that fits a pattern.
  ///
  /// @param pointer its place in the layout
  /// @param name name, or pattern of names
  /// @param files pattern of its files, or null where stamps are messages
  /// @param content kind of the files; empty: by the end of their names
  /// @param fields fields of a point, empty if not said
  record Stream(
      String pointer,
      String name,
      Modality modality,
      @Nullable String files,
      String content,
      List<String> fields,
      Stamps stamps,
      @Nullable Turns turns,
      boolean optional) {}

  /// Where it stands how the sensor turned.
  ///
  /// @param npy array with a row for each message; empty: the list of the stamps has it
  /// @param columns of the rates about x, y and z, rad/s; or of a quaternion, w, x, y and z
  record Turns(String npy, List<Integer> columns) {
    private static final int RATES = 3;

    /// Whether columns may have that unit: rates those of an angle in a time, a quaternion none.
    boolean isUnit(String unit) {
      return columns.size() == RATES
          ? unit.startsWith("rad") || unit.startsWith("deg") || unit.startsWith("°")
          : unit.isEmpty() || unit.equals("-") || unit.equals("1");
    }

    /// What the columns tell, in words.
    String words() {
      return columns.size() == RATES ? "turn rates" : "a quaternion";
    }

    /// Hands over the values of a row.
    void set(MessageBatch batch, int row, double... v) {
      if (v.length == RATES) {
        batch.setTurnRate(row, v[0], v[1], v[2]);
      } else {
        batch.setOrientation(row, v[0], v[1], v[2], v[3]);
      }
    }
  }

  /// @param path list or array, empty if the source is another
  /// @param name says where stamp or number stand in names of files
  /// @param line says where stamp and file stand in a line
  /// @param column column of the stamp
  /// @param fileColumn column of the file's name
  /// @param first number of the first stamp's file
  /// @param delimiter between columns; 0: any spaces
  /// @param comment how lines begin that are none; empty if there are none
  /// @param header lines at the top that are none
  /// @param rate messages a second
  /// @param together whether neighbouring rows of one stamp are one message
  record Stamps(
      Source source,
      String path,
      @Nullable NamePattern name,
      @Nullable NamePattern line,
      Column column,
      @Nullable Column fileColumn,
      long first,
      char delimiter,
      String comment,
      int header,
      BigDecimal rate,
      boolean together,
      StampUnit unit,
      Epoch epoch) {}

  /// A column of a table by number, or by name where `number` is -1.
  ///
  /// @param second number of the column of the second part of a stamp
  record Column(int number, String name, int second) {}

  /// @param stream stream that gives frames their stamps; empty: none does
  record Labels(String pointer, LabelFormat format, String file, String name, String stream) {}

  /// Where a sensor sits.
  ///
  /// @param matrix 4x4 row by row, or null
  record Mount(
      int line,
      String sensor,
      String parent,
      double @Nullable [] matrix,
      @Nullable Pose pose,
      Calibration.@Nullable Intrinsics intrinsics) {}
}
