package dev.lockstep.codec;

import static dev.lockstep.codec.Lz4Layout.LONG_LENGTH;
import static dev.lockstep.codec.Lz4Layout.MIN_MATCH;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Decodes the data of one LZ4 block between heap arrays.
///
/// Arrays, because their accesses compile to one compare and one move whatever else the program
/// does with segments, because an array cannot fault or change underneath, and because the copies
/// in and out of them cost less than a tenth of the decoding.
///
/// Short copies are made in words of eight bytes that run past what is wanted where there is room
/// for it; the next sequence overwrites the excess. The widths below were measured on LiDAR points:
/// wider ones, and loops in their place, are up to a fifth slower.
final class Lz4BlockDecoder {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  /// Room in the input for a short run of literals, read as 16 bytes, and the match offset after
  /// it.
  private static final int IN_ROOM = 24;

  /// Room in the output for a short run of literals, written as 16 bytes, or a short match, written
  /// as 24.
  private static final int OUT_ROOM = 40;

  /// Longest run of literals that is copied as so many bytes, without a loop.
  private static final int WIDE_LITERALS = 32;

  /// Matches at least this long are left to the system's copy where source and target are apart.
  private static final int LONG_COPY = 64;

  /// By match offset below 8: the least multiple of it that is 8 or more. Eight bytes of a
  /// repeating pattern of that period have been written before words are copied over this distance.
  private static final int[] WORD_DISTANCE = {0, 8, 8, 9, 8, 10, 12, 14};

  private @Nullable String fault;
  private int faultOffset;
  private int limit;

  /// What was wrong, after [#decode] returned -1.
  String fault() {
    return fault == null ? "" : fault;
  }

  /// How far `in` was read when the fault was noticed, after [#decode] returned -1. (To remember
  /// where each sequence begins costs a sixth of the speed.)
  int faultOffset() {
    return faultOffset;
  }

  /// Decodes `in` from `inFrom` to `inTo` into `out` from `outFrom` on, with matches that reach
  /// back to `historyFrom` at most.
  ///
  /// @return end of what was written, at most `outTo`; or -1, with [#fault()] set
  int decode(byte[] in, int inFrom, int inTo, byte[] out, int historyFrom, int outFrom, int outTo) {
    limit = outTo - outFrom;
    int roomyIn = inTo - IN_ROOM;
    int roomyOut = outTo - OUT_ROOM;
    int ip = inFrom;
    int op = outFrom;
    while (ip < inTo) {
      int token = in[ip++] & 0xFF;
      int literals = token >>> 4;
      if (literals < LONG_LENGTH && ip <= roomyIn && op <= roomyOut) {
        WORD.set(out, op, (long) WORD.get(in, ip));
        WORD.set(out, op + 8, (long) WORD.get(in, ip + 8));
        ip += literals;
        op += literals;
      } else {
        if (literals == LONG_LENGTH) {
          int more;
          do {
            if (ip >= inTo) {
              return fault("block ends within a literal length", ip);
            }
            more = in[ip++] & 0xFF;
            literals += more;
            if (literals > outTo - op) {
              return tooMuch(ip);
            }
          } while (more == 255);
        }
        if (literals > outTo - op) {
          return tooMuch(ip);
        }
        if (literals > inTo - ip) {
          return fault("literals: " + literals + " (" + (inTo - ip) + " bytes left)", ip);
        }
        if (literals <= WIDE_LITERALS
            && ip <= inTo - WIDE_LITERALS
            && op <= outTo - WIDE_LITERALS) {
          WORD.set(out, op, (long) WORD.get(in, ip));
          WORD.set(out, op + 8, (long) WORD.get(in, ip + 8));
          WORD.set(out, op + 16, (long) WORD.get(in, ip + 16));
          WORD.set(out, op + 24, (long) WORD.get(in, ip + 24));
        } else {
          System.arraycopy(in, ip, out, op, literals);
        }
        ip += literals;
        op += literals;
        if (ip == inTo) {
          return op;
        }
        if (inTo - ip < Short.BYTES) {
          return fault("block ends within a match offset", ip);
        }
      }

      int offset = (short) SHORT.get(in, ip) & 0xFFFF;
      ip += Short.BYTES;
      int from = op - offset;
      if (offset == 0 || from < historyFrom) {
        return fault("match offset: " + offset + " (expected 1 to " + (op - historyFrom) + ")", ip);
      }
      int length = (token & 0xF) + MIN_MATCH;
      if (length < LONG_LENGTH + MIN_MATCH && offset >= Long.BYTES && op <= roomyOut) {
        WORD.set(out, op, (long) WORD.get(out, from));
        WORD.set(out, op + 8, (long) WORD.get(out, from + 8));
        if (length > 16) {
          WORD.set(out, op + 16, (long) WORD.get(out, from + 16));
        }
        op += length;
        continue;
      }
      if (length == LONG_LENGTH + MIN_MATCH) {
        int more;
        do {
          if (ip >= inTo) {
            return fault("block ends within a match length", ip);
          }
          more = in[ip++] & 0xFF;
          length += more;
          if (length > outTo - op) {
            return tooMuch(ip);
          }
        } while (more == 255);
      }
      if (length > outTo - op) {
        return tooMuch(ip);
      }
      int end = op + length;
      if (offset >= length && length >= LONG_COPY) {
        System.arraycopy(out, from, out, op, length);
      } else if (offset >= Long.BYTES && end <= outTo - Long.BYTES) {
        do {
          WORD.set(out, op, (long) WORD.get(out, from));
          op += Long.BYTES;
          from += Long.BYTES;
        } while (op < end);
      } else {
        repeat(out, op, end, offset, outTo);
      }
      op = end;
    }
    return fault("block ends without literals", ip);
  }

  /// Fills `out` from `from` to `end` with what lies `offset` bytes before, which may be fewer than
  /// there are to fill: what was just written is then read again. Nothing at `limit` is written.
  private static void repeat(byte[] out, int from, int end, int offset, int limit) {
    int i = from;
    if (offset < Long.BYTES && end <= limit - Long.BYTES) {
      for (; i < from + Long.BYTES; i++) {
        out[i] = out[i - offset];
      }
      int distance = WORD_DISTANCE[offset];
      for (; i < end; i += Long.BYTES) {
        WORD.set(out, i, (long) WORD.get(out, i - distance));
      }
    }
    for (; i < end; i++) {
      out[i] = out[i - offset];
    }
  }

  private int tooMuch(int offset) {
    return fault("block decodes to more than " + limit + " bytes", offset);
  }

  private int fault(String what, int offset) {
    fault = what;
    faultOffset = offset;
    return -1;
  }
}
