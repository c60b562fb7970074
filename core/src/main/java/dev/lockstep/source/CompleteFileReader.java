package dev.lockstep.source;

import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads one file once it is complete, because what the file says of itself may stand at its end.
///
/// A file that is empty, or holds a pointer instead of data, is told here and never planned.
public abstract class CompleteFileReader implements RecordingReader {
  /// The file, mapped as far as it is complete.
  protected final MappedFile file;

  private @Nullable Defect unfit;
  private @Nullable MappedFaultException fault;
  private boolean complete;
  private boolean declared;

  /// Reads `file`, and closes it.
  protected CompleteFileReader(MappedFile file) {
    this.file = file;
  }

  /// Finds out what there is to read; the file is complete and mapped.
  protected abstract void plan();

  /// The next piece of work, or null; called under a guard, as long as no byte was lost.
  protected abstract @Nullable ScanUnit nextUnit();

  /// Names the streams, once, in front of the first messages.
  protected abstract void declare(RecordingSink sink);

  /// Reports what can be said only at the end. The file is fit to be read.
  protected abstract void end(RecordingSink sink);

  /// Whether [#extend] has said that no more will follow.
  protected final boolean isComplete() {
    return complete;
  }

  /// Why bytes could not be read while units were cut, or null.
  protected final @Nullable MappedFaultException fault() {
    return fault;
  }

  @Override
  public final long available() throws IOException {
    return file.currentFileLength();
  }

  @Override
  public final void extend(long available, boolean complete) throws IOException {
    if (!complete || this.complete) {
      return;
    }
    this.complete = true;
    file.extendTo(available);
    file.releaseSuperseded();
    try {
      file.guard(0, available, this::begin);
    } catch (MappedFaultException e) {
      fault = e;
    }
  }

  private void begin() {
    unfit = FileFaults.emptyOrPointer(file.segment(), Location.file(file.name()));
    if (unfit == null) {
      plan();
    }
  }

  @Override
  public final @Nullable ScanUnit next() {
    if (!complete || fault != null || unfit != null) {
      return null;
    }
    @Nullable ScanUnit[] unit = new @Nullable ScanUnit[1];
    try {
      file.guard(0, 0, () -> unit[0] = nextUnit());
    } catch (MappedFaultException e) {
      fault = e;
      return null;
    }
    ScanUnit found = unit[0];
    return found == null ? null : declaring(found);
  }

  private ScanUnit declaring(ScanUnit unit) {
    return new ScanUnit() {
      @Override
      public void scan() {
        unit.scan();
      }

      @Override
      public void commit(RecordingSink sink) {
        declareOnce(sink);
        unit.commit(sink);
      }
    };
  }

  private void declareOnce(RecordingSink sink) {
    if (!declared) {
      declared = true;
      declare(sink);
    }
  }

  @Override
  public final void finish(RecordingSink sink) {
    if (!complete) {
      throw new IllegalStateException("the file is not complete yet");
    }
    declareOnce(sink);
    sink.examined(DefectKind.FILE_EMPTY, 1);
    sink.examined(DefectKind.LFS_POINTER, 1);
    sink.examined(DefectKind.FILE_CHANGED, 1);
    Defect unusable = unfit;
    if (unusable != null) {
      sink.defect(unusable);
      sink.coverage(new Coverage(file.lengthBytes(), 0, file.lengthBytes(), 0, "none"));
      return;
    }
    end(sink);
  }

  /// Tells that bytes of the file went away while it was read.
  ///
  /// @return how many bytes that are
  protected final long changed(MappedFaultException shrunk, RecordingSink sink) {
    long lost = file.lengthBytes() - shrunk.offset();
    sink.defect(
        Defect.of(
            DefectKind.FILE_CHANGED,
            Location.bytes(file.name(), shrunk.offset(), Math.max(0, lost)),
            new Evidence.Violation("file", String.valueOf(shrunk.getMessage()), "as it was")));
    return lost;
  }

  @Override
  public final void close() {
    file.close();
  }
}
