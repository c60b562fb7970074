package dev.lockstep.source.mcap;

import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.payload.ZeroRuns;
import dev.lockstep.source.FileFaults;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.ScanUnit;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Reads one MCAP file: cuts it into units, and tells what can be told only at its end.
///
/// Private memory: decompression buffers, together at most twice [ReadOptions#maxBlockBytes]; the
/// columns of the units under way, at most some 20 MB each; 16 bytes for each chunk, attachment and
/// metadata record, at most 50 MB; schemas, at most 64 MB; labels. Nothing grows with the number of
/// messages.
final class McapReader implements RecordingReader {
  private final ScanContext context;
  private final Ledger ledger;
  private final TopWalk walk;
  private boolean complete;
  private @Nullable Defect wholeFault;
  private @Nullable MappedFaultException walkFault;

  McapReader(MappedFile file, ReadOptions options) {
    this.context = new ScanContext(file, options);
    this.ledger = new Ledger(context);
    this.walk = new TopWalk();
  }

  @Override
  public long available() throws IOException {
    return context.file.currentFileLength();
  }

  @Override
  public void extend(long available, boolean complete) throws IOException {
    boolean first = context.file.lengthBytes() == 0;
    context.file.extendTo(available);
    context.file.releaseSuperseded();
    this.complete = complete;
    walk.extend(context.segment(), complete);
    if (complete) {
      try {
        context.file.guard(0, available, () -> lookAhead(first));
      } catch (MappedFaultException e) {
        walkFault = e;
      }
    }
  }

  /// Looks at a complete file as a whole.
  ///
  /// @param unread whether nothing of it has been read yet
  private void lookAhead(boolean unread) {
    wholeFault = wholeFault(context);
    if (unread && wholeFault == null) {
      SummaryPreview preview = new SummaryPreview(context);
      context.dataCrcWanted = !preview.dataCrcIsAbsent();
      preview.guessDefinitions();
    }
  }

  @Override
  public @Nullable ScanUnit next() {
    if (wholeFault != null || walkFault != null) {
      return null;
    }
    TopWalk.@Nullable Span[] span = new TopWalk.Span[1];
    try {
      context.file.guard(0, 0, () -> span[0] = walk.next());
    } catch (MappedFaultException e) {
      walkFault = e;
      return null;
    }
    TopWalk.Span found = span[0];
    return found == null ? null : new McapUnit(found, context, ledger);
  }

  @Override
  public long position() {
    return walk.position();
  }

  @Override
  public void finish(RecordingSink sink) {
    if (!complete) {
      throw new IllegalStateException("the file is not complete yet");
    }
    new FileEnd(context, ledger, walk, sink).run(wholeFault, walkFault);
  }

  @Override
  public void close() {
    context.close();
  }

  /// What makes the content not worth a look, or null.
  private static @Nullable Defect wholeFault(ScanContext context) {
    MemorySegment content = context.segment();
    Defect unfit = FileFaults.emptyOrPointer(content, Location.file(context.name));
    if (unfit != null || ZeroRuns.end(content, 0) < content.byteSize()) {
      return unfit;
    }
    return Defect.of(
        DefectKind.ZERO_PAGES,
        Location.bytes(context.name, 0, content.byteSize()),
        new Evidence.Violation("content", content.byteSize() + " zeros", "data"));
  }
}
