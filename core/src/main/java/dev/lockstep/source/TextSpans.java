package dev.lockstep.source;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.BitSet;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;

/// The parts of a text, each of which can be left out so that the rest is still a text of its kind:
/// lines, lists and objects of JSON, elements of XML. A part may lie within another.
///
/// Texts are taken as they are, damaged ones too: only brackets, tags and quotes are looked at.
public final class TextSpans {
  /// Parts that are told apart at most; of a text with more, only those of the upper levels are.
  /// Judged: with 40 bytes each.
  private static final int MAX_SPANS = 1 << 20;

  /// Levels that are told apart.
  private static final int MAX_LEVELS = 64;

  private final byte[] text;
  private final IntArrayList starts = new IntArrayList();
  private final IntArrayList ends = new IntArrayList();

  /// Where a part's removal begins and ends if something stands before it in the same list, which
  /// takes a comma with it.
  private final IntArrayList commas = new IntArrayList();

  /// Where what follows in the same list begins; the end of the part if nothing does.
  private final IntArrayList nexts = new IntArrayList();

  private final IntArrayList parents = new IntArrayList();

  /// Parts that follow something that is no part, and always stays.
  private final BitSet behindFixed = new BitSet();

  private TextSpans(byte[] text) {
    this.text = text;
  }

  /// The lines of a text, each with its end.
  public static TextSpans lines(byte[] text) {
    TextSpans spans = new TextSpans(text);
    for (int at = 0; at < text.length; ) {
      int end = at;
      while (end < text.length && text[end] != '\n') {
        end++;
      }
      end = Math.min(text.length, end + 1);
      spans.add(at, end, -1);
      at = end;
    }
    return spans;
  }

  /// The objects and lists of a JSON document, or of several one behind the other, with the names
  /// of those that are members.
  public static TextSpans json(byte[] text) {
    return upTo(text, true);
  }

  /// The elements of an XML document but for its root.
  public static TextSpans xml(byte[] text) {
    return upTo(text, false);
  }

  /// As many levels as there is room for.
  private static TextSpans upTo(byte[] text, boolean json) {
    TextSpans spans = new TextSpans(text);
    int[] counts = new int[MAX_LEVELS];
    spans.scan(json, 0, counts);
    int levels = 0;
    for (long all = 0; levels < MAX_LEVELS && all + counts[levels] <= MAX_SPANS; levels++) {
      all += counts[levels];
    }
    spans.scan(json, levels, counts);
    return spans;
  }

  private void scan(boolean json, int levels, int[] counts) {
    if (json) {
      new Json(levels, counts).run();
    } else {
      new Xml(levels, counts).run();
    }
  }

  private int add(int start, int end, int parent) {
    starts.add(start);
    ends.add(end);
    commas.add(start);
    nexts.add(end);
    parents.add(parent);
    return starts.size() - 1;
  }

  /// Number of parts, in order of their beginnings: a part comes before those within it.
  public int size() {
    return starts.size();
  }

  /// Where a part begins.
  public int start(int span) {
    return starts.get(span);
  }

  /// Where a part ends.
  public int end(int span) {
    return ends.get(span);
  }

  /// The part that it lies within, or -1.
  public int parent(int span) {
    return parents.get(span);
  }

  /// Writes the text without those parts that are not kept, and what lies within them.
  ///
  /// @throws IOException if it cannot be written
  public void write(BitSet kept, OutputStream out) throws IOException {
    boolean[] gone = new boolean[size()];
    boolean[] hasKept = new boolean[size()];
    int at = 0;
    for (int span = 0; span < size(); span++) {
      int parent = parents.get(span);
      if (parent >= 0 && gone[parent]) {
        gone[span] = true;
      } else if (kept.get(span)) {
        if (parent >= 0) {
          hasKept[parent] = true;
        }
      } else {
        gone[span] = true;
        boolean follows = behindFixed.get(span) || (parent >= 0 && hasKept[parent]);
        int from = follows ? commas.get(span) : starts.get(span);
        int to = follows ? ends.get(span) : nexts.get(span);
        if (from > at) {
          out.write(text, at, from - at);
        }
        at = Math.max(at, to);
      }
    }
    out.write(text, at, text.length - at);
  }

  /// Looks for objects and lists.
  private final class Json {
    private final int levels;
    private final int[] counts;

    // What is open, by depth: the part or -1, where its latest comma stands or -1, the part that
    // ended last or -1, and whether something that is no part was met.
    private int[] spans = new int[MAX_LEVELS];
    private int[] comma = new int[MAX_LEVELS];
    private int[] latest = new int[MAX_LEVELS];
    private boolean[] fixed = new boolean[MAX_LEVELS];
    private int depth;

    /// Where the member under way begins, or -1.
    private int begun = -1;

