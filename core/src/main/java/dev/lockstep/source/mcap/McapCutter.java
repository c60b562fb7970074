package dev.lockstep.source.mcap;

import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.ScannedIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Cuts MCAP files along log time.
///
/// Written anew, a cut has the messages of the streams in the window with their definitions, and
/// chunks, compression and checksums like the original's. Verbatim, it has the original's chunks,
/// message indexes and damaged bytes, byte for byte, behind all definitions; its summary is left
/// out, since it would have to be another one. A file that has no end keeps none if the window
/// reaches its end.
final class McapCutter implements RecordingCutter {
  private final ScanContext context;
  private final ScannedIndex index;
  private final CutSource source;

  private McapCutter(MappedFile file, ScannedIndex index) {
    this.context = new ScanContext(file, ReadOptions.DEFAULT);
    this.source = new CutSource(context);
    this.index = index;
  }

  /// Opens a file.
  ///
  /// @throws IOException if it cannot be read
  static McapCutter open(Path path) throws IOException {
    ScannedIndex index =
        ScannedIndex.of(
            path,
            new McapReader(MappedFile.openFirst(path, 0), ReadOptions.DEFAULT.containerOnly()),
            true);
    McapCutter cutter = new McapCutter(MappedFile.open(path), index);
    try {
      cutter.guarded(() -> cutter.source.read(index.streams().size()));
      return cutter;
    } catch (IOException | RuntimeException e) {
      cutter.close();
      throw e;
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private void guarded(Work work) throws IOException {
    try {
      context.file.guard(0, context.file.lengthBytes(), work::run);
    } catch (MappedFaultException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public List<String> streams() {
    return index.streams().stream().map(StreamInfo::name).toList();
  }

  @Override
  public Window whole() {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (String stream : streams()) {
      for (long i = 0; i < index.messages(stream); i++) {
        long at = index.message(stream, i).logTimeNs();
        first = Math.min(first, at);
        last = Math.max(last, at);
      }
    }
    return first > last ? new Window(0, 0) : new Window(first, last);
  }

  @Override
  public long axisOf(String stream, long message) {
    return message >= 0 && message < index.messages(stream)
        ? index.message(stream, message).logTimeNs()
        : whole().first();
  }

  @Override
  public long axisOfByte(String file, long offsetBytes) {
    MessageAt best = null;
    for (String stream : streams()) {
      for (long i = 0; i < index.messages(stream); i++) {
        MessageAt each = index.message(stream, i);
        long at = each.bytes().offsetBytes();
        if (at <= offsetBytes && (best == null || at > best.bytes().offsetBytes())) {
          best = each;
        }
      }
    }
    return best == null ? whole().first() : best.logTimeNs();
  }

  @Override
  public long step(String stream) {
    long count = index.messages(stream);
    if (count < 2) {
      Window all = whole();
      return Math.max(1, (all.last() - all.first()) / 100);
    }
    long spanNs =
        Times.difference(
            index.message(stream, count - 1).logTimeNs(), index.message(stream, 0).logTimeNs());
    return Math.max(1, Math.abs(spanNs) / (count - 1));
  }

  @Override
  public boolean hasContainer() {
    return true;
  }

  @Override
  public Path cut(Plan plan, Path folder) throws IOException {
    Path target = folder.resolve(context.name);
    guarded(() -> {
      if (plan.verbatim()) {
        VerbatimCut.write(source, plan, whole(), target);
      } else {
        RewrittenCut.write(source, plan, target);
      }
    });
    return target;
  }

  @Override
  public void close() {
    context.close();
    index.close();
  }
}
