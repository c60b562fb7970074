package dev.lockstep.labels.log;

/// Looks at the members of an event that tell which label it is of, without reading the others.
///
/// It may say of a line that it has to be read; it never says of one that has to be that it has
/// not.
final class LogLine {
  /// What the line tells of a member.
  static final int ID = 1;

  static final int STAMP = 2;
  static final int FRAME = 4;
  static final int TRACK = 8;

  /// Digits that always fit a long.
  private static final int MOST_DIGITS = 18;

  private byte[] text = {};
  private int at;
  private int end;

  /// Members that were found.
  int seen;

  long stampNs;
  long frame;
  int idFrom;
  int idTo;
  int trackFrom;
  int trackTo;

  /// Begins with the line in `[from, to)` of `bytes`, which is not blank; `false` if it has to be
  /// read.
  boolean begin(byte[] bytes, int from, int to) {
    text = bytes;
    at = from;
    end = to;
    seen = 0;
    return expect('{');
  }

  /// Goes on to the next member that tells something: its bit, 0 at the end of the event, -1 if the
  /// line has to be read.
  int next() {
    while (true) {
      space();
      if (at < end && text[at] == '}') {
        return 0;
      }
      if (at < end && text[at] == ',') {
        at++;
      }
      if (!expect('"')) {
        return -1;
      }
      int from = at;
      while (at < end && text[at] != '"' && text[at] != '\\') {
        at++;
      }
      int length = at - from;
      if (!expect('"') || !expect(':')) {
        return -1;
      }
      space();
      int member = member(from, length);
      if (member < 0 || at == end) {
        return -1;
      }
      if (member == 0) {
        if (!skip()) {
          return -1;
        }
        continue;
      }
      if ((seen & member) != 0
          || !(member == ID || member == TRACK ? text(member) : whole(member))) {
        return -1;
      }
      seen |= member;
      return member;
    }
  }

  /// Where the line has been looked at up to.
  int position() {
    return at;
  }

  private int member(int from, int length) {
    return switch (length) {
      case 2 -> is(from, "id") ? ID : 0;
      case 4 -> is(from, "type") ? -1 : 0;
      case 5 -> is(from, "frame") ? FRAME : is(from, "track") ? TRACK : 0;
      case 8 -> is(from, "stamp_ns") ? STAMP : 0;
      default -> 0;
    };
  }

  private boolean is(int from, String name) {
    for (int i = 0; i < name.length(); i++) {
      if (text[from + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void space() {
    while (at < end && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r')) {
      at++;
    }
  }

  private boolean expect(char wanted) {
    space();
    if (at < end && text[at] == wanted) {
      at++;
      return true;
    }
    return false;
  }

  /// A text without escapes.
  private boolean text(int member) {
    if (!expect('"')) {
      return false;
    }
    int from = at;
    while (at < end && text[at] != '"') {
      if (text[at] == '\\') {
        return false;
      }
      at++;
    }
    if (member == ID) {
      idFrom = from;
      idTo = at;
    } else {
      trackFrom = from;
      trackTo = at;
    }
    return expect('"');
  }

  private boolean whole(int member) {
    boolean negative = text[at] == '-';
    at += negative ? 1 : 0;
    int first = at;
    long value = 0;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      value = value * 10 + text[at++] - '0';
    }
    int digits = at - first;
    if (digits == 0 || digits > MOST_DIGITS + 1 || value < 0 || at == end) {
      return false;
    }
    if (text[at] != ',' && text[at] != '}' && text[at] != ' ') {
      return false;
    }
    value = negative ? -value : value;
    if (member == STAMP) {
      stampNs = value;
    } else {
      frame = value;
    }
    return true;
  }

  /// Passes over a value.
  private boolean skip() {
    int depth = 0;
    while (at < end) {
      byte b = text[at];
      if (b == '"') {
        at++;
        while (at < end && text[at] != '"') {
          at += text[at] == '\\' ? 2 : 1;
        }
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        if (depth == 0) {
          return b == '}';
        }
        depth--;
      } else if (b == ',' && depth == 0) {
        return true;
      }
      at++;
    }
    return false;
  }
}
