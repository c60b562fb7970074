package dev.lockstep.labels.log;

import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads events that are written plainly, as tools write them: known members, each once, texts of
/// ASCII without escapes, numbers without exponents. Of everything else it says no more than that
/// it is something else, and leaves it to [dev.lockstep.labels.JsonCursor]; what it does read, both
/// read alike. A log is read in a third of the time that way.
final class PlainEvent {
  /// Digits that always fit a long.
  private static final int MOST_DIGITS = 18;

  /// Whole numbers up to here are doubles, too.
  private static final long MOST_EXACT = 1L << 53;

  /// Most attributes that are read here. Judged: they are compared with each other.
  private static final int MOST_ATTRIBUTES = 16;

  private static final double[] TENS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18
  };

  /// Members in the order of the bits that tell that they were there.
  private static final List<String> MEMBERS =
      List.of(
          "id",
          "revision",
          "deleted",
          "stamp_ns",
          "frame",
          "track",
          "category",
          "box2d",
          "box3d",
          "score",
          "points",
          "truncated",
          "occluded",
          "flags",
          "annotator",
          "tool",
          "edited_ns",
          "attributes",
          "source");

  private static final List<String> SOURCE = List.of("file", "offset", "length", "message");

  /// Thrown where an event is not plain; it tells nothing and is cheap to make.
  private static final class NotPlainException extends Exception {
    private static final long serialVersionUID = 1;

    private NotPlainException() {
      super("not plain", null, false, false);
    }
  }

  private final LabelEvent event;
  private byte[] text = {};
  private int at;
  private int end;
  private int from;
  private int to;

  PlainEvent(LabelEvent event) {
    this.event = event;
  }

  /// Fills the event, which must be clear; `false` where the line is not plain, and the event then
  /// holds anything.
  boolean read(byte[] line) {
    text = line;
    at = 0;
    end = line.length;
    try {
      object(MEMBERS, this::member);
      space();
      return at == end;
    } catch (NotPlainException e) {
      return false;
    }
  }

  private interface Member {
    void read(int number) throws NotPlainException;
  }

  private void object(List<String> names, Member member) throws NotPlainException {
    expect('{');
    if (ends('}')) {
      return;
    }
    int seen = 0;
    do {
      string();
      int number = number(names);
      if (number < 0 || (seen & 1 << number) != 0) {
        throw new NotPlainException();
      }
      seen |= 1 << number;
      expect(':');
      member.read(number);
    } while (another('}'));
  }

  private int number(List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      int length = name.length();
      if (length == to - from) {
        int same = 0;
        while (same < length && name.charAt(same) == text[from + same]) {
          same++;
        }
        if (same == length) {
          return i;
        }
      }
    }
    return -1;
  }

  private void member(int number) throws NotPlainException {
    switch (number) {
      case 0 -> event.id = string();
      case 1 -> event.revision = Math.clamp(whole(), -1, 1 << 30);
      case 2 -> event.deleted = flag();
      case 3 -> event.stampNs = whole();
      case 4 -> event.frame = Math.max(-1, whole());
      case 5 -> event.track = string();
      case 6 -> event.category = string();
      case 7 -> numbers(event.box2d, LabelSet.BOX_2D);
      case 8 -> numbers(event.box3d, LabelSet.BOX_3D);
      case 9 -> event.score = decimal();
      case 10 -> event.points = whole();
      case 11 -> event.truncated = decimal();
      case 12 -> event.occluded = decimal();
      case 13 -> flags();
      case 14 -> event.annotator = string();
      case 15 -> event.tool = string();
      case 16 -> event.editedNs = whole();
      case 17 -> event.attributes = attributes();
      default -> object(SOURCE, this::source);
    }
  }

  private void source(int number) throws NotPlainException {
    switch (number) {
      case 0 -> event.sourceFile = string();
      case 1 -> event.sourceOffset = whole();
      case 2 -> event.sourceLength = whole();
      default -> event.sourceMessage = whole();
    }
  }

  private void flags() throws NotPlainException {
    expect('[');
    if (ends(']')) {
      return;
    }
    do {
      event.flags |= LabelLog.FLAGS.getOrDefault(string(), 0);
    } while (another(']'));
  }

  private List<Attribute> attributes() throws NotPlainException {
    expect('{');
    if (ends('}')) {
      return new ArrayList<>();
    }
    List<Attribute> found = new ArrayList<>(2);
    do {
      String name = string();
      if (found.size() == MOST_ATTRIBUTES
          || found.stream().anyMatch(each -> each.name().equals(name))) {
        throw new NotPlainException();
      }
      expect(':');
      found.add(new Attribute(name, string()));
    } while (another('}'));
    return found;
  }

  private void numbers(double[] into, int count) throws NotPlainException {
    Arrays.fill(into, Double.NaN);
    expect('[');
    for (int i = 0; i < count; i++) {
      into[i] = decimal();
      expect(i < count - 1 ? ',' : ']');
    }
  }

  private void space() {
    while (at < end && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r')) {
      at++;
    }
  }

  private void expect(char wanted) throws NotPlainException {
    space();
    if (at == end || text[at] != wanted) {
      throw new NotPlainException();
    }
    at++;
  }

  /// Whether an empty list or object ends here.
  private boolean ends(char close) {
    space();
    if (at < end && text[at] == close) {
      at++;
      return true;
    }
    return false;
  }

  /// Whether a comma comes next, and not the end.
  private boolean another(char close) throws NotPlainException {
    if (ends(close)) {
      return false;
    }
    expect(',');
    return true;
  }

  private String string() throws NotPlainException {
    expect('"');
    from = at;
    while (at < end && text[at] != '"') {
      // Bytes above ASCII are negative.
      if (text[at] < ' ' || text[at] == '\\') {
        throw new NotPlainException();
      }
      at++;
    }
    to = at;
    expect('"');
    return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private boolean flag() throws NotPlainException {
    space();
    boolean yes = at < end && text[at] == 't';
    for (char c : (yes ? "true" : "false").toCharArray()) {
      if (at == end || text[at] != c) {
        throw new NotPlainException();
      }
      at++;
    }
    return yes;
  }

  /// The digits that come next as a number; they may not begin with a zero but for 0 itself.
  private long digits() throws NotPlainException {
    int first = at;
    long value = 0;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      value = value * 10 + text[at++] - '0';
    }
    if (at == first || text[first] == '0' && at > first + 1 || at - first > MOST_DIGITS + 1) {
      throw new NotPlainException();
    }
    return value;
  }

  private long whole() throws NotPlainException {
    space();
    boolean negative = at < end && text[at] == '-';
    at += negative ? 1 : 0;
    long value = digits();
    // Nineteen digits may be too many.
    if (value < 0 || at < end && (text[at] == '.' || (text[at] | 0x20) == 'e')) {
      throw new NotPlainException();
    }
    return negative ? -value : value;
  }

  private double decimal() throws NotPlainException {
    space();
    int first = at;
    boolean negative = at < end && text[at] == '-';
    at += negative ? 1 : 0;
    long value = digits();
    int whole = at;
    if (at < end && text[at] == '.') {
      at++;
      while (at < end && text[at] >= '0' && text[at] <= '9') {
        value = value * 10 + text[at++] - '0';
      }
      if (at == whole + 1) {
        throw new NotPlainException();
      }
    } else if (negative && value == 0) {
      throw new NotPlainException();
    }
    if (at < end && (text[at] | 0x20) == 'e') {
      throw new NotPlainException();
    }
    int decimals = at == whole ? 0 : at - whole - 1;
    if (at - first <= MOST_DIGITS && value <= MOST_EXACT) {
      double size = value / TENS[decimals];
      return negative ? -size : size;
    }
    return Double.parseDouble(new String(text, first, at - first, StandardCharsets.ISO_8859_1));
  }
}
