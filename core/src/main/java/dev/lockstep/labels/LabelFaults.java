package dev.lockstep.labels;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reports what is malformed in a label file. Neighbours with the same fault make one defect, and
/// after [#MAX_REPORTED] the rest is counted only.
public final class LabelFaults {
  /// Most defects of a file; judged: beyond, nobody reads them, and memory must be bounded.
  public static final int MAX_REPORTED = 1000;

  private static final int MAX_TEXT = 48;

  private final String set;
  private final String file;
  private final long lengthBytes;
  private final Consumer<Defect> defects;
  private long reported;

  private @Nullable Evidence running;
  private long firstRow;
  private long lastRow;
  private long fromByte;
  private long toByte;

  /// @param set name of the label set
  /// @param input the file
  public LabelFaults(String set, LabelInput input, Consumer<Defect> defects) {
    this.set = set;
    this.file = input.file();
    this.lengthBytes = input.bytes().byteSize();
    this.defects = defects;
  }

  /// Adds a fault of the row with number `row`, in the bytes from `from` to `to`.
  public void add(long row, long from, long to, String what, String observed, String rule) {
    if (running != null && (!running.what().equals(what) || row > lastRow + 1)) {
      flush();
    }
    if (running == null) {
      running = new Evidence.Violation(what, shortened(observed), rule);
      firstRow = row;
      fromByte = from;
      toByte = to;
    }
    lastRow = row;
    toByte = Math.max(toByte, to);
  }

  /// Adds a fault at a byte of the file that belongs to no row.
  public void at(long offset, String what, String observed, String rule) {
    flush();
    long from = Math.clamp(offset, 0, lengthBytes);
    report(
        Location.stream(set)
            .withFile(file)
            .withBytes(from, offset < 0 || from == lengthBytes ? 0 : 1),
        new Evidence.Violation(what, shortened(observed), rule));
  }

  /// Ends the last run and says how many faults were not told one by one. Called at the end.
  public void finish() {
    flush();
    if (reported > MAX_REPORTED) {
      defects.accept(
          Defect.of(
              DefectKind.LABEL_MALFORMED,
              Location.stream(set).withFile(file),
              new Evidence.OutOfRange(
                  "malformed places", reported, null, (long) MAX_REPORTED, "")));
    }
  }

  private void flush() {
    Evidence fault = running;
    if (fault != null) {
      running = null;
      report(
          Location.stream(set)
              .withFile(file)
              .withBytes(fromByte, Math.max(0, toByte - fromByte))
              .withMessages(firstRow, lastRow),
          fault);
    }
  }

  private void report(Location where, Evidence fault) {
    if (++reported <= MAX_REPORTED) {
      defects.accept(Defect.of(DefectKind.LABEL_MALFORMED, where, fault));
    }
  }

  /// A text cut to what a message can show.
  public static String shortened(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
  }
}