    Json(int levels, int[] counts) {
      this.levels = levels;
      this.counts = counts;
      open(-1);
    }

    private void open(int span) {
      if (depth == spans.length) {
        spans = Arrays.copyOf(spans, depth * 2);
        comma = Arrays.copyOf(comma, depth * 2);
        latest = Arrays.copyOf(latest, depth * 2);
        fixed = Arrays.copyOf(fixed, depth * 2);
      }
      spans[depth] = span;
      comma[depth] = -1;
      latest[depth] = -1;
      fixed[depth] = false;
      depth++;
    }

    void run() {
      for (int at = 0; at < text.length; at++) {
        byte b = text[at];
        switch (b) {
          case ' ', '\t', '\r', '\n', ':' -> {
            // Between values.
          }
          case '"' -> {
            begin(at);
            at = endOfString(at);
          }
          case '{', '[' -> {
            begin(at);
            enter();
          }
          case '}', ']' -> leave(at + 1);
          case ',' -> {
            fixed();
            comma[depth - 1] = at;
          }
          default -> begin(at);
        }
      }
      while (depth > 1) {
        leave(text.length);
      }
    }

    private int endOfString(int from) {
      int at = from + 1;
      while (at < text.length && text[at] != '"') {
        at += text[at] == '\\' ? 2 : 1;
      }
      return at;
    }

    private void begin(int at) {
      if (begun < 0) {
        begun = at;
        int before = latest[depth - 1];
        if (before >= 0) {
          nexts.set(before, at);
          latest[depth - 1] = -1;
        }
      }
    }

    /// Ends a value that is no part.
    private void fixed() {
      if (begun >= 0) {
        fixed[depth - 1] = true;
        begun = -1;
      }
    }

    private void enter() {
      int level = depth - 1;
      int span = -1;
      if (levels == 0 && level < MAX_LEVELS) {
        counts[level]++;
      } else if (level < levels) {
        span = add(begun, text.length, spans[level]);
        if (comma[level] >= 0) {
          commas.set(span, comma[level]);
        }
        behindFixed.set(span, fixed[level] && level > 0);
      } else {
        fixed[level] = true;
      }
      begun = -1;
      open(span);
    }

    private void leave(int end) {
      fixed();
      if (depth > 1) {
        int span = spans[--depth];
        if (span >= 0) {
          ends.set(span, end);
          nexts.set(span, end);
          latest[depth - 1] = span;
        }
      }
    }
  }

  /// Looks for elements.
  private final class Xml {
    private final int levels;
    private final int[] counts;
    private final IntArrayList open = new IntArrayList();

    Xml(int levels, int[] counts) {
      this.levels = levels;
      this.counts = counts;
    }

    void run() {
      int at = 0;
      while (at < text.length) {
        if (text[at] != '<') {
          at++;
        } else if (startsWith(at, "<!--")) {
          at = behind(at, "-->");
        } else if (startsWith(at, "<![CDATA[")) {
          at = behind(at, "]]>");
        } else if (startsWith(at, "<?")) {
          at = behind(at, "?>");
        } else if (startsWith(at, "<!")) {
          at = endOfTag(at);
        } else if (startsWith(at, "</")) {
          at = endOfTag(at);
          leave(at);
        } else {
          int end = endOfTag(at);
          enter(at);
          if (end - 2 > at && text[end - 2] == '/') {
            leave(end);
          }
          at = end;
        }
      }
    }

    private boolean startsWith(int at, String prefix) {
      for (int i = 0; i < prefix.length(); i++) {
        if (at + i >= text.length || text[at + i] != prefix.charAt(i)) {
          return false;
        }
      }
      return true;
    }

    private int behind(int from, String end) {
      int at = from;
      while (at < text.length && !startsWith(at, end)) {
        at++;
      }
      return Math.min(text.length, at + end.length());
    }

    private int endOfTag(int from) {
      byte quote = 0;
      for (int at = from; at < text.length; at++) {
        byte b = text[at];
        if (quote != 0) {
          quote = b == quote ? 0 : quote;
        } else if (b == '"' || b == '\'') {
          quote = b;
        } else if (b == '>') {
          return at + 1;
        }
      }
      return text.length;
    }

    private void enter(int at) {
      int level = open.size() - 1;
      int span = -1;
      if (level >= 0 && levels == 0 && level < MAX_LEVELS) {
        counts[level]++;
      } else if (level >= 0 && level < levels) {
        int start = at;
        while (start > 0 && text[start - 1] <= ' ') {
          start--;
        }
        span = add(start, text.length, open.getLast());
      }
      open.add(span);
    }

    private void leave(int end) {
      if (open.notEmpty()) {
        int span = open.removeAtIndex(open.size() - 1);
        if (span >= 0) {
          ends.set(span, end);
          nexts.set(span, end);
        }
      }
    }
  }
}
