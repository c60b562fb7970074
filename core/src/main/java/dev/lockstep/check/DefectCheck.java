package dev.lockstep.check;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Span;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// A rule that reports what the reader found wrong: it claims some kinds of defect and says how
/// often each was looked for.
///
/// Rules of this sort differ only in their card and their kinds.
public abstract class DefectCheck implements RecordingCheck {
  private final CheckCard card;
  private final Set<DefectKind> kinds;

  /// A rule with `card` that claims `first` and `more`.
  protected DefectCheck(CheckCard card, DefectKind first, DefectKind... more) {
    this.card = card;
    this.kinds = EnumSet.of(first, more);
  }

  @Override
  public final CheckCard card() {
    return card;
  }

  /// Kinds of defect that this rule reports.
  public final Set<DefectKind> kinds() {
    return EnumSet.copyOf(kinds);
  }

  /// What to report of a fault that lasts until the last that was seen of its stream; by default
  /// the fault as it is.
  ///
  /// @param defect its messages joined, with the evidence of the first
  protected Defect atEnd(Defect defect, Summary summary) {
    return defect;
  }

  @Override
  public final Observer open(CheckSink sink) {
    return new Claims(sink);
  }

  /// Reports the claimed defects. Neighbouring messages of a stream with one kind of defect are one
  /// fault: they become one finding with the evidence of the first, reported when it has ended. Not
  /// so rows of tracks: what lies side by side in a label file belongs to different objects.
  private final class Claims implements Observer {
    private final CheckSink sink;

    /// The fault of each kind in each stream that may go on, by beginning.
    private final Map<String, OpenFault> open = new LinkedHashMap<>();

    Claims(CheckSink sink) {
      this.sink = sink;
    }

    @Override
    public void onDefect(Defect defect) {
      if (!kinds.contains(defect.kind())) {
        return;
      }
      String stream = defect.location().stream();
      if (stream == null || defect.location().messages() == null) {
        report(defect);
        return;
      }
      // What neighbouring defects must share to be one fault. A text, since a record as a key makes
      // classes when it is hashed first, which takes longer than all that is done here.
      String shared = defect.kind() + " " + defect.severity() + " " + stream;
      OpenFault before = open.get(shared);
      if (before != null && continues(before.defect, defect)) {
        before.defect = joined(before.defect, defect);
        before.announced = false;
        return;
      }
      if (before != null) {
        open.remove(shared);
        report(before.defect, before.announced);
      }
      open.put(shared, new OpenFault(stream, defect));
    }

    @Override
    public void onMessages(String stream, long first) {
      for (OpenFault fault : open.values()) {
        Defect defect = fault.defect;
        Span messages = defect.location().messages();
        if (!fault.announced
            && fault.stream.equals(stream)
            && messages != null
            && messages.last() + 1 < first) {
          // It ended: nobody has to wait for the next one to hear of it.
          fault.announced =
              sink.announce(
                  defect.severity(), defect.kind().title(), defect.location(), defect.evidence());
        }
      }
    }

    private void report(Defect defect) {
      report(defect, false);
    }

    /// @param announced whether listeners were told of it in the same words
    private void report(Defect defect, boolean announced) {
      Severity severity = defect.severity();
      String title = defect.kind().title();
      if (announced) {
        sink.reportAnnounced(severity, title, defect.location(), defect.evidence());
      } else {
        sink.report(severity, title, defect.location(), defect.evidence());
      }
      String stream = defect.location().stream();
      Span messages = defect.location().messages();
      if (stream != null && messages != null && defect.severity() != Severity.INFO) {
        sink.lacks(
            stream,
            messages.first() - 1,
            messages.last() + 1,
            messages.last() - messages.first() + 1);
      }
    }

    @Override
    public Conclusion onEnd(Summary summary) {
      for (OpenFault fault : open.values()) {
        Defect defect = atEnd(fault.defect, summary);
        report(defect, fault.announced && isSame(defect, fault.defect));
      }
      open.clear();
      long examined = 0;
      Set<String> reasons = new TreeSet<>();
      for (DefectKind kind : kinds) {
        examined += summary.examined(kind);
        reasons.addAll(summary.unexamined(kind));
      }
      return Conclusion.examined(
          examined,
          reasons.isEmpty()
              ? "the recording holds nothing of the kind"
              : String.join("; ", List.copyOf(reasons)));
    }
  }

  /// A fault that may go on.
  private static final class OpenFault {
    private final String stream;
    private Defect defect;

    /// Whether listeners were told of it as it is now.
    private boolean announced;

    OpenFault(String stream, Defect defect) {
      this.stream = stream;
      this.defect = defect;
    }
  }

  @SuppressWarnings("ReferenceEquality") // what was changed is another one
  private static boolean isSame(Defect a, Defect b) {
    return a == b;
  }

  private static boolean continues(Defect before, Defect next) {
    Span a = before.location().messages();
    Span b = next.location().messages();
    return a != null
        && b != null
        && b.first() == a.last() + 1
        && before.location().track() == null
        && next.location().track() == null;
  }

  private static Defect joined(Defect before, Defect next) {
    Location from = before.location();
    Location to = next.location();
    Location at = Location.stream(String.valueOf(from.stream())).withFile(from.file());
    Span first = Objects.requireNonNull(from.messages());
    Span last = Objects.requireNonNull(to.messages());
    at = at.withMessages(first.first(), last.last());
    Span firstNs = from.stampsNs();
    Span lastNs = to.stampsNs();
    if (firstNs != null && lastNs != null) {
      at = at.withStamps(firstNs.first(), lastNs.last());
    }
    return new Defect(before.kind(), before.severity(), at, before.evidence());
  }

  /// Worst severity among `kinds`, for cards.
  protected static Severity worst(DefectKind first, DefectKind... more) {
    Severity worst = first.severity();
    for (DefectKind kind : more) {
      if (kind.severity().compareTo(worst) > 0) {
        worst = kind.severity();
      }
    }
    return worst;
  }
}
