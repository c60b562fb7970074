package dev.lockstep.report;

/// Text that XML and HTML can hold.
final class XmlText {
  private XmlText() {}

  /// Replaces what XML 1.0 cannot hold: names come from files that may hold anything.
  static String legal(String text) {
    return text.codePoints()
        .map(c ->
            c == '\n'
                    || c == '\t'
                    || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF && !(c >= 0xD800 && c <= 0xDFFF))
                ? c
                : 0xFFFD)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
