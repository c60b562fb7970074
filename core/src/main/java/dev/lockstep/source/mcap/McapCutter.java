package dev.lockstep.source.mcap;

import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.ScannedIndex;
import dev.lockstep.source.mcap.CutSource.Definition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Cuts MCAP files along log time.
///
/// Written anew, a cut has the messages of the streams in the window with their definitions, and
/// chunks, compression and checksums like the original's. Verbatim, it has the original's chunks,
/// message indexes, damaged bytes and summary ([CutWriter]); records of chunks and bytes of
/// messages can be left out of it, too ([CutTree]). A file that has no end keeps none if the window
/// reaches its end.
final class McapCutter implements RecordingCutter {
  /// Longest file whose records are told apart: all of them are held in memory. Judged.
  private static final long MAX_FINE_BYTES = 64L << 20;

  private final ScanContext context;
  private final ScannedIndex index;
  private final CutSource source;
  private @Nullable CutTree coarse;
  private @Nullable CutTree fine;

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
        verbatim(plan, target);
      } else {
        RewrittenCut.write(source, plan, target);
      }
    });
    return target;
  }

  private CutTree tree(boolean fine) {
    return new CutTree(context, source.spans, fine);
  }

  private void verbatim(Plan plan, Path target) throws IOException {
    CutTree tree = coarse == null ? tree(false) : coarse;
    coarse = tree;
    BitSet kept = new BitSet(tree.items().size());
    kept.set(0, tree.items().size());
    Set<Long> left = new HashSet<>();
    Window window = opened(plan.window());
    boolean open = !Anchors.endsWithFooter(context.segment()) && window.last() == Long.MAX_VALUE;
    long timeNs = whole().first();
    for (CutPiece piece : tree.pieces()) {
      CutPiece.Chunk chunk = piece.chunk();
      boolean keep = true;
      if (chunk != null) {
        Records.ChunkHead head = chunk.span().head();
        boolean sound = head.startNs() <= head.endNs() && head.endNs() != 0;
        keep = sound ? CutSource.overlaps(chunk.span(), window) : window.contains(timeNs);
        timeNs = sound ? head.endNs() : timeNs;
        if (!keep) {
          left.add(piece.from());
        }
      } else if (piece.opcode() == McapLayout.MESSAGE && !tree.inSummary(piece)) {
        Definition channel = source.channels.get(piece.id());
        boolean wanted = channel == null || plan.streams().contains(channel.stream());
        // A run may last as long as the next one begins later.
        long lastNs = tree.lastTime(piece);
        keep = wanted && piece.timeNs() <= window.last() && lastNs >= window.first();
        timeNs = lastNs;
      } else if (!tree.inSummary(piece) && !isDefinition(piece)) {
        keep = window.contains(timeNs);
      }
      if (!keep) {
        piece.runs().stream().filter(run -> run.item() >= 0).forEach(run -> kept.clear(run.item()));
        if (!piece.items().isEmpty()) {
          kept.clear(piece.items().getLast());
        }
      }
    }
    boolean end = !open && !Anchors.endsWithFooter(context.segment());
    CutWriter.write(tree, kept, source.definitionsIn(left), end, target);
  }

  /// A window that reaches an end of the axis reaches what lies beyond, too: chunks of which no
  /// message can be read have times of which the axis knows nothing.
  private Window opened(Window window) {
    Window whole = whole();
    return new Window(
        window.first() <= whole.first() ? Long.MIN_VALUE : window.first(),
        window.last() >= whole.last() ? Long.MAX_VALUE : window.last());
  }

  private static boolean isDefinition(CutPiece piece) {
    return piece.opcode() == McapLayout.SCHEMA
        || piece.opcode() == McapLayout.CHANNEL
        || piece.opcode() == McapLayout.MESSAGE_INDEX;
  }

  @Override
  public List<Part> parts() throws IOException {
    CutTree tree = fine;
    if (tree == null) {
      if (context.segment().byteSize() > MAX_FINE_BYTES) {
        return List.of();
      }
      guarded(() -> fine = tree(true));
      tree = fine;
    }
    return tree == null ? List.of() : tree.items();
  }

  @Override
  public Path cut(BitSet kept, Path folder) throws IOException {
    Path target = folder.resolve(context.name);
    CutTree tree = fine;
    if (tree == null) {
      throw new IllegalStateException("parts are not asked for yet");
    }
    guarded(() -> CutWriter.write(tree, kept, tree.definitionsLeft(kept), false, target));
    return target;
  }

  @Override
  public void close() {
    context.close();
    index.close();
  }
}
