package dev.lockstep.payload;

import dev.lockstep.model.Evidence;
import dev.lockstep.model.Times;
import dev.lockstep.payload.CdrProgram.Step;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// Walks a CDR message by its program and checks that every length fits. Primitives are passed over
/// without a look, however many. Belongs to one thread.
final class CdrWalk {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private MemorySegment bytes = MemorySegment.NULL;
  private boolean littleEndian;
  private int maxAlign;
  private CdrProgram.Coding coding = CdrProgram.Coding.XCDR1;
  private long origin;

  /// Next byte, counted from [#origin].
  private long next;

  private long limit;
  private @Nullable Scratch scratch;
  private @Nullable Evidence fault;

  /// Walks the members in `[origin, origin + lengthBytes)`; places wanted go to `scratch`.
  ///
  /// @return what is wrong, or null
  @Nullable Evidence run(
      CdrProgram program,
      MemorySegment bytes,
      long origin,
      long lengthBytes,
      boolean littleEndian,
      Scratch scratch) {
    this.bytes = bytes;
    this.origin = origin;
    this.limit = lengthBytes;
    this.littleEndian = littleEndian;
    this.coding = program.coding;
    this.maxAlign = coding.maxAlign;
    this.scratch = scratch;
    this.next = 0;
    this.fault = null;
    boolean whole = steps(program.steps);
    if (whole) {
      judgeRest();
    }
    Evidence found = fault;
    this.bytes = MemorySegment.NULL;
    this.scratch = null;
    this.fault = null;
    return found;
  }

  /// Whether the end of the steps was reached: no fault and no stop.
  private boolean steps(Step[] steps) {
    for (Step step : steps) {
      boolean goOn =
          switch (step.kind) {
            case FIXED -> fixed(step);
            case TEXT -> text(step);
            case PRIMITIVES -> primitives(step);
            case SEQUENCE -> repeated(step, true);
            case ARRAY -> repeated(step, false);
            case STOP -> false;
          };
      if (!goOn) {
        return false;
      }
    }
    return true;
  }

  private boolean fixed(Step step) {
    long start = aligned(next, step.align);
    long left = limit - start;
    if (step.sizeBytes > left) {
      String member = step.memberBeyond(left);
      fault = new Evidence.Violation(at(member, start), "ends after " + end(), "more bytes");
      return false;
    }
    for (int i = 0; i < step.slots.length; i++) {
      place(step.slots[i], start + step.slotOffsets[i], 0);
    }
    for (long time : step.timeOffsets) {
      long nanosec = uint(start + time + CdrLayout.TIME_NANOSEC_AT);
      if (nanosec >= Times.SECOND) {
        fault =
            new Evidence.OutOfRange(
                at("nanoseconds of " + step.name, start + time + CdrLayout.TIME_NANOSEC_AT),
                nanosec,
                null,
                Times.SECOND - 1,
                "ns");
        return false;
      }
    }
    next = start + step.sizeBytes;
    return true;
  }

  private boolean text(Step step) {
    long start = aligned(next, 4);
    if (!has(step, start, 4)) {
      return false;
    }
    long length = uint(start);
    if (length > limit - start - 4) {
      return tooLong("length of " + step.name, start, length, limit - start - 4);
    }
    next = start + 4 + length;
    if (length > 0 && coding != CdrProgram.Coding.ROS1 && bytes.get(BYTE, origin + next - 1) != 0) {
      fault =
          new Evidence.Violation(
              at("end of text " + step.name, next - 1),
              Texts.hex(bytes, origin + next - 1, 1),
              "00");
      return false;
    }
    if (step.slot >= 0) {
      place(step.slot, start + 4, (int) coding.characters(length));
    }
    return true;
  }

  private boolean primitives(Step step) {
    long start = aligned(next, 4);
    if (!has(step, start, 4)) {
      return false;
    }
    long count = uint(start);
    long first = count == 0 ? start + 4 : aligned(start + 4, step.align);
    long room = Math.max(0, limit - first) / step.sizeBytes;
    if (count > room) {
      return tooLong("count of " + step.name, start, count, room);
    }
    if (!withinBound(step, start, count)) {
      return false;
    }
    if (step.slot >= 0) {
      place(step.slot, first, (int) (count * step.sizeBytes));
    }
    next = first + count * step.sizeBytes;
    return true;
  }

  private boolean repeated(Step step, boolean counted) {
    if (step.delimited) {
      long start = aligned(next, 4);
      if (!has(step, start, 4)) {
        return false;
      }
      long length = uint(start);
      if (length > limit - start - 4) {
        return tooLong("length of " + step.name, start, length, limit - start - 4);
      }
      next = start + 4;
    }
    long count = step.count;
    if (counted) {
      long start = aligned(next, 4);
      if (!has(step, start, 4)) {
        return false;
      }
      count = uint(start);
      next = start + 4;
      // Every element takes a byte at least, but for empty ones in ROS 1.
      if (count > limit - next && step.body.length > 0) {
        return tooLong("count of " + step.name, start, count, limit - next);
      }
      if (!withinBound(step, start, count)) {
        return false;
      }
      if (step.slot >= 0) {
        place(step.slot, next, (int) count);
      }
    }
    for (long i = 0; i < count; i++) {
      long before = next;
      if (!steps(step.body)) {
        return false;
      }
      if (next == before) {
        // Elements without bytes: any number of them fits.
        return true;
      }
    }
    return true;
  }

  private boolean withinBound(Step step, long at, long count) {
    if (step.count > 0 && count > step.count) {
      fault = new Evidence.OutOfRange(at("count of " + step.name, at), count, null, step.count, "");
      return false;
    }
    return true;
  }

  private boolean has(Step step, long start, int needBytes) {
    if (limit - start < needBytes) {
      fault = new Evidence.Violation(at(step.name, start), "ends after " + end(), "more bytes");
      return false;
    }
    return true;
  }

  private boolean tooLong(String what, long at, long value, long room) {
    fault = new Evidence.OutOfRange(at(what, at), value, null, Math.max(0, room), "");
    return false;
  }

  private void judgeRest() {
    long rest = limit - next;
    boolean padded = coding != CdrProgram.Coding.ROS1;
    if (rest <= (padded ? CdrLayout.PADDING_BYTES : 0)) {
      return;
    }
    boolean zeros = padded && rest <= CdrLayout.ZERO_PADDING_BYTES;
    for (long i = next; zeros && i < limit; i++) {
      zeros = bytes.get(BYTE, origin + i) == 0;
    }
    if (!zeros) {
      fault =
          new Evidence.OutOfRange(
              at("bytes behind the last member", next),
              rest,
              null,
              padded ? CdrLayout.PADDING_BYTES : 0,
              "bytes");
    }
  }

  private void place(int slot, long at, int count) {
    Scratch to = scratch;
    if (to != null) {
      to.at[slot] = origin + at;
      to.count[slot] = count;
    }
  }

  private long aligned(long at, int align) {
    int a = Math.min(align, maxAlign);
    return (at + a - 1) & -a;
  }

  private long uint(long at) {
    return CdrLayout.uint(bytes, origin + at, littleEndian);
  }

  private String at(String what, long at) {
    return what + " at byte " + (at + coding.headerBytes);
  }

  private String end() {
    return (limit + coding.headerBytes) + " bytes";
  }
}
