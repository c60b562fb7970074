package dev.lockstep.payload;

import static dev.lockstep.payload.JpegLayout.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// Follows the codes of a baseline JPEG scan from block to block, without making a picture of them
/// (ITU-T T.81 Annex F): a code that no table has, coefficients beyond a block, too little or too
/// much data all show that bytes were damaged. Kept by a thread for all its images.
///
/// Only scans of one frame with 8 bits and all its components, coded by Huffman, are followed.
final class JpegScan {
  /// Images up to this length are all followed. Judged: they cost next to nothing.
  static final int SMALL_BYTES = 4096;

  /// Of longer images, one in as many as it has of these. Judged: that takes some percent of the
  /// time that reading a drive takes; all of them would double it.
  static final int SHARE_BYTES = 1024;

  /// Bytes that may lie behind the last block. Judged: 5,000 images of many encoders leave none,
  /// and hardware may fill words of four.
  private static final int SLACK_BYTES = 3;

  private static final int LOOK_BITS = 9;
  private static final int MOST_BITS = 16;
  private static final int BLOCK = 64;
  private static final int TABLES = 8;
  private static final int CLASS_SHIFT = 2;

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  /// A table: codes of up to [#LOOK_BITS] bits at once, longer ones by their ranges.
  private static final class Table {
    final short[] look = new short[1 << LOOK_BITS];
    final int[] beyond = new int[MOST_BITS + 1];
    final int[] offsets = new int[MOST_BITS + 1];
    final byte[] symbols = new byte[256];
    boolean known;
  }

  private final Table[] tables = new Table[TABLES];

  // The frame.
  private int width;
  private int height;
  private int components;
  private boolean baseline;
  private final int[] ids = new int[SOS_MAX_COMPONENTS];
  private final int[] blocks = new int[SOS_MAX_COMPONENTS];
  private int widest;
  private int highest;

  // The scan.
  private final Table[] direct = new Table[SOS_MAX_COMPONENTS];
  private final Table[] others = new Table[SOS_MAX_COMPONENTS];
  private byte[] data = {};
  private int end;
  private int at;
  private long bits;
  private int filled;
  private int borrowed;

  JpegScan() {
    for (int i = 0; i < TABLES; i++) {
      tables[i] = new Table();
    }
  }

  /// Forgets tables and frame of the image before.
  void begin() {
    for (Table table : tables) {
      table.known = false;
    }
    components = 0;
  }

  /// Takes the frame whose segment holds `body`, which fits.
  void frame(int marker, MemorySegment bytes, long body) {
    baseline = marker <= SOF_FIRST + 1 && u8(bytes, body) == 8;
    height = u8(bytes, body + 1) << 8 | u8(bytes, body + 2);
    width = u8(bytes, body + 3) << 8 | u8(bytes, body + 4);
    components = u8(bytes, body + 5);
    widest = 1;
    highest = 1;
    if (components > SOS_MAX_COMPONENTS) {
      baseline = false;
      return;
    }
    for (int i = 0; i < components; i++) {
      long component = body + SOF_FIXED_BYTES - 2 + (long) SOF_COMPONENT_BYTES * i;
      ids[i] = u8(bytes, component);
      int across = u8(bytes, component + 1) >> 4;
      int down = u8(bytes, component + 1) & 15;
      baseline &= across >= 1 && across <= 4 && down >= 1 && down <= 4;
      blocks[i] = across * down;
      widest = Math.max(widest, across);
      highest = Math.max(highest, down);
    }
  }

  /// Takes a table of codes, which lies at `table` and fits.
  ///
  /// @return whether its lengths can be those of codes
  boolean table(MemorySegment bytes, long table) {
    int head = u8(bytes, table);
    Table made = tables[(head >> 4) << CLASS_SHIFT | head & 3];
    java.util.Arrays.fill(made.look, (short) 0);
    int code = 0;
    int symbol = 0;
    for (int length = 1; length <= MOST_BITS; length++) {
      int count = u8(bytes, table + length);
      made.offsets[length] = symbol - code;
      for (int i = 0; i < count; i++) {
        if (symbol >= made.symbols.length || code >= 1 << length) {
          return false;
        }
        int value = u8(bytes, table + DHT_FIXED_BYTES + symbol);
        made.symbols[symbol++] = (byte) value;
        if (length <= LOOK_BITS) {
          int first = code << (LOOK_BITS - length);
          int last = (code + 1) << (LOOK_BITS - length);
          java.util.Arrays.fill(made.look, first, last, (short) (length << 8 | value));
        }
        code++;
      }
      made.beyond[length] = code;
      code <<= 1;
    }
    made.known = true;
    return true;
  }

