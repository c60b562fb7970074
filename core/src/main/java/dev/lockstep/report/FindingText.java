package dev.lockstep.report;

import dev.lockstep.check.Cause;
import dev.lockstep.check.Finding;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Span;
import org.jspecify.annotations.Nullable;

/// The words of a finding, made from its typed values. Every rendering uses these.
public final class FindingText {
  private FindingText() {}

  /// The whole finding: what and how bad, where, and the likely cause if one is known; lines are
  /// separated by `\n`, without one at the end.
  public static String of(Finding finding) {
    StringBuilder text = new StringBuilder(inLine(headline(finding)));
    String place = place(finding.location());
    if (!place.isEmpty()) {
      text.append("\n  at ").append(inLine(place));
    }
    Cause cause = finding.cause();
    if (cause != null) {
      text.append("\n  likely cause: ").append(inLine(cause.sentence()));
    }
    return text.toString();
  }

  /// Names of files and topics may hold line feeds: what they say must not pass for a line of ours.
  private static String inLine(String text) {
    return text.replace('\n', '\uFFFD');
  }

  /// Severity, rule, fault and evidence in one line.
  public static String headline(Finding finding) {
    return finding.severity().label()
        + " "
        + finding.check().id()
        + " "
        + finding.check().name()
        + ": "
        + message(finding);
  }

  /// Fault and evidence in one line.
  public static String message(Finding finding) {
    return finding.title() + ": " + evidence(finding.evidence());
  }

  /// Evidence as `what observed (expected)`.
  public static String evidence(Evidence evidence) {
    // A switch over types is put together anew in every process, which takes as long as the rest of
    // a report.
    if (evidence instanceof Evidence.Mismatch m) {
      return m.what() + " stored " + m.stored() + ", computed " + m.computed();
    }
    if (evidence instanceof Evidence.Loss l) {
      return l.count() + " " + l.what() + " missing" + inBrackets(l.basis());
    }
    if (evidence instanceof Evidence.Repeat r) {
      return r.what() + " " + r.value() + " " + r.count() + " times in a row";
    }
    if (evidence instanceof Evidence.Change c) {
      return c.what() + " " + c.before() + " -> " + c.after() + inBrackets(c.support());
    }
    // Out of range, out of order, or against a rule.
    return evidence.what() + " " + withUnit(evidence.observed(), evidence) + expected(evidence);
  }

  private static String expected(Evidence evidence) {
    return evidence.expected().isEmpty()
        ? ""
        : " (expected " + withUnit(evidence.expected(), evidence) + ")";
  }

  private static String withUnit(String value, Evidence evidence) {
    return evidence.unit().isEmpty() ? value : value + " " + evidence.unit();
  }

  private static String inBrackets(String text) {
    return text.isEmpty() ? "" : " (" + text + ")";
  }

  /// The place, from the widest to the narrowest part; empty for the recording as a whole.
  public static String place(Location at) {
    StringBuilder text = new StringBuilder();
    append(text, "", at.stream());
    append(text, "track ", at.track());
    append(text, at.stream() == null ? "row" : "message", at.messages());
    append(text, "frame", at.frames());
    Span stamps = at.stampsNs();
    if (stamps != null) {
      append(text, "stamp", stamps);
      text.append(" ns");
    }
    append(text, "", at.file());
    ByteRange bytes = at.bytes();
    if (bytes != null) {
      separate(text);
      text.append("byte ").append(bytes.offsetBytes());
      if (bytes.lengthBytes() > 0) {
        text.append('+').append(bytes.lengthBytes());
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String word, @Nullable String value) {
    if (value != null) {
      separate(text);
      text.append(word).append(value);
    }
  }

  private static void append(StringBuilder text, String word, @Nullable Span span) {
    if (span == null) {
      return;
    }
    separate(text);
    text.append(word);
    if (span.first() == span.last()) {
      text.append(' ').append(span.first());
    } else {
      text.append("s ").append(span.first()).append("..").append(span.last());
    }
  }

  private static void separate(StringBuilder text) {
    if (!text.isEmpty()) {
      text.append(", ");
    }
  }
}
