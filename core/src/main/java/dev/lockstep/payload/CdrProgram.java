package dev.lockstep.payload;

import dev.lockstep.payload.RosType.Field;
import dev.lockstep.payload.RosType.Kind;
import dev.lockstep.payload.RosType.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A message type compiled for one coding: what a [CdrWalk] does to get through a message. Nested
/// types are laid into their users, and neighbouring members of fixed size become one step.
/// Immutable.
final class CdrProgram {
  /// Steps of a program; a type that needs more is walked no further (judged: the largest types of
  /// ROS need a few hundred).
  private static final int MAX_STEPS = 4096;

  /// How members are laid out.
  enum Coding {
    XCDR1(CdrLayout.XCDR1_ALIGN, CdrLayout.HEADER_BYTES),
    XCDR2(CdrLayout.XCDR2_ALIGN, CdrLayout.HEADER_BYTES),
    /// ROS 1: packed, little-endian, without header; texts without NUL, no padding at the end.
    ROS1(1, 0);

    /// Largest alignment.
    final int maxAlign;

    /// Bytes in front of the first member.
    final int headerBytes;

    Coding(int maxAlign, int headerBytes) {
      this.maxAlign = maxAlign;
      this.headerBytes = headerBytes;
    }

    /// Characters of a text whose stored length is `length`.
    long characters(long length) {
      return this == ROS1 ? length : Math.max(0, length - 1);
    }
  }

  /// What a step does.
  enum Act {
    /// Members of fixed size.
    FIXED,
    /// A length and that many characters.
    TEXT,
    /// A count and that many primitives.
    PRIMITIVES,
    /// A count and that many times the body.
    SEQUENCE,
    /// A fixed number of times the body.
    ARRAY,
    /// What follows cannot be located.
    STOP
  }

  /// One step.
  static final class Step {
    final Act kind;

    /// First alignment, bytes.
    final int align;

    /// Bytes of a fixed step; of an element of primitives.
    long sizeBytes;

    /// Where the result goes, or -1.
    final int slot;

    /// Repetitions of an array, upper bound of a sequence (0 for none).
    final long count;

    final Step[] body;

    /// Whether XCDR2 puts a byte count in front.
    final boolean delimited;

    /// Name of the member; of the first one of a fixed step.
    final String name;

    /// Names of the members of a fixed step and where each ends.
    final List<String> names = new ArrayList<>();

    final List<Long> ends = new ArrayList<>();

    /// Members of a fixed step whose place is wanted.
    int[] slots = {};

    long[] slotOffsets = {};

    /// Stamps in a fixed step.
    long[] timeOffsets = {};

    Step(
        Act kind,
        String name,
        int align,
        long sizeBytes,
        int slot,
        long count,
        Step[] body,
        boolean delimited) {
      this.kind = kind;
      this.name = name;
      this.align = align;
      this.sizeBytes = sizeBytes;
      this.slot = slot;
      this.count = count;
      this.body = body;
      this.delimited = delimited;
    }

    /// The member of a fixed step that does not fit into `leftBytes`.
    String memberBeyond(long leftBytes) {
      for (int i = 0; i < names.size(); i++) {
        if (ends.get(i) > leftBytes) {
          return names.get(i);
        }
      }
      return name;
    }
  }

  private static final Step[] NONE = {};

  final Step[] steps;
  final Coding coding;

  private CdrProgram(Step[] steps, Coding coding) {
    this.steps = steps;
    this.coding = coding;
  }

  /// Compiles `type`.
  ///
  /// @param slots places wanted, by path (`header.stamp`)
  static CdrProgram of(RosType type, Coding coding, Map<String, Integer> slots) {
    Compiler compiler = new Compiler(coding, slots);
    return new CdrProgram(compiler.body(type, ""), coding);
  }

  private static final class Compiler {
    private final Coding coding;
    private final Map<String, Integer> slots;
    private int made;

    Compiler(Coding coding, Map<String, Integer> slots) {
      this.coding = coding;
      this.slots = slots;
    }

    Step[] body(RosType type, String path) {
      List<Step> steps = new ArrayList<>();
      struct(steps, type, path);
      return steps.toArray(NONE);
    }

