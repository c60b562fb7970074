package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import dev.lockstep.source.OffsetMap;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;
import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;
import org.jspecify.annotations.Nullable;

/// The tables of one track for those of its samples that a cut keeps.
///
/// An entry goes with its sample, and times close over those that are left out. What a table says
/// too much or too little of stays: so many entries, samples, or chunks. Samples in a row that stay
/// make a chunk each, at the place where their bytes are.
final class CutTables {
  /// Tables with an entry a sample that readers do without.
  private static final Set<Integer> SPARE =
      Set.of(
          type("sbgp"),
          type("subs"),
          type("saiz"),
          type("saio"),
          type("senc"),
          type("stsh"),
          type("padb"),
          type("stdp"),
          type("sdtp"));

  private final MemorySegment file;
  private final Track track;
  private final CutSamples cut;
  private final int firstPiece;
  private final int samples;
  private final long shift;
  private final int[] ranks;
  private final LongArrayList offsets = new LongArrayList();
  private final IntArrayList perChunk = new IntArrayList();
  private final LongArrayList entries = new LongArrayList();
  private final IntArrayList runs = new IntArrayList();
  private long placed;
  private final long ticks;
  private final long newTicks;

  /// @param firstPiece the piece of the first sample; the others follow
  /// @param cursors gives the samples as the tables place them
  /// @param shift bytes that all samples are said to lie too far back
  CutTables(
      MemorySegment file,
      Track track,
      CutSamples cut,
      int firstPiece,
      int samples,
      Supplier<@Nullable SampleCursor> cursors,
      long shift) {
    this.file = file;
    this.track = track;
    this.cut = cut;
    this.firstPiece = firstPiece;
    this.samples = samples;
    this.shift = shift;
    this.ranks = new int[samples + 1];
    for (int i = 0; i < samples; i++) {
      ranks[i + 1] = ranks[i] + (cut.has(firstPiece + i) ? 1 : 0);
    }
    chunks(cursors.get());
    Table deltas = track.decodeDeltas;
    this.ticks = deltas == null ? 0 : sum(deltas, false);
    this.newTicks = deltas == null ? 0 : sum(deltas, true);
  }

  /// Samples that are kept.
  int count() {
    return ranks[samples];
  }

  /// Length of the media that is left out, ticks.
  long droppedTicks() {
    return ticks - newTicks;
  }

  private void chunks(@Nullable SampleCursor cursor) {
    long chunk = -1;
    long end = -1;
    while (cursor != null && placed < samples && cursor.next()) {
      int piece = firstPiece + (int) cursor.index;
      placed++;
      if (!cut.has(piece)) {
        end = -1;
        continue;
      }
      boolean goesOn = cursor.chunk() == chunk && cursor.offset == end;
      if (goesOn) {
        perChunk.set(perChunk.size() - 1, perChunk.getLast() + 1);
      } else {
        offsets.add(cursor.offset);
        perChunk.add(1);
        entries.add(cursor.entry);
        runs.add(runOf(cursor.chunk()));
      }
      chunk = cursor.chunk();
      long size = cut.size(piece, cursor.size);
      end = size == cursor.size ? cursor.offset + size : -1;
    }
  }

  /// The entry of stsc that speaks of a chunk.
  private int runOf(long chunk) {
    Table table = track.chunkRuns;
    int run = 0;
    while (table != null && run + 1 < table.count() && chunk + 1 >= table.u32(run + 1, 0)) {
      run++;
    }
    return run;
  }

  private long sum(Table deltas, boolean ofCut) {
    long sum = 0;
    long from = 0;
    for (long i = 0; i < deltas.count(); i++) {
      long count = deltas.u32(i, 0);
      sum += (ofCut ? left(from, count) : count) * deltas.u32(i, 1);
      from += count;
    }
    return sum;
  }

  /// Of `count` samples from `from` on, those that are kept, and those that there are none of.
  private long left(long from, long count) {
    int first = (int) Math.min(from, samples);
    int end = (int) Math.min(from + count, samples);
    return ranks[end] - ranks[first] + (count - (end - first));
  }

  /// The table for the cut; null if it is left out, or the box itself where it is none of ours.
  ///
  /// @param layout where bytes lie in the cut
  byte @Nullable [] table(Box box, OffsetMap layout) {
    int type = box.type();
    Table deltas = track.decodeDeltas;
    Table compositions = track.compositionOffsets;
    Table syncs = track.syncs;
    Sizes sizes = track.sizes;
    Table runsTable = track.chunkRuns;
    Table chunks = track.chunks;
    if (SPARE.contains(type)) {
      return null;
    }
    if (deltas != null && box.equals(deltas.box())) {
      return counted(deltas, this::runs);
    } else if (compositions != null && box.equals(compositions.box())) {
      return counted(compositions, this::runs);
    } else if (syncs != null && box.equals(syncs.box())) {
      return counted(syncs, this::syncs);
    } else if (sizes != null && box.equals(sizes.box())) {
      return sizes(sizes, layout);
    } else if (runsTable != null && box.equals(runsTable.box())) {
      return counted(runsTable, this::chunkRuns);
    } else if (chunks != null && box.equals(chunks.box())) {
      return counted(chunks, (table, out) -> offsets(table, out, layout));
    }
    return file.asSlice(box.at(), box.end() - box.at()).toArray(U8);
  }

  private interface Entries {
    /// Writes the entries and gives their number.
    long write(Table table, BoxBytes out);
  }

