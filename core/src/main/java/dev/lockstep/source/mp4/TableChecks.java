package dev.lockstep.source.mp4;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Holds the tables of a track against each other. Each is read once, where it lies.
final class TableChecks {
  private final Track track;
  private final String stream;
  private final Faults faults;
  private final List<Count> counts = new ArrayList<>();

  TableChecks(Track track, String stream, Faults faults) {
    this.track = track;
    this.stream = stream;
    this.faults = faults;
  }

  /// Gives cursors over the track's own tables, or null where they name no samples.
  Supplier<@Nullable SampleCursor> open() {
    Sizes sizes = track.sizes;
    if (sizes == null || sizes.count() == 0) {
      return () -> null;
    }
    Table deltas = required(track.decodeDeltas, sizes, "stts");
    Table chunkRuns = required(track.chunkRuns, sizes, "stsc");
    Table chunks = required(track.chunks, sizes, "stco");
    if (deltas == null || chunkRuns == null || chunks == null) {
      return () -> null;
    }
    long samples = sizes.count();
    long timed = sum(deltas);
    counted("stts", deltas.box(), timed, samples);
    if (timed == samples) {
      duration(deltas);
    }
    Table offsets = track.compositionOffsets;
    if (offsets != null) {
      counted("ctts", offsets.box(), sum(offsets), samples);
    }
    chunks(chunkRuns, chunks, samples);
    compare(sizes, samples);
    syncs(samples);
    return () -> new TableCursor(track, sizes, chunks, chunkRuns, deltas);
  }

  /// What one table says of the number of samples.
  private record Count(String table, Box box, long samples, boolean agrees) {}

  private void counted(String table, Box box, long samples, long sizes) {
    counts.add(new Count(table, box, samples, samples == sizes));
  }

  private @Nullable Table required(@Nullable Table table, Sizes sizes, String name) {
    faults.examined(DefectKind.RECORD_MALFORMED, 1);
    if (table == null) {
      malformed(track.box, "table " + name, "absent", "one of " + sizes.count() + " samples");
    }
    return table;
  }

  private static long sum(Table runs) {
    long sum = 0;
    for (long i = 0; i < runs.count(); i++) {
      sum += runs.u32(i, 0);
    }
    return sum;
  }

  /// The stored length of the media, unless it is unknown, against the sum of the deltas. Half a
  /// second is what the last sample's delta may be rounded to.
  private void duration(Table deltas) {
    long ticks = 0;
    long longest = 0;
    for (long i = 0; i < deltas.count(); i++) {
      long delta = deltas.u32(i, 1);
      ticks += deltas.u32(i, 0) * delta;
      longest = Math.max(longest, delta);
    }
    faults.examined(DefectKind.COUNT_MISMATCH, 1);
    long stored = track.duration;
    if (stored > 0 && ticks >= 0 && Math.abs(stored - ticks) > Math.max(longest, 1)) {
      faults.add(
          DefectKind.COUNT_MISMATCH,
          Severity.WARNING,
          at(deltas.box()),
          Evidence.Mismatch.ofCount("duration in mdhd, against stts, ticks", stored, ticks));
      track.doubtful = true;
    }
  }

  /// Holds the numbers of samples against each other: if all others agree, stsz is the one that is
  /// wrong.
  private void compare(Sizes sizes, long samples) {
    faults.examined(DefectKind.COUNT_MISMATCH, counts.size());
    long others = counts.stream().mapToLong(Count::samples).distinct().count();
    if (others == 1 && counts.size() > 1 && !counts.getFirst().agrees) {
      String tables = String.join(", ", counts.stream().map(Count::table).toList());
      mismatch(
          sizes.box(), "samples in stsz, against " + tables, samples, counts.getFirst().samples);
      return;
    }
    for (Count count : counts) {
      if (!count.agrees) {
        mismatch(count.box, "samples in " + count.table + ", against stsz", count.samples, samples);
      }
    }
  }

  private void mismatch(Box box, String what, long stored, long computed) {
    faults.add(
        DefectKind.COUNT_MISMATCH,
        DefectKind.COUNT_MISMATCH.severity(),
        at(box),
        Evidence.Mismatch.ofCount(what, stored, computed));
    track.doubtful = true;
  }

  private void chunks(Table runs, Table chunks, long samples) {
    faults.examined(DefectKind.RECORD_MALFORMED, runs.count());
    long listed = 0;
    for (long i = 0; i < runs.count(); i++) {
      long first = runs.u32(i, 0);
      boolean last = i + 1 == runs.count();
      long next = last ? chunks.count() + 1 : runs.u32(i + 1, 0);
      if (i == 0 && first != 1 || next <= first && !last) {
        malformed(
            runs.box(),
            "first chunk of stsc entry " + (i == 0 && first != 1 ? i : i + 1),
            Long.toString(i == 0 && first != 1 ? first : next),
            i == 0 && first != 1 ? "1" : "above " + first);
        return;
      }
      long description = runs.u32(i, 2);
      if (description < 1 || description > track.entries.size()) {
        malformed(
            runs.box(),
            "sample description of stsc entry " + i,
            Long.toString(description),
            "1 to " + track.entries.size());
      }
      // Chunks and samples of a chunk have 32 bits each; saturate instead of a wrong sum.
      long product = Math.max(0, next - first) * runs.u32(i, 1);
      listed = product < 0 || listed + product < 0 ? Long.MAX_VALUE : listed + product;
    }
    counted("stsc and stco", runs.box(), listed, samples);
  }

  private void syncs(long samples) {
    Table syncs = track.syncs;
    if (syncs == null) {
      return;
    }
    faults.examined(DefectKind.RECORD_MALFORMED, syncs.count());
    long before = 0;
    for (long i = 0; i < syncs.count(); i++) {
      long number = syncs.u32(i, 0);
      if (number <= before || number > samples) {
        malformed(
            syncs.box(),
            "sync sample " + i + " of stss",
            Long.toString(number),
            number > samples ? "at most " + samples : "above " + before);
        return;
      }
      before = number;
    }
  }

  private void malformed(Box box, String what, String observed, String rule) {
    faults.add(
        DefectKind.RECORD_MALFORMED,
        DefectKind.RECORD_MALFORMED.severity(),
        at(box),
        new Evidence.Violation(what, observed, rule));
    track.doubtful = true;
  }

  private Location at(Box box) {
    return faults.at(box.at(), box.end() - box.at()).withStream(stream);
  }
}
