package dev.lockstep.engine;

import dev.lockstep.check.Alignment.Absence;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What findings account for besides what they report, so that one fault is one finding: where
/// sweeps are missing, for label rules that would miss them too, and which stamps of labels are
/// wrong, for rules about stamps.
///
/// Accounts are kept of the streams only whose stamps are kept: there are no more than those.
final class Accounts {
  private final Map<String, List<Absence>> byStream = new HashMap<>();
  private final List<Account> accounts = new ArrayList<>();

  /// What a finding about labels accounts for, of the stamps of a label stream.
  private record Account(CheckCard check, String stream, long firstStampNs, long lastStampNs) {}

  void account(CheckCard check, String stream, long firstStampNs, long lastStampNs) {
    accounts.add(new Account(check, stream, firstStampNs, lastStampNs));
  }

  /// A result of a rule that yields to those about labels: what they account for is only mentioned.
  CheckResult yielding(CheckResult result) {
    List<Finding> findings = result.findings().stream().map(this::yielding).toList();
    return new CheckResult(
        result.check(), result.subject(), result.outcome(), findings, result.total());
  }

  private Finding yielding(Finding finding) {
    Span stamps = finding.location().stampsNs();
    for (Account account : accounts) {
      if (stamps != null
          && account.stream.equals(finding.location().stream())
          && stamps.first() <= account.lastStampNs
          && stamps.last() >= account.firstStampNs) {
        return new Finding(
            finding.check(),
            finding.title(),
            Severity.INFO,
            finding.location(),
            finding.evidence(),
            new Cause("wrong-label-stamp", account.check.id() + " reports these labels"));
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
