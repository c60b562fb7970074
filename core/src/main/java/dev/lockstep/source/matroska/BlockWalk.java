package dev.lockstep.source.matroska;

import static dev.lockstep.source.matroska.MatroskaLayout.*;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Times;
import dev.lockstep.source.FaultTally;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The blocks of one cluster, one after another, with their frames.
final class BlockWalk {
  /// Most frames of a block: their number is a byte.
  private static final int MAX_FRAMES = 256;

  private final MemorySegment file;
  private final FaultTally faults;
  private final boolean cut;
  private final long end;
  private long at;
  private long clusterTicks = -1;

  /// Bytes that are no element.
  long lostBytes;

  /// Whether blocks may have been lost since the last one.
  boolean lost;

  // The block that next() came to.
  long track;
  long ticks;
  boolean timed;
  boolean keyframe;
  int frames;
  final long[] offsets = new long[MAX_FRAMES];
  final long[] sizes = new long[MAX_FRAMES];

  /// The blocks of the cluster in `[from, end)`.
  ///
  /// @param cut whether the file ends inside of it, which is told already
  BlockWalk(MemorySegment file, Element cluster, long end, boolean cut, FaultTally faults) {
    this.file = file;
    this.faults = faults;
    this.end = end;
    this.cut = cut;
    this.at = cluster.body();
  }

  /// Goes to the next block.
  ///
  /// @return whether there is one
  boolean next() {
    while (at < end) {
      faults.examined(DefectKind.RECORD_LENGTH, 1);
      Element element = Element.at(file, at, end);
      if (element == null || !element.fits(end)) {
        lose(at, element);
        return false;
      }
      at = element.body() + element.size();
      switch (element.id()) {
        case TIMESTAMP -> clusterTicks = element.unsigned(file);
        case SIMPLE_BLOCK -> {
          if (block(element, true)) {
            return true;
          }
        }
        case BLOCK_GROUP -> {
          if (group(element)) {
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }

  private void lose(long from, @Nullable Element element) {
    lostBytes += end - from;
    lost = true;
    if (!cut) {
      faults.add(
          DefectKind.RECORD_LENGTH,
          from,
          end - from,
          element == null
              ? new Evidence.Violation("element in Cluster", "no id and size", "an element")
              : new Evidence.OutOfRange(
                  "size of " + name(element.id()) + " in Cluster",
                  element.size(),
                  0,
                  end - element.body(),
                  "bytes"));
    }
    at = end;
  }

  private boolean group(Element group) {
    Element block = null;
    boolean refers = false;
    Children children = new Children(file, group, end, faults);
    for (Element child = children.next(); child != null; child = children.next()) {
      block = child.id() == BLOCK ? child : block;
      refers |= child.id() == REFERENCE_BLOCK;
    }
    if (block == null || !block(block, false)) {
      lost |= block == null;
      return false;
    }
    keyframe = !refers;
    return true;
  }

  private boolean block(Element block, boolean simple) {
    long from = block.body();
    long to = from + block.size();
    int numberBytes = from < to ? Element.length(u8(file, from)) : 9;
    if (numberBytes > 8 || to - from < numberBytes + 3) {
      return malformed(block, "head of a block", block.size() + " bytes", "track, time and flags");
    }
    track = Element.number(file, from, numberBytes);
    from += numberBytes;
    timed = clusterTicks >= 0 && clusterTicks < Long.MAX_VALUE / 2;
    ticks = clusterTicks + file.get(S16, from);
    int flags = u8(file, from + 2);
    keyframe = simple && (flags & KEYFRAME_FLAG) != 0;
    from += 3;
    int lacing = (flags >> LACING_SHIFT) & LACING_MASK;
    if (lacing == 0) {
      frames = 1;
      offsets[0] = from;
      sizes[0] = to - from;
      return true;
    }
    return from < to && laced(lacing, u8(file, from) + 1, from + 1, to)
        || malformed(block, "lacing of a block", "sizes beyond its end", "frames inside");
  }

  private boolean malformed(Element block, String what, String observed, String rule) {
    lost = true;
    lostBytes += block.size();
    faults.add(
        DefectKind.RECORD_MALFORMED,
        block.at(),
        block.body() + block.size() - block.at(),
        new Evidence.Violation(what, observed, rule));
    return false;
  }

  private boolean laced(int lacing, int count, long begin, long to) {
    frames = count;
    long from = begin;
    long sum = 0;
    for (int i = 0; i < count - 1 && lacing != LACING_EQUAL; i++) {
      if (from >= to) {
        return false;
      }
      if (lacing == LACING_XIPH) {
        sizes[i] = 0;
        int part = 0xFF;
        while (part == 0xFF && from < to) {
          part = u8(file, from++);
          sizes[i] += part;
        }
      } else {
        int bytes = Element.length(u8(file, from));
        if (bytes > 8 || to - from < bytes) {
          return false;
        }
        long value = Element.number(file, from, bytes);
        // Sizes behind the first are differences, counted from the middle of their range.
        long middle = (1L << (7 * bytes - 1)) - 1;
        sizes[i] = i == 0 ? value : sizes[i - 1] + value - middle;
        from += bytes;
      }
      if (sizes[i] < 0 || sizes[i] > to - from) {
        return false;
      }
      sum += sizes[i];
    }
    long rest = to - from;
    if (lacing == LACING_EQUAL) {
      if (rest % count != 0) {
        return false;
      }
      Arrays.fill(sizes, 0, count, rest / count);
    } else {
      if (sum > rest) {
        return false;
      }
      sizes[count - 1] = rest - sum;
    }
    for (int i = 0; i < count; i++) {
      offsets[i] = from;
      from += sizes[i];
    }
    return true;
  }

  /// Time of the block, ns, or [Times#NONE] where it has none or one beyond any clock.
  long timeNs(long scaleNs) {
    if (!timed) {
      return Times.NONE;
    }
    long high = Math.multiplyHigh(ticks, scaleNs);
    long low = ticks * scaleNs;
    boolean fits = high == low >> (Long.SIZE - 1) && Math.abs(low) < Long.MAX_VALUE / 2;
    return fits ? low : Times.NONE;
  }
}