  /// Follows a scan.
  ///
  /// @param body content of its segment, which fits
  /// @param from first byte of its data
  /// @param to end of its data
  /// @param restartInterval units between two restart markers, 0 for none
  /// @return what is wrong, or null
  @Nullable String damage(MemorySegment bytes, long body, long from, long to, int restartInterval) {
    if (!takesUp(bytes, body)) {
      return null;
    }
    int length = (int) (to - from);
    if (data.length < length) {
      data = new byte[length];
    }
    MemorySegment.copy(bytes, from, MemorySegment.ofArray(data), 0, length);
    int unitsAcross = (width + 8 * widest - 1) / (8 * widest);
    int unitsDown = (height + 8 * highest - 1) / (8 * highest);
    long units = (long) unitsAcross * unitsDown;
    at = 0;
    end = 0;
    long unit = 0;
    while (true) {
      nextStretch(length);
      long last = restartInterval == 0 ? units : Math.min(units, unit + restartInterval);
      for (; unit < last; unit++) {
        String wrong = unit();
        if (wrong != null) {
          return wrong + " in unit " + unit + " of " + units;
        }
      }
      int left = (filled - borrowed) / Byte.SIZE + end - at;
      if (left > SLACK_BYTES) {
        return left + " bytes left behind unit " + unit + " of " + units;
      }
      if (unit >= units) {
        return null;
      }
      if (end >= length) {
        return "end of the data behind unit " + unit + " of " + units;
      }
      at = end + 2;
    }
  }

  /// Whether the scan is one that can be followed.
  private boolean takesUp(MemorySegment bytes, long body) {
    int count = u8(bytes, body);
    // One component alone has units of one block, however it is sampled.
    if (!baseline || height == 0 || count != components) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      long component = body + 1 + (long) SOS_COMPONENT_BYTES * i;
      int coded = u8(bytes, component + 1);
      if (u8(bytes, component) != ids[i] || (coded >> 4) > 3 || (coded & 15) > 3) {
        return false;
      }
      direct[i] = tables[coded >> 4];
      others[i] = tables[1 << CLASS_SHIFT | coded & 15];
      if (!direct[i].known || !others[i].known) {
        return false;
      }
    }
    if (count == 1) {
      blocks[0] = 1;
      widest = 1;
      highest = 1;
    }
    return true;
  }

  /// Goes to the data up to the next restart marker, or the end.
  private void nextStretch(int length) {
    end = at;
    while (end < length
        && !(data[end] == -1 && end + 1 < length && data[end + 1] != 0 && data[end + 1] != -1)) {
      end++;
    }
    bits = 0;
    filled = 0;
    borrowed = 0;
  }

  /// Follows one unit; what is wrong, or null.
  private @Nullable String unit() {
    for (int i = 0; i < components; i++) {
      for (int block = 0; block < blocks[i]; block++) {
        int symbol = symbol(direct[i]);
        if (symbol < 0 || symbol > 15) {
          return wrong();
        }
        skip(symbol);
        for (int k = 1; k < BLOCK; k++) {
          symbol = symbol(others[i]);
          if (symbol < 0) {
            return wrong();
          }
          int size = symbol & 15;
          int zeros = symbol >> 4;
          if (size == 0 && zeros < 15) {
            // Only the end of a block has none behind it.
            if (zeros > 0) {
              return "a code that baseline images do not have";
            }
            break;
          }
          k += zeros;
          if (k >= BLOCK) {
            return "coefficients beyond a block";
          }
          skip(size);
        }
        if (borrowed > filled) {
          return "end of the data";
        }
      }
    }
    return null;
  }

  private String wrong() {
    return filled - borrowed < MOST_BITS ? "end of the data" : "a code that no table has";
  }

  private int symbol(Table table) {
    fill();
    int looked = table.look[(int) (bits >>> (Long.SIZE - LOOK_BITS))];
    if (looked != 0) {
      skip(looked >> 8);
      return looked & 0xFF;
    }
    for (int length = LOOK_BITS + 1; length <= MOST_BITS; length++) {
      int code = (int) (bits >>> (Long.SIZE - length));
      if (code < table.beyond[length]) {
        skip(length);
        int index = code + table.offsets[length];
        return index < 0 ? -1 : table.symbols[index] & 0xFF;
      }
    }
    return -1;
  }

  private void skip(int count) {
    bits <<= count;
    filled -= count;
  }

  /// Fills up to 32 bits or more; behind the end with ones, as encoders do.
  private void fill() {
    while (filled <= Integer.SIZE) {
      int next = 0xFF;
      if (at < end) {
        next = data[at++] & 0xFF;
        if (next == 0xFF && at < end) {
          // A byte 00 behind it, or the FF that stands for one more FF.
          at += data[at] == 0 ? 1 : 0;
        }
      } else {
        borrowed += Byte.SIZE;
      }
      bits |= (long) next << (Long.SIZE - Byte.SIZE - filled);
      filled += Byte.SIZE;
    }
  }

  private static int u8(MemorySegment bytes, long at) {
    return bytes.get(BYTE, at) & 0xFF;
  }
}
