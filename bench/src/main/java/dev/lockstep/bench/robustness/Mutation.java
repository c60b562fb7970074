package dev.lockstep.bench.robustness;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Applies mutations. A mutation that finds nothing it fits to leaves the file as it is and says
/// so.
final class Mutation {
  private static final int PAGE_BYTES = 4096;

  private final SplittableRandom random;
  private final byte[] other;
  private final StringBuilder told = new StringBuilder();

  /// @param other a second file, for splices
  Mutation(SplittableRandom random, byte[] other) {
    this.random = random;
    this.other = other;
  }

  /// What was done so far, in words.
  String told() {
    return told.toString();
  }

  private void tell(String what) {
    told.append(told.isEmpty() ? "" : "; ").append(what);
  }

  /// `bytes` damaged once; the array given may be changed.
  byte[] apply(MutationKind kind, byte[] bytes) {
    if (bytes.length == 0) {
      tell("nothing left to damage");
      return bytes;
    }
    return switch (kind) {
      case FLIP_BITS -> flipBits(bytes);
      case SET_BYTES -> setBytes(bytes);
      case ZERO_RUN -> zeroRun(bytes);
      case TRUNCATE -> truncate(bytes);
      case SPLICE -> splice(bytes);
      case DUPLICATE_RANGE, REMOVE_RANGE, MOVE_RANGE -> range(kind, bytes);
      case INSERT_NOISE -> insert(bytes, Bytes.noise(Bytes.length(1 << 16, random), random));
      case DELETE_FILE -> new byte[0];
      case ANY_INTEGER -> anyInteger(bytes, 0, bytes.length);
      case MCAP_LENGTH, MCAP_OPCODE, MCAP_FRAME, MCAP_CHUNK_CONTENT ->
          new McapMutation(random, this::tell).apply(kind, bytes);
      case MP4_BOX, BAG_LENGTH, SQLITE_PAGE ->
          new ContainerMutation(random, this::tell).apply(kind, bytes);
      case ARROW_METADATA -> arrowMetadata(bytes);
      case IMAGE_LENGTH -> imageLength(bytes);
      case TEXT_NUMBER -> textNumber(bytes);
      case TEXT_FIELD -> textField(bytes);
      case TEXT_ENCODING -> textEncoding(bytes);
    };
  }

  private byte[] flipBits(byte[] bytes) {
    int count = random.nextInt(1, 5);
    for (int i = 0; i < count; i++) {
      int at = random.nextInt(bytes.length);
      int bit = random.nextInt(8);
      bytes[at] ^= (byte) (1 << bit);
      tell("bit " + bit + " of byte " + at);
    }
    return bytes;
  }

  private byte[] setBytes(byte[] bytes) {
    int count = random.nextInt(1, 9);
    for (int i = 0; i < count; i++) {
      int at = random.nextInt(bytes.length);
      bytes[at] = (byte) random.nextInt();
      tell("byte " + at + " = " + bytes[at]);
    }
    return bytes;
  }

  private byte[] zeroRun(byte[] bytes) {
    int from = random.nextInt(bytes.length);
    int length = Bytes.length(bytes.length, random);
    if (random.nextInt(3) == 0) {
      from &= -PAGE_BYTES;
      length = (length + PAGE_BYTES - 1) & -PAGE_BYTES;
    }
    int to = (int) Math.min(bytes.length, (long) from + length);
    Arrays.fill(bytes, from, to, (byte) 0);
    tell("zeros " + from + ".." + to);
    return bytes;
  }

  private byte[] truncate(byte[] bytes) {
    int length =
        switch (random.nextInt(4)) {
          case 0 -> Math.max(0, bytes.length - random.nextInt(1, 64));
          case 1 -> Math.min(bytes.length, random.nextInt(64));
          default -> random.nextInt(bytes.length);
        };
    tell("cut to " + length + " bytes");
    return Arrays.copyOf(bytes, length);
  }

  private byte[] splice(byte[] bytes) {
    int head = random.nextInt(bytes.length + 1);
    int tail = random.nextInt(other.length + 1);
    tell("first " + head + " bytes, then another file from byte " + tail);
    return Bytes.concat(Arrays.copyOf(bytes, head), Arrays.copyOfRange(other, tail, other.length));
  }

  private byte[] range(MutationKind kind, byte[] bytes) {
    int from = random.nextInt(bytes.length);
    int to = Math.min(bytes.length, from + Bytes.length(bytes.length, random));
    byte[] piece = Arrays.copyOfRange(bytes, from, to);
    tell(kind.label() + " " + from + ".." + to);
    if (kind == MutationKind.DUPLICATE_RANGE) {
      return random.nextBoolean() ? Bytes.replace(bytes, to, to, piece) : insert(bytes, piece);
    }
    byte[] rest = Bytes.replace(bytes, from, to, new byte[0]);
    return kind == MutationKind.REMOVE_RANGE ? rest : insert(rest, piece);
  }

  private byte[] insert(byte[] bytes, byte[] piece) {
    int at = random.nextInt(bytes.length + 1);
    tell(piece.length + " bytes inserted at " + at);
    return Bytes.replace(bytes, at, at, piece);
  }

