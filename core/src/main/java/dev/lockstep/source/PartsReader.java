package dev.lockstep.source;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Reads a recording that was split into files as one: part after part, each by its own reader and
/// only once. Streams of one name go on from part to part.
///
/// [#available] counts parts. One part is open at a time, and the next while its last units are
/// scanned.
public final class PartsReader implements RecordingReader {
  private final List<Part> parts;
  private final BiConsumer<PartsSink, RecordingSink> atEnd;
  private final PartsSink joined;
  private int readable;
  private int position;
  private @Nullable RecordingReader current;

  /// Readers whose last units may not be committed yet.
  private final List<RecordingReader> ending = new ArrayList<>();

  /// A reader of `parts`, in that order.
  ///
  /// @param atEnd what is said after the last part: told what was read
  public PartsReader(List<Part> parts, BiConsumer<PartsSink, RecordingSink> atEnd) {
    this.parts = List.copyOf(parts);
    this.atEnd = atEnd;
    this.joined = new PartsSink(this.parts.size() > 1);
  }

  @Override
  public long available() {
    return parts.size();
  }

  @Override
  public void extend(long available, boolean complete) {
    readable = (int) Math.min(Math.max(readable, available), parts.size());
  }

  @Override
  public @Nullable ScanUnit next() {
    RecordingReader reader = current;
    if (reader == null) {
      if (position >= readable) {
        return null;
      }
      Part part = parts.get(position);
      try {
        reader = part.open();
        current = reader;
        reader.extend(reader.available(), true);
      } catch (IOException e) {
        closeCurrent();
        position++;
        return unreadable(part, e);
      }
    }
    Part part = parts.get(position);
    ScanUnit unit = reader.next();
    if (unit != null) {
      return unit(part, unit);
    }
    current = null;
    ending.add(reader);
    position++;
    return end(part, reader);
  }

  private ScanUnit unit(Part part, ScanUnit unit) {
    return new ScanUnit() {
      @Override
      public void scan() {
        unit.scan();
      }

      @Override
      public void commit(RecordingSink sink) {
        unit.commit(joined.over(part, sink));
      }
    };
  }

  /// All units of the part have been committed when this one is.
  private ScanUnit end(Part part, RecordingReader reader) {
    return new ScanUnit() {
      @Override
      public void scan() {
        // What is said at the end rests on all units of the part.
      }

      @Override
      public void commit(RecordingSink sink) {
        reader.finish(joined.over(part, sink));
        joined.partEnds();
        reader.close();
        ending.remove(reader);
      }
    };
  }

  private ScanUnit unreadable(Part part, IOException e) {
    return new ScanUnit() {
      @Override
      public void scan() {
        // There is nothing to read.
      }

      @Override
      public void commit(RecordingSink sink) {
        joined.over(part, sink).partLost();
        sink.defect(
            Defect.of(
                DefectKind.FILE_UNREADABLE,
                Location.file(part.name()),
                new Evidence.Violation("file", String.valueOf(e.getMessage()), "a file")));
      }
    };
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void finish(RecordingSink sink) {
    sink.examined(DefectKind.FILE_UNREADABLE, parts.size());
    joined.finish(sink);
    atEnd.accept(joined, sink);
    sink.coverage(joined.coverage());
  }

  @Override
  public void close() {
    closeCurrent();
    ending.forEach(RecordingReader::close);
    ending.clear();
  }

  private void closeCurrent() {
    RecordingReader reader = current;
    current = null;
    if (reader != null) {
      reader.close();
    }
  }
}
