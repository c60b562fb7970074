package dev.lockstep.shadow;

import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which messages of a recording the findings of integrity rules touch.
///
/// What a damaged container holds depends on the way through it, so that two reads may differ about
/// what damage touches, and that is one fault with what was reported. Damage at bytes touches the
/// chunk, with its indexes, and the blocks that they lie in; behind the last chunk it is about the
/// map of the whole and touches everything. A finding that names messages or a stream alone touches
/// those. Where a rule reports more findings than it keeps, the places are not known, and
/// everything counts as touched.
final class Damage {
  private final List<ByteRange> ranges = new ArrayList<>();
  private final List<ByteRange> touched = new ArrayList<>();
  private final Map<String, List<Span>> messages = new HashMap<>();
  private final Set<String> streams = new HashSet<>();
  private boolean everything;
  private long extentsEnd;

  /// @param file name of the recording's file
  /// @param known how the rules ended so far
  Damage(String file, List<CheckResult> known) {
    for (CheckResult result : known) {
      if (!result.check().family().equals("INT")) {
        continue;
      }
      long kept = 0;
      for (Finding finding : result.findings()) {
        kept++;
        if (finding.severity() != Severity.INFO) {
          add(file, finding.location());
        }
      }
      everything |= result.total() > kept && result.check().severity() != Severity.INFO;
    }
    // A checksum over much more says no place that a narrower finding within it does not.
    List<ByteRange> all = List.copyOf(ranges);
    ranges.removeIf(
        range -> all.stream().anyMatch(other -> !other.equals(range) && holds(range, other)));
    touched.addAll(ranges);
  }

  private void add(String file, Location at) {
    String stream = at.stream();
    ByteRange bytes = at.bytes();
    Span named = at.messages();
    if (bytes != null && (at.file() == null || file.equals(at.file()))) {
      ranges.add(bytes);
    } else if (stream != null && named == null) {
      streams.add(stream);
    } else if (stream == null) {
      everything = true;
    }
    if (stream != null && named != null) {
      messages.computeIfAbsent(stream, _ -> new ArrayList<>()).add(named);
    }
  }

  /// A part of the file that damage touches as a whole.
  ///
  /// @param listed whether it is one of a list that is told of before any message
  void extent(long offset, long lengthBytes, boolean listed) {
    ByteRange extent = new ByteRange(offset, lengthBytes);
    extentsEnd = listed ? Math.max(extentsEnd, extent.endBytes()) : extentsEnd;
    for (ByteRange range : ranges) {
      if (overlap(range, extent)) {
        touched.add(extent);
        return;
      }
    }
  }

  /// Whether bytes are touched.
  boolean touches(long offset, long lengthBytes) {
    if (everything || behindAll()) {
      return true;
    }
    ByteRange bytes = new ByteRange(offset, Math.max(1, lengthBytes));
    return touched.stream().anyMatch(range -> overlap(blocks(range), bytes));
  }

  /// Whether a message is touched.
  ///
  /// @param index its index in the stream, -1 where it is not known
  /// @param position its place in the file
  boolean touches(String stream, long index, long position) {
    return touches(position, 1)
        || streams.contains(stream)
        || messages.getOrDefault(stream, List.of()).stream()
            .anyMatch(range -> index < 0 || index >= range.first() && index <= range.last());
  }

  /// Whether a stream may be touched.
  boolean touches(String stream) {
    return everything
        || !ranges.isEmpty()
        || streams.contains(stream)
        || messages.containsKey(stream);
  }

  /// Whether damage lies behind all that is told of as one part.
  private boolean behindAll() {
    return extentsEnd > 0 && ranges.stream().anyMatch(range -> range.offsetBytes() >= extentsEnd);
  }

  private static ByteRange blocks(ByteRange range) {
    long from = FirstRead.pieceKey(range.offsetBytes()) << FirstRead.PIECE_BITS;
    long last = FirstRead.pieceKey(Math.max(range.offsetBytes(), range.endBytes() - 1));
    return new ByteRange(from, (last + 1 << FirstRead.PIECE_BITS) - from);
  }

  private static boolean holds(ByteRange range, ByteRange other) {
    return range.offsetBytes() <= other.offsetBytes() && range.endBytes() >= other.endBytes();
  }

  private static boolean overlap(ByteRange a, ByteRange b) {
    return a.offsetBytes() < Math.max(b.endBytes(), b.offsetBytes() + 1)
        && b.offsetBytes() < Math.max(a.endBytes(), a.offsetBytes() + 1);
  }
}
