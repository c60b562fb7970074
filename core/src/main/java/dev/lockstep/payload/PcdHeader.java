package dev.lockstep.payload;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The header of a PCD file.
final class PcdHeader {
  private static final Pattern SPACE = Pattern.compile("\\s+");

  /// Coding of the body.
  enum Body {
    ASCII,
    BINARY,
    BINARY_COMPRESSED
  }

  String[] fields = {};
  int[] sizes = {};
  char[] types = {};
  int[] counts = {};
  long points = -1;
  Body body = Body.ASCII;

  /// Where the body begins, relative to the file.
  long bodyAt;

  private long width = -1;
  private long height = 1;

  /// Reads the header of the file at `[at, at + length)`.
  ///
  /// @return what is wrong with it, or null
  @Nullable String read(MemorySegment bytes, long at, long length) {
    int most = (int) Math.min(length, PcdLayout.MAX_HEADER_BYTES);
    byte[] head = bytes.asSlice(at, most).toArray(ValueLayout.JAVA_BYTE);
    Map<String, String[]> lines = new HashMap<>();
    int from = 0;
    while (from < head.length) {
      int end = from;
      while (end < head.length && head[end] != '\n') {
        end++;
      }
      String line = new String(head, from, end - from, StandardCharsets.ISO_8859_1).strip();
      from = end + 1;
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] words = SPACE.split(line, -1);
      if (words.length > PcdLayout.MAX_FIELDS) {
        return "line of more than " + PcdLayout.MAX_FIELDS + " words";
      }
      String key = words[0].toUpperCase(Locale.ROOT);
      lines.put(key, words);
      if (key.equals("DATA")) {
        bodyAt = from;
        return end < head.length || from > head.length ? interpret(lines) : "cut off";
      }
    }
    return "no line DATA in the first " + most + " bytes";
  }

  private @Nullable String interpret(Map<String, String[]> lines) {
    String[] names = lines.get("FIELDS");
    if (names == null) {
      names = lines.get("COLUMNS");
    }
    String[] size = lines.get("SIZE");
    String[] type = lines.get("TYPE");
    String[] count = lines.get("COUNT");
    if (names == null || size == null || type == null) {
      return "no FIELDS, SIZE or TYPE";
    }
    int n = names.length - 1;
    if (size.length - 1 != n || type.length - 1 != n || (count != null && count.length - 1 != n)) {
      return "FIELDS, SIZE, TYPE and COUNT of different length";
    }
    fields = new String[n];
    sizes = new int[n];
    types = new char[n];
    counts = new int[n];
    for (int i = 0; i < n; i++) {
      fields[i] = names[i + 1];
      long bytes = number(size[i + 1]);
      long elements = count == null ? 1 : number(count[i + 1]);
      if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8) {
        return "SIZE " + Texts.quoted(size[i + 1]);
      }
      if (elements < 0 || elements > PcdLayout.MAX_POINT_BYTES) {
        return "COUNT of field " + Texts.quoted(fields[i]);
      }
      if (type[i + 1].length() != 1 || "FIU".indexOf(type[i + 1].charAt(0)) < 0) {
        return "TYPE " + Texts.quoted(type[i + 1]);
      }
      sizes[i] = (int) bytes;
      counts[i] = (int) elements;
      types[i] = type[i + 1].charAt(0);
    }
    return numbers(lines);
  }

  private @Nullable String numbers(Map<String, String[]> lines) {
    width = first(lines.get("WIDTH"));
    height = lines.containsKey("HEIGHT") ? first(lines.get("HEIGHT")) : 1;
    points = first(lines.get("POINTS"));
    long product = width < 0 || height < 0 ? -1 : width * height;
    if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE || product > Integer.MAX_VALUE) {
      return "WIDTH " + width + ", HEIGHT " + height;
    }
    if (points < 0) {
      points = product;
    }
    if (points < 0 || points > Integer.MAX_VALUE) {
      return "no number of points";
    }
    if (product >= 0 && product != points) {
      return "POINTS " + points + " and WIDTH * HEIGHT " + product;
    }
    String[] data = lines.get("DATA");
    String coding = data == null || data.length < 2 ? "" : data[1].toLowerCase(Locale.ROOT);
    switch (coding) {
      case "ascii" -> body = Body.ASCII;
      case "binary" -> body = Body.BINARY;
      case "binary_compressed" -> body = Body.BINARY_COMPRESSED;
      default -> {
        return "DATA " + Texts.quoted(coding);
      }
    }
    return pointBytes(0) > PcdLayout.MAX_POINT_BYTES ? "points of too many bytes" : null;
  }

  private static long first(String @Nullable [] words) {
    return words == null || words.length < 2 ? -1 : number(words[1]);
  }

  private static long number(String word) {
    try {
      return Long.parseLong(word);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /// Bytes of a point, where a field of COUNT 0 has so many elements.
  long pointBytes(int ofZero) {
    long bytes = 0;
    for (int i = 0; i < sizes.length; i++) {
      bytes += (long) sizes[i] * (counts[i] == 0 ? ofZero : counts[i]);
    }
    return bytes;
  }

  /// Takes fields of COUNT 0 for ones of one element.
  void countZeroAsOne() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = Math.max(1, counts[i]);
    }
  }

  /// Numbers in a line of a body of text; padding has none in files of PCL, and one in others.
  int elements() {
    int elements = 0;
    for (int count : counts) {
      elements += count;
    }
    return elements;
  }

  /// Number of the field with that name, -1 if there is none.
  int field(String name) {
    for (int i = 0; i < fields.length; i++) {
      if (fields[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
