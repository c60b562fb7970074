package dev.lockstep.lineage;

import dev.lockstep.lineage.LabelTrace.Rest;
import dev.lockstep.lineage.LabelTrace.Sealed;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Times;
import dev.lockstep.source.MessageAt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The words of a trace; lines end with `\n`.
public final class TraceText {
  /// Labels of a blast radius that are listed; JSON lists all.
  private static final int LISTED = 20;

  private static final String UNKNOWN = "not recorded";

  private TraceText() {}

  /// A label and what it rests on.
  ///
  /// @param manifestState why stored checksums are not known, empty where they are
  public static String of(LabelTrace trace, String manifestState) {
    StringBuilder text = new StringBuilder();
    label(text, trace.label());
    Rest basis = trace.basis();
    if (basis == null) {
      text.append("rests on: nothing found (").append(trace.why()).append(")\n");
    } else {
      text.append("rests on (").append(trace.why()).append(")\n");
      rest(text, basis, "the label", manifestState);
      text.append("paired with it (each the other's nearest)\n");
      for (Rest pair : trace.paired()) {
        rest(text, pair, "it", manifestState);
      }
      for (String stream : trace.unpaired()) {
        text.append("  ").append(stream).append(": no message whose nearest it is\n");
      }
      if (trace.paired().isEmpty() && trace.unpaired().isEmpty()) {
        text.append("  no other sensor in the recording\n");
      }
    }
    List<ReportedFinding> findings = trace.findings();
    if (findings == null) {
      text.append("findings that touch it: not looked for (--check or --findings FILE)\n");
    } else {
      text.append("findings that touch it: ").append(findings.size()).append('\n');
      for (ReportedFinding finding : findings) {
        text.append("  ").append(finding.text().replace("\n", "\n  ")).append('\n');
      }
    }
    return text.toString();
  }

  private static void label(StringBuilder text, LabelRow label) {
    text.append("label ").append(label.place()).append(" of ").append(label.set()).append('\n');
    text.append("  ").append(label.solid() ? "3D box" : "2D box");
    text.append(", track ").append(label.track() == null ? "none" : label.track());
    text.append(", category ").append(label.category());
    if (label.frame() >= 0) {
      text.append(", frame ").append(label.frame());
    }
    text.append(", stamp ").append(stamp(label.stampNs()));
    text.append(" (").append(label.stampSource().label()).append(")\n");
    ByteRange bytes = label.bytes();
    text.append("  bytes: ").append(bytes == null ? UNKNOWN : text(bytes)).append('\n');
    text.append("  annotator: ").append(orUnknown(label.annotator()));
    text.append("; edited: ").append(label.editedNs() == Times.NONE ? UNKNOWN : utc(label));
    text.append("; tool: ").append(orUnknown(label.tool()));
    text.append("; revision: ");
    text.append(label.revision() < 0 ? UNKNOWN : Integer.toString(label.revision())).append('\n');
  }

  private static String utc(LabelRow label) {
    return Instant.ofEpochSecond(
            Math.floorDiv(label.editedNs(), Times.SECOND),
            Math.floorMod(label.editedNs(), Times.SECOND))
        .toString();
  }

  private static String orUnknown(@Nullable String value) {
    return value == null ? UNKNOWN : value;
  }

  private static String stamp(long stampNs) {
    return stampNs == Times.NONE ? "none" : stampNs + " ns";
  }

  private static String text(ByteRange bytes) {
    return bytes.offsetBytes() + "+" + bytes.lengthBytes();
  }

  private static void rest(StringBuilder text, Rest rest, String from, String manifestState) {
    MessageAt message = rest.message();
    text.append("  ").append(message.stream()).append(" message ").append(message.index());
    text.append(": stamp ").append(stamp(message.stampNs()));
    if (rest.timed()) {
      text.append(String.format(Locale.ROOT, ", %+.3f ms from ", rest.offsetNs() / 1e6))
          .append(from);
    }
    text.append("\n    ").append(message.file()).append(", byte ").append(text(message.bytes()));
    text.append(message.compressed() ? " (its compressed chunk)\n    " : "\n    ");
    Sealed sealed = rest.sealed();
    String computed = hex(rest.crc32c());
    if (sealed == null && message.bytes().lengthBytes() == 0) {
      text.append("no bytes: the file is empty or not there\n");
    } else if (sealed == null) {
      text.append("CRC-32C computed ").append(computed).append(", none stored (");
      text.append(manifestState.isEmpty() ? "the manifest does not know it" : manifestState);
      text.append(")\n");
    } else {
      text.append("block ").append(sealed.block()).append(": CRC-32C stored ");
      text.append(hex(sealed.crc32c())).append(", computed ").append(computed);
      text.append(sealed.crc32c() == rest.crc32c() ? "" : ": DIFFERS").append('\n');
    }
  }

  static String hex(int crc) {
    return String.format(Locale.ROOT, "0x%08X", crc);
  }

  /// What rests on some bytes.
  public static String of(BlastRadius radius) {
    StringBuilder text = new StringBuilder(radius.place()).append('\n');
    Map<String, List<MessageAt>> byStream = new LinkedHashMap<>();
    for (MessageAt message : radius.messages()) {
      byStream.computeIfAbsent(message.stream(), _ -> new ArrayList<>()).add(message);
    }
    text.append("messages in it: ").append(radius.messages().size()).append('\n');
    byStream.forEach((stream, messages) -> {
      MessageAt first = messages.getFirst();
      MessageAt last = messages.getLast();
      text.append("  ").append(stream).append(": ").append(messages.size());
      text.append(", messages ").append(first.index()).append("..").append(last.index());
      text.append(", stamps ").append(stamp(first.stampNs())).append(" to ");
      text.append(stamp(last.stampNs())).append('\n');
    });
    text.append("labels that rest on it: ").append(radius.labels().size()).append('\n');
    int listed = 0;
    for (BlastRadius.Touched touched : radius.labels()) {
      if (listed++ == LISTED) {
        text.append("  and ").append(radius.labels().size() - LISTED);
        text.append(" more (--output json lists all)\n");
        break;
      }
      LabelRow label = touched.label();
      text.append("  ").append(touched.by().words()).append(": ").append(label.set());
      text.append(' ').append(label.place());
      text.append(", track ").append(label.track() == null ? "none" : label.track());
      text.append(", ").append(label.category()).append(", stamp ").append(stamp(label.stampNs()));
      text.append('\n');
    }
    return text.toString();
  }
}
