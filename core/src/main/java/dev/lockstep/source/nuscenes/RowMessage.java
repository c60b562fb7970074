package dev.lockstep.source.nuscenes;

import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.FileFaults;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.FileMessage;
import dev.lockstep.source.RecordingSink;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/// One row of sensor data: the message in the file that it names. The name is read when the row is
/// scanned, so that a set of millions of rows holds none.
final class RowMessage implements FileItem {
  /// How far a stamp of nanoseconds in a name may be from one of microseconds that was a double.
  private static final long ROUNDING_NS = Times.MICROSECOND;

  private final DataSet set;
  private final StreamInfo stream;
  private final int row;
  private final long index;
  private final long stampNs;
  private final boolean first;
  private final List<Defect> defects = new ArrayList<>();
  private String name = "";
  private boolean absent;
  private boolean stamped;
  private @Nullable FileMessage message;

  /// @param row row of the table
  /// @param index number of the message in its stream
  /// @param first whether a capture begins with it
  RowMessage(DataSet set, StreamInfo stream, int row, long index, long stampNs, boolean first) {
    this.set = set;
    this.stream = stream;
    this.row = row;
    this.index = index;
    this.stampNs = stampNs;
    this.first = first;
  }

  @Override
  public void scan() {
    try {
      set.data().guard(() -> name = set.data().text(row, "filename"));
    } catch (MappedFaultException e) {
      defects.add(FileFaults.lost(Location.file(set.data().file()), e));
    }
    Path file = locate();
    absent = file == null;
    FileMessage made =
        new FileMessage(
            stream,
            index,
            stampNs,
            file,
            set.prefix() + name,
            Contents.of(stream.modality(), name),
            set.options(),
            set.tally());
    if (first) {
      made = made.beginsCapture();
    }
    compareStamps();
    if (!defects.isEmpty() || set.isMisposed(row)) {
      made = made.doubtful();
    }
    made.scan();
    message = made;
  }

  /// The file, or null if it is not there or lies outside of the set.
  private @Nullable Path locate() {
    if (name.isEmpty()) {
      malformed("empty");
      return null;
    }
    try {
      Path file = set.root().resolve(name).normalize();
      if (!file.startsWith(set.root())) {
        malformed("outside of the set");
        return null;
      }
      return Files.exists(file) ? file : null;
    } catch (InvalidPathException e) {
      malformed("no path");
      return null;
    }
  }

  private void malformed(String what) {
    defects.add(
        Defect.of(
            DefectKind.RECORD_MALFORMED,
            set.data().place(row),
            new Evidence.Violation("sample_data.filename", what, "a file of the set")));
  }

  /// Compares the stamp of the row with that in the name, where there is one: microseconds, or
  /// nanoseconds since the epoch of GPS (Lyft).
  private void compareStamps() {
    Matcher matcher = NuscenesLayout.STAMPED_NAME.matcher(name);
    if (stampNs == Times.NONE || !matcher.matches()) {
      return;
    }
    stamped = true;
    String digits = matcher.group(1);
    long value = Long.parseLong(digits);
    boolean us = digits.length() == 16;
    long namedNs =
        us ? value * Times.MICROSECOND : value + NuscenesLayout.GPS_EPOCH_SECONDS * Times.SECOND;
    boolean same =
        us
            ? namedNs == stampNs || namedNs == stampNs - Math.floorMod(stampNs, Times.MICROSECOND)
            : Math.abs(Times.difference(namedNs, stampNs)) <= ROUNDING_NS
                || Math.abs(Times.difference(value, stampNs)) <= ROUNDING_NS;
    if (!same) {
      // Where name and pose agree against the row, its stamp is wrong, and told once.
      boolean told = set.isMisposed(row);
      defects.add(
          new Defect(
              DefectKind.NAME_CONTRADICTS,
              told ? Severity.INFO : DefectKind.NAME_CONTRADICTS.severity(),
              Location.stream(stream.name())
                  .withFile(set.prefix() + name)
                  .withMessages(index, index)
                  .withStamps(stampNs, stampNs),
              new Evidence.Mismatch("stamp in the file name", namedNs + " ns", stampNs + " ns")));
    }
  }

  @Override
  public void commit(RecordingSink sink) {
    FileMessage read = message;
    if (read == null) {
      throw new IllegalStateException("committed before the scan");
    }
    read.commit(sink);
    if (stamped) {
      sink.examined(DefectKind.NAME_CONTRADICTS, 1);
    }
    defects.forEach(sink::defect);
    sink.examined(DefectKind.FILE_MISSING, 1);
    set.missing().see(stream, name, index, stampNs, absent);
  }
}
