package dev.lockstep.engine;

import dev.lockstep.check.Alignment.Absence;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Span;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What findings account for besides what they report, so that one fault is one finding: where
/// sweeps are missing, for label rules that would miss them too, and which stamps of labels are
/// wrong, for rules about stamps.
///
/// Accounts are kept of the streams only whose stamps are kept: there are no more than those.
final class Accounts {
  /// Share of a hole of all streams that a finding must take in to be about it. Judged.
  private static final double SHARED = 0.5;

  private final Map<String, List<Absence>> byStream = new HashMap<>();
  private final List<Account> accounts = new ArrayList<>();

  /// What a finding accounts for, of the stamps of a stream, or of every one that has nothing in
  /// between.
  ///
  /// @param title the finding that accounts, where it may itself lie there; else empty
  /// @param messages messages of the stream, or null where stamps say which
  private record Account(
      CheckCard check,
      String title,
      @Nullable String stream,
      long firstStampNs,
      long lastStampNs,
      @Nullable Span messages) {
    boolean explains(Finding finding) {
      Span found = finding.location().messages();
      if (messages != null) {
        boolean itself = finding.check().equals(check) && finding.title().equals(title);
        return found != null
            && !itself
            && Objects.equals(stream, finding.location().stream())
            && found.first() <= messages.last()
            && found.last() >= messages.first();
      }
      Span stamps = finding.location().stampsNs();
      if (stamps == null) {
        return false;
      }
      if (stream == null) {
        // Streams that nobody follows closely begin and end their hole a little later or earlier.
        long sharedNs =
            Times.difference(
                Math.min(stamps.last(), lastStampNs), Math.max(stamps.first(), firstStampNs));
        return sharedNs >= SHARED * Times.difference(lastStampNs, firstStampNs);
      }
      return stream.equals(finding.location().stream())
          && stamps.first() <= lastStampNs
          && stamps.last() >= firstStampNs;
    }

    Cause cause() {
      if (stream == null) {
        return new Cause("all-streams", check.id() + " reports this of all streams together");
      }
      if (messages != null) {
        return new Cause("same-fault", check.id() + " reports this as what it is");
      }
      return check.family().equals("LAB")
          ? new Cause("wrong-label-stamp", check.id() + " reports these labels")
          : new Cause("one-clock", check.id() + " reports that this is the clock of others, too");
    }
  }

  void account(CheckCard check, String stream, long firstStampNs, long lastStampNs) {
    accounts.add(new Account(check, "", stream, firstStampNs, lastStampNs, null));
  }

  void accountForMessages(CheckCard check, String title, String stream, long first, long last) {
    accounts.add(new Account(check, title, stream, 0, 0, new Span(first, last)));
  }

  void accountForAll(CheckCard check, long firstStampNs, long lastStampNs) {
    accounts.add(new Account(check, "", null, firstStampNs, lastStampNs, null));
  }

  /// A result of a rule that yields to those about labels or about all streams: what they account
  /// for is only mentioned.
  CheckResult yielding(CheckResult result) {
    if (accounts.isEmpty()) {
      return result;
    }
    List<Finding> findings = result.findings().stream().map(this::yielding).toList();
    return new CheckResult(
        result.check(), result.subject(), result.outcome(), findings, result.total());
  }

  private Finding yielding(Finding finding) {
    for (Account account : accounts) {
      if (finding.severity() != Severity.INFO && account.explains(finding)) {
        return new Finding(
            finding.check(),
            finding.title(),
            Severity.INFO,
            finding.location(),
            finding.evidence(),
            account.cause());
      }
    }
    return finding;
  }

  /// Keeps absences of that stream from now on.
  void keep(String stream) {
    byStream.putIfAbsent(stream, new ArrayList<>());
  }

  void add(String stream, Absence absence) {
    List<Absence> kept = byStream.get(stream);
    if (kept != null) {
      kept.add(absence);
    }
  }

  /// Those of a stream, in the order in which they came to light.
  List<Absence> of(String stream) {
    return byStream.getOrDefault(stream, List.of());
  }
}