    private void struct(List<Step> steps, RosType type, String path) {
      if (type.fields().isEmpty() && coding == Coding.ROS1) {
        return;
      }
      if (type.fields().isEmpty()) {
        // The compiler of ROS IDL gives an empty struct one byte.
        fixed(steps, path.isEmpty() ? type.name() : path, 1, 1, -1, false);
        return;
      }
      for (Field field : type.fields()) {
        String name = path.isEmpty() ? field.name() : path + "." + field.name();
        if (made > MAX_STEPS) {
          stop(steps, name);
        }
        if (!steps.isEmpty() && steps.getLast().kind == Act.STOP) {
          return;
        }
        field(steps, field, name);
      }
    }

    private void field(List<Step> steps, Field field, String name) {
      Kind kind = field.kind();
      int slot = slots.getOrDefault(name, -1);
      if (kind == Kind.OPAQUE) {
        stop(steps, name);
      } else if (kind.sizeBytes > 0) {
        primitive(steps, field, name, slot);
      } else if (field.shape() == Shape.ONE) {
        RosType type = field.type();
        if (type == null) {
          steps.add(step(Act.TEXT, name, 4, 1, slot, 0, NONE, false));
        } else if (isTime(type)) {
          fixed(steps, name, Math.min(4, coding.maxAlign), CdrLayout.TIME_BYTES, slot, true);
        } else {
          struct(steps, type, name);
        }
      } else {
        List<Step> body = new ArrayList<>();
        RosType type = field.type();
        if (type == null) {
          body.add(step(Act.TEXT, name, 4, 1, -1, 0, NONE, false));
        } else {
          struct(body, type, name);
        }
        boolean sequence = field.shape() == Shape.SEQUENCE;
        boolean delimited = coding == Coding.XCDR2;
        Step[] inner = body.toArray(NONE);
        steps.add(
            step(
                sequence ? Act.SEQUENCE : Act.ARRAY,
                name,
                4,
                1,
                slot,
                field.count(),
                inner,
                delimited));
        if (Arrays.stream(inner).anyMatch(s -> s.kind == Act.STOP)) {
          stop(steps, name);
        }
      }
    }

    private void primitive(List<Step> steps, Field field, String name, int slot) {
      int size = field.kind().sizeBytes;
      int align = Math.min(size, coding.maxAlign);
      switch (field.shape()) {
        case ONE -> fixed(steps, name, align, size, slot, false);
        case ARRAY -> {
          if (field.count() > 0) {
            fixed(steps, name, align, size * field.count(), slot, false);
          }
        }
        case SEQUENCE ->
            steps.add(step(Act.PRIMITIVES, name, align, size, slot, field.count(), NONE, false));
      }
    }

    /// Adds a member of fixed size to the last step if its place in there is known.
    private void fixed(
        List<Step> steps, String name, int align, long sizeBytes, int slot, boolean time) {
      Step last = steps.isEmpty() ? null : steps.getLast();
      if (last == null
          || last.kind != Act.FIXED
          || last.align < align
          || last.sizeBytes > Integer.MAX_VALUE) {
        last = step(Act.FIXED, name, align, 0, -1, 0, NONE, false);
        steps.add(last);
      }
      long start = (last.sizeBytes + align - 1) & -align;
      last.sizeBytes = start + sizeBytes;
      last.names.add(name);
      last.ends.add(last.sizeBytes);
      if (slot >= 0) {
        last.slots = Arrays.copyOf(last.slots, last.slots.length + 1);
        last.slots[last.slots.length - 1] = slot;
        last.slotOffsets = with(last.slotOffsets, start);
      }
      if (time) {
        last.timeOffsets = with(last.timeOffsets, start);
      }
    }

    private static long[] with(long[] offsets, long offset) {
      long[] more = Arrays.copyOf(offsets, offsets.length + 1);
      more[offsets.length] = offset;
      return more;
    }

    private void stop(List<Step> steps, String name) {
      if (steps.isEmpty() || steps.getLast().kind != Act.STOP) {
        steps.add(step(Act.STOP, name, 1, 0, -1, 0, NONE, false));
      }
    }

    private Step step(
        Act kind,
        String name,
        int align,
        long sizeBytes,
        int slot,
        long count,
        Step[] body,
        boolean delimited) {
      made++;
      return new Step(kind, name, align, sizeBytes, slot, count, body, delimited);
    }
  }

  private static boolean isTime(RosType type) {
    return type.name().equals(RosType.TIME)
        && type.fields().size() == 2
        && type.fields().get(0).isOne(Kind.INT32)
        && type.fields().get(1).isOne(Kind.UINT32);
  }
}
