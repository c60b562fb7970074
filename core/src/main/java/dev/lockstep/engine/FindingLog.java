package dev.lockstep.engine;

import dev.lockstep.check.Alignment.Absence;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Measurement;
import dev.lockstep.check.Outcome;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What one check found and measured on one subject, in bounded memory: every finding is counted,
/// the first [#KEPT] of each severity and the very last are kept.
final class FindingLog implements CheckSink {
  /// Findings of one severity that are kept. Judged: enough to see a pattern, few enough to read.
  static final int KEPT = 20;

  private static final Cause DAMAGED =
      new Cause("damaged-bytes", "these messages lie in bytes that are reported as damaged");

  private final CheckCard card;
  private final String subject;
  private final @Nullable String file;
  private final Consumer<Finding> listener;
  private final Accounts accounts;
  private final DoubtfulMessages doubtful;
  private final List<Finding> kept = new ArrayList<>();
  private final Map<Severity, Integer> keptBySeverity = new EnumMap<>(Severity.class);
  private final Map<String, Measurement> measurements = new LinkedHashMap<>();
  private @Nullable Finding last;

  /// How many findings listeners were told in advance.
  private int announced;

  private String lastTitle = "";
  private Severity lastSeverity = Severity.INFO;
  private long total;
  private @Nullable String broken;

  /// @param listener told of every kept finding at once, for doors that cannot wait for the end
  /// @param accounts told what findings account for besides
  FindingLog(CheckCard card, String subject, Consumer<Finding> listener, Accounts accounts) {
    this(card, subject, null, listener, accounts, new DoubtfulMessages());
  }

  /// @param doubtful the messages of the stream in which findings follow from damaged bytes
  FindingLog(
      CheckCard card,
      String subject,
      Consumer<Finding> listener,
      Accounts accounts,
      DoubtfulMessages doubtful) {
    this(card, subject, null, listener, accounts, doubtful);
  }

  /// @param file the file that bytes lie in where a place names none: that of a recording of one
  ///   file; null where there is none
  FindingLog(
      CheckCard card,
      String subject,
      @Nullable String file,
      Consumer<Finding> listener,
      Accounts accounts) {
    this(card, subject, file, listener, accounts, new DoubtfulMessages());
  }

  private FindingLog(
      CheckCard card,
      String subject,
      @Nullable String file,
      Consumer<Finding> listener,
      Accounts accounts,
      DoubtfulMessages doubtful) {
    this.doubtful = doubtful;
    this.accounts = accounts;
    this.card = card;
    this.subject = subject;
    this.file = file;
    this.listener = listener;
  }

  @Override
  public void report(
      Severity severity,
      String title,
      Location location,
      Evidence evidence,
      @Nullable Cause cause) {
    keep(finding(severity, title, location, evidence, cause), listener);
  }

  @Override
  public boolean announce(Severity severity, String title, Location location, Evidence evidence) {
    Finding finding = finding(severity, title, location, evidence, null);
    if (keptBySeverity.getOrDefault(finding.severity(), 0) + announced >= KEPT) {
      return false;
    }
    announced++;
    listener.accept(finding);
    return true;
  }

  @Override
  public void reportAnnounced(
      Severity severity, String title, Location location, Evidence evidence) {
    announced--;
    keep(finding(severity, title, location, evidence, null), told -> {});
  }

  private void keep(Finding finding, Consumer<Finding> untold) {
    total++;
    lastTitle = finding.title();
    lastSeverity = finding.severity();
    if (keptBySeverity.merge(finding.severity(), 1, Integer::sum) <= KEPT) {
      kept.add(finding);
      untold.accept(finding);
      last = null;
    } else {
      last = finding;
    }
  }

  private Finding finding(
      Severity severity,
      String title,
      Location location,
      Evidence evidence,
      @Nullable Cause cause) {
    Location at =
        location.file() == null && location.bytes() != null ? location.withFile(file) : location;
    return severity != Severity.INFO && doubtful.explain(at.messages())
        ? new Finding(card, title, Severity.INFO, at, evidence, DAMAGED)
        : new Finding(card, title, severity, at, evidence, cause);
  }

  @Override
  public void lacks(String stream, long after, long before, long count) {
    accounts.add(
        stream, new Absence(card.id(), after, before, count, lastSeverity == Severity.INFO));
  }

  @Override
  public void accountsForMessages(String stream, long first, long last) {
    accounts.accountForMessages(card, lastTitle, stream, first, last);
  }

  @Override
  public void accountsFor(String stream, long firstStampNs, long lastStampNs) {
    accounts.account(card, stream, firstStampNs, lastStampNs);
  }

  @Override
  public void accountsForAll(long firstStampNs, long lastStampNs) {
    accounts.accountForAll(card, firstStampNs, lastStampNs);
  }

  @Override
  public void measure(String quantity, double value, String unit) {
    measurements.put(quantity, new Measurement(card.id(), subject, quantity, value, unit));
  }

  /// Notes that the check failed; it is fed no more.
  void breaks(Throwable cause) {
    broken = cause.toString();
  }

  boolean isBroken() {
    return broken != null;
  }

  List<Measurement> measurements() {
    return List.copyOf(measurements.values());
  }

  CheckResult result(@Nullable Conclusion conclusion) {
    List<Finding> findings = new ArrayList<>(kept);
    if (last != null) {
      findings.add(last);
    }
    return new CheckResult(card, subject, outcome(conclusion), findings, total);
  }

  private Outcome outcome(@Nullable Conclusion conclusion) {
    if (broken != null) {
      return new Outcome.Broken(broken);
    }
    if (total > 0) {
      return new Outcome.Found(total);
    }
    if (conclusion instanceof Conclusion.Examined e) {
      return e.count() > 0
          ? new Outcome.Passed(e.count())
          : new Outcome.Skipped("nothing to examine");
    }
    return conclusion instanceof Conclusion.Undecided u
        ? new Outcome.Skipped(u.reason())
        : new Outcome.Broken("the check said nothing at its end");
  }
}