  /// A table whose count is wrong by as much as it was.
  private byte[] counted(Table table, Entries entries) {
    Box box = table.box();
    if (box.length() < FULL_BYTES + COUNT_BYTES) {
      return file.asSlice(box.at(), box.end() - box.at()).toArray(U8);
    }
    BoxBytes rows = new BoxBytes();
    long count = entries.write(table, rows);
    long said = u32(file, box.body() + FULL_BYTES);
    BoxBytes out = new BoxBytes();
    out.box(
        box.type(),
        body ->
            body.u32(file.get(U32, box.body()))
                .u32((int) (count + said - table.count()))
                .bytes(rows.toBytes()));
    return out.toBytes();
  }

  private long runs(Table table, BoxBytes out) {
    long from = 0;
    long count = 0;
    for (long i = 0; i < table.count(); i++) {
      long number = table.u32(i, 0);
      long left = left(from, number);
      from += number;
      if (left > 0) {
        out.u32((int) left).u32(table.s32(i, 1));
        count++;
      }
    }
    return count;
  }

  private long syncs(Table table, BoxBytes out) {
    long count = 0;
    for (long i = 0; i < table.count(); i++) {
      long number = table.u32(i, 0);
      if (number < 1) {
        out.u32((int) number);
        count++;
      } else if (number > samples) {
        out.u32((int) (number - samples + count()));
        count++;
      } else if (ranks[(int) number] > ranks[(int) number - 1]) {
        out.u32(ranks[(int) number]);
        count++;
      }
    }
    return count;
  }

  private byte[] sizes(Sizes sizes, OffsetMap layout) {
    Box box = sizes.box();
    boolean whole = sizes.count() == samples && box.length() >= FULL_BYTES + 8;
    if (!whole) {
      return file.asSlice(box.at(), box.end() - box.at()).toArray(U8);
    }
    BoxBytes out = new BoxBytes();
    int each = file.get(U32, box.body() + FULL_BYTES);
    int bits = box.type() == STZ2 ? each & 0xFF : 32;
    // Samples of which only the first bytes are kept have sizes of their own.
    boolean alike = sizes.each() != 0 && cut.shortened().isEmpty();
    long said = u32(file, box.body() + FULL_BYTES + 4);
    out.box(
        box.type(),
        body -> {
          body.u32(file.get(U32, box.body()));
          body.u32(sizes.each() != 0 && !alike ? 0 : each);
          body.u32((int) (count() + said - sizes.count()));
          if (!alike) {
            entries(sizes, bits, layout, body);
          }
        });
    return out.toBytes();
  }

  private void entries(Sizes sizes, int bits, OffsetMap layout, BoxBytes out) {
    int half = 0;
    boolean odd = false;
    for (int i = 0; i < samples; i++) {
      int piece = firstPiece + i;
      if (!cut.has(piece)) {
        continue;
      }
      int size = (int) cut.size(piece, sizes.size(i), shift, layout);
      switch (bits) {
        case 4 -> {
          if (odd) {
            out.u8(half << 4 | size);
          }
          half = size;
          odd = !odd;
        }
        case 8 -> out.u8(size);
        case 16 -> out.u16(size);
        default -> out.u32(size);
      }
    }
    if (odd) {
      out.u8(half << 4);
    }
  }

  /// Chunks in a row that are alike make an entry. The last one is said to hold as many samples
  /// more as all were.
  private long chunkRuns(Table table, BoxBytes out) {
    if (offsets.isEmpty()) {
      return first(table, out);
    }
    int spare = Math.clamp(listed(table) - samples, 0, Integer.MAX_VALUE - samples);
    long count = 0;
    int told = 0;
    for (int chunk = 0; chunk < offsets.size(); chunk++) {
      boolean last = chunk + 1 == offsets.size();
      int number = perChunk.get(chunk) + (last ? spare : 0);
      boolean anew =
          chunk == 0
              || number != perChunk.get(chunk - 1)
              || entries.get(chunk) != entries.get(chunk - 1);
      for (; told < runs.get(chunk); told++) {
        long back = table.u32(told, 0) - table.u32(told + 1, 0);
        if (back >= 0) {
          // Its own number is not above that of the one before, by so much.
          out.u32(chunk + 1).u32(number).u32((int) entries.get(chunk));
          out.u32((int) Math.max(0, chunk + 1 - back)).u32(number).u32((int) entries.get(chunk));
          count += 2;
          anew = false;
        }
      }
      if (anew) {
        out.u32(chunk + 1).u32(number).u32((int) entries.get(chunk));
        count++;
      }
    }
    return count;
  }

  /// The first entry as it is: it places no sample.
  private static long first(Table table, BoxBytes out) {
    long count = Math.min(1, table.count());
    for (int field = 0; count > 0 && field < table.stride() / Integer.BYTES; field++) {
      out.u32(table.s32(0, field));
    }
    return count;
  }

  private long listed(Table table) {
    Table chunks = track.chunks;
    long listed = 0;
    for (long i = 0; chunks != null && i < table.count(); i++) {
      long next = i + 1 == table.count() ? chunks.count() + 1 : table.u32(i + 1, 0);
      long product = Math.max(0, next - table.u32(i, 0)) * table.u32(i, 1);
      listed = product < 0 || listed + product < 0 ? Long.MAX_VALUE : listed + product;
    }
    return listed;
  }

  private long offsets(Table table, BoxBytes out, OffsetMap layout) {
    if (offsets.isEmpty()) {
      return first(table, out);
    }
    for (int chunk = 0; chunk < offsets.size(); chunk++) {
      long place = layout.place(offsets.get(chunk) - shift) + shift;
      if (table.stride() == Long.BYTES) {
        out.u64(place);
      } else {
        out.u32((int) place);
      }
    }
    return offsets.size();
  }
}