  private byte[] anyInteger(byte[] bytes, int from, int to) {
    int width = random.nextBoolean() ? Long.BYTES : Integer.BYTES;
    if (to - from < width) {
      return setBytes(bytes);
    }
    tell(Bytes.attack(bytes, random.nextInt(from, to - width + 1), width, random));
    return bytes;
  }

  /// Footer, schema and batch descriptions are flatbuffers: 32-bit values on bounds of 4 bytes.
  private byte[] arrowMetadata(byte[] bytes) {
    int tail = Integer.BYTES + "ARROW1".length();
    if (bytes.length < 64) {
      return setBytes(bytes);
    }
    long footer = Bytes.view(bytes).getInt(bytes.length - tail) & 0xFFFF_FFFFL;
    int from = (int) Math.max(0, bytes.length - tail - footer);
    int to = bytes.length - "ARROW1".length();
    if (random.nextInt(3) == 0 || from >= to) {
      // The schema in front, or what stands before a batch's body.
      from = 8;
      to = Math.min(bytes.length, 2048);
      for (int at = random.nextInt(bytes.length) & -8; at + 8 < bytes.length; at += 8) {
        if (Bytes.view(bytes).getInt(at) == -1 && random.nextBoolean()) {
          from = at;
          to = Math.min(bytes.length, at + 512);
          break;
        }
      }
    }
    int at = Math.min(bytes.length - Long.BYTES, random.nextInt(from, to) & -4);
    tell(Bytes.attack(bytes, at, random.nextInt(3) == 0 ? Long.BYTES : Integer.BYTES, random));
    return bytes;
  }

  private byte[] imageLength(byte[] bytes) {
    // PNG: 4 bytes big-endian in front of each type. JPEG: 2 bytes behind each marker.
    for (int at = random.nextInt(bytes.length); at + 5 < bytes.length; at++) {
      boolean png = isLetter(bytes[at]) && isLetter(bytes[at + 1]) && isLetter(bytes[at + 2]);
      if (png && at >= 4) {
        bytes[at - 1 - random.nextInt(4)] = (byte) random.nextInt();
        tell("length in front of byte " + at);
        return bytes;
      }
      if (bytes[at] == (byte) 0xFF && bytes[at + 1] != 0) {
        bytes[at + 2 + random.nextInt(2)] = (byte) random.nextInt();
        tell("length of the segment at byte " + at);
        return bytes;
      }
    }
    return setBytes(bytes);
  }

  private static boolean isLetter(byte b) {
    return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z';
  }

  private static boolean isNumber(byte b) {
    return b >= '0' && b <= '9' || b == '-' || b == '.';
  }

  private byte[] textNumber(byte[] bytes) {
    String[] values = {
      "9223372036854775807",
      "-9223372036854775808",
      "9223372036854775808",
      "1e308",
      "-1e309",
      "NaN",
      "Infinity",
      "-0",
      "4294967296",
      "2147483648",
      "-1",
      "0",
      "1e-320",
      "0x10",
      "--1",
      "",
      "99999999999999999999999999999999999999999999",
      "1.7976931348623157E308",
      "\u0661"
    };
    int at = random.nextInt(bytes.length);
    while (at < bytes.length && !isNumber(bytes[at])) {
      at++;
    }
    int to = at;
    while (to < bytes.length && isNumber(bytes[to])) {
      to++;
    }
    String value = values[random.nextInt(values.length)];
    tell("number at byte " + at + " -> '" + value + "'");
    return Bytes.replace(
        bytes, Math.min(at, bytes.length), to, value.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] textField(byte[] bytes) {
    byte separator = (byte) (random.nextBoolean() ? '\n' : ' ');
    int from = random.nextInt(bytes.length);
    while (from > 0 && bytes[from - 1] != separator) {
      from--;
    }
    int to = from;
    while (to < bytes.length && bytes[to] != separator) {
      to++;
    }
    to = Math.min(bytes.length, to + 1);
    byte[] field = Arrays.copyOfRange(bytes, from, to);
    tell((separator == '\n' ? "line at byte " : "field at byte ") + from);
    return switch (random.nextInt(4)) {
      case 0 -> Bytes.replace(bytes, from, to, new byte[0]);
      case 1 -> Bytes.replace(bytes, from, from, field);
      // Without its end: two lines or fields become one.
      case 2 -> Bytes.replace(bytes, Math.max(from, to - 1), to, new byte[0]);
      default -> insert(Bytes.replace(bytes, from, to, new byte[0]), field);
    };
  }

  private byte[] textEncoding(byte[] bytes) {
    byte[][] pieces = {
      {(byte) 0xFF, (byte) 0xFE},
      {(byte) 0xC3},
      {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
      {0},
      {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF},
      {'\r'},
      {(byte) 0xE2, (byte) 0x80, (byte) 0xA8},
      new byte[random.nextInt(1, 100_000)]
    };
    return insert(bytes, pieces[random.nextInt(pieces.length)]);
  }
}
