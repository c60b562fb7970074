package dev.lockstep.source.folder;

import dev.lockstep.model.Order;
import dev.lockstep.model.Times;
import dev.lockstep.source.folder.Paths.Found;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import org.jspecify.annotations.Nullable;

/// Which file belongs to which stamp of a stream. Message `i` has stamp `i` and file `i`, either of
/// which may be missing; files without a stamp are no messages.
final class MessageFiles {
  /// Numbers in names may run so far ahead of the number of files that holes are no losses any
  /// more. Judged: 19 of 20 may be missing, and a short stream may start late.
  private static final long MAX_SPARSENESS = 20;

  private static final long SPARSENESS_SLACK = 10_000;

  private final StampColumn stamps;
  private final List<@Nullable Found> files = new ArrayList<>();
  private final List<Found> unstamped = new ArrayList<>();
  private final List<Found> unnamed = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final BitSet doubtful = new BitSet();
  private final BitSet afterLoss = new BitSet();
  private int contradictions;
  private long firstContradiction = -1;
  private long contradictingNs;
  private boolean alike = true;
  private long compared;
  private String basis = "";

  private MessageFiles(StampColumn stamps) {
    this.stamps = stamps;
  }

  /// Files whose names hold the stamps.
  static MessageFiles named(List<Found> found, NamePattern pattern, StampUnit unit, Epoch epoch) {
    MessageFiles result = new MessageFiles(new StampColumn());
    record Stamped(long stampNs, Found file) {}
    List<Stamped> stamped = new ArrayList<>();
    for (Found file : found) {
      MatchResult match = pattern.match(file.last());
      long stampNs = match == null ? Times.NONE : pattern.stampNs(match, unit);
      if (stampNs == Times.NONE) {
        result.unnamed.add(file);
      } else {
        stamped.add(new Stamped(stampNs, file));
      }
    }
    // Stable: files of equal stamps stay in order of their names.
    stamped.sort(Order.byLong(Stamped::stampNs));
    long shift = stamped.isEmpty() ? 0 : epoch.shiftNs(stamped.getFirst().stampNs());
    for (Stamped each : stamped) {
      result.stamps.add(TableFile.shifted(each.stampNs(), shift));
      result.files.add(each.file());
    }
    return result;
  }

  /// Files that are counted: by numbers in their names where `pattern` finds some, else one by one.
  ///
  /// @param rate messages a second, or null where nothing says so
  static MessageFiles counted(
      List<Found> found, @Nullable NamePattern pattern, @Nullable BigDecimal rate) {
    MessageFiles result = new MessageFiles(new StampColumn());
    Map<Long, Found> byNumber = new HashMap<>();
    boolean numbered = pattern != null && pattern.givesNumber();
    if (pattern == null || !numbered) {
      result.files.addAll(found);
    } else {
      long first = Long.MAX_VALUE;
      long last = -1;
      for (Found file : found) {
        MatchResult match = pattern.match(file.last());
        long number = match == null ? -1 : NamePattern.number(match);
        if (number < 0 || byNumber.putIfAbsent(number, file) != null) {
          result.unnamed.add(file);
        } else {
          first = Math.min(first, number);
          last = Math.max(last, number);
        }
      }
      boolean dense = last - first < byNumber.size() * MAX_SPARSENESS + SPARSENESS_SLACK;
      if (dense) {
        for (long number = first; number <= last; number++) {
          Found file = byNumber.get(number);
          result.files.add(file);
          if (file == null) {
            result.missing.add("number " + number);
          }
        }
      } else {
        byNumber.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .forEach(entry -> result.files.add(entry.getValue()));
      }
      result.basis = "numbers " + first + ".." + last;
    }
    for (int i = 0; i < result.files.size(); i++) {
      result.stamps.add(rate == null ? Times.NONE : nominal(i, rate));
    }
    return result;
  }

  /// The stamp of the message numbered `i`, exactly.
  private static long nominal(long i, BigDecimal rate) {
    long millionths = rate.unscaledValue().longValueExact();
    long denominator = BigDecimal.TEN.pow(rate.scale()).longValueExact();
    long seconds = i * denominator / millionths;
    long rest = i * denominator % millionths;
    // Rates are below 1e6 and have six decimals: the rest is below 1e12.
    long millis = rest * 1_000_000 / millionths;
    long below = rest * 1_000_000 % millionths;
    return seconds * Times.SECOND + millis * 1000 + below * 1000 / millionths;
  }

  /// Files of the rows of a table, joined by the names in it, by numbers in the files' names, by
  /// the stamps in them, or one after the other.
  static MessageFiles listed(StampTable table, List<Found> found, Layout.Stamps rule) {
    MessageFiles result = new MessageFiles(table.stamps());
    int rows = table.stamps().size();
    for (int i = 0; i < rows; i++) {
      result.files.add(null);
    }
    List<String> names = table.files();
    NamePattern pattern = rule.name();
    if (names != null) {
      result.joinByName(found, names);
    } else if (pattern != null && pattern.givesNumber()) {
      result.joinByNumber(found, pattern, rule.first());
    } else if (pattern != null) {
      result.joinByStamp(found, pattern, rule);
    } else {
      for (int i = 0; i < found.size(); i++) {
        if (i < rows) {
          result.files.set(i, found.get(i));
        } else {
          result.unstamped.add(found.get(i));
        }
      }
    }
    for (int i = 0; i < rows; i++) {
      // A row that is blank or damaged is reported as such.
      if (result.files.get(i) == null && result.stamps.get(i) != Times.NONE) {
        String name = names == null || names.get(i).isEmpty() ? "row " + i : names.get(i);
        result.missing.add(name);
      }
    }
    if (names != null && pattern != null && pattern.givesStamp()) {
      result.compareNames(pattern, rule);
    }
    result.basis =
        rows
            + (rows == 1 ? " stamp, " : " stamps, ")
            + found.size()
            + (found.size() == 1 ? " file" : " files");
    return result;
  }

  private void joinByName(List<Found> found, List<String> names) {
    Map<String, Found> byName = new HashMap<>();
    for (Found file : found) {
      byName.putIfAbsent(file.stem(), file);
    }
    for (Found file : found) {
      byName.put(file.last(), file);
    }
    Map<Found, Integer> rows = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      String last = name.substring(name.lastIndexOf('/') + 1);
      Found file = last.isEmpty() ? null : byName.get(last);
      if (file == null) {
        continue;
      }
      if (rows.putIfAbsent(file, i) == null) {
        files.set(i, file);
      } else if (i > 0 && files.get(i - 1) != null) {
        // The second row of a file is told, and has none: its stamp is that of the first.
        doubtful.set(i - 1);
      }
    }
    boolean lost = false;
    for (Found file : found) {
      Integer row = rows.get(file);
      if (row == null) {
        unstamped.add(file);
        lost = true;
      } else {
        afterLoss.set(row, lost);
        lost = false;
      }
    }
  }

  private void joinByNumber(List<Found> found, NamePattern pattern, long first) {
    for (Found file : found) {
      MatchResult match = pattern.match(file.last());
      long row = match == null ? -1 : NamePattern.number(match);
      if (row < 0) {
        unnamed.add(file);
      } else if (row < first
          || row - first >= files.size()
          || files.get((int) (row - first)) != null) {
        unstamped.add(file);
      } else {
        files.set((int) (row - first), file);
      }
    }
  }

  private void joinByStamp(List<Found> found, NamePattern pattern, Layout.Stamps rule) {
    Map<Long, Integer> rows = new HashMap<>();
    for (int i = 0; i < files.size(); i++) {
      rows.putIfAbsent(stamps.get(i), i);
    }
    rows.remove(Times.NONE);
    boolean lost = false;
    for (Found file : found) {
      MatchResult match = pattern.match(file.last());
      long stampNs = match == null ? Times.NONE : pattern.stampNs(match, rule.unit());
      if (stampNs == Times.NONE) {
        unnamed.add(file);
        continue;
      }
      Integer row = rows.get(TableFile.shifted(stampNs, rule.epoch().shiftNs(stampNs)));
      if (row == null || files.get(row) != null) {
        unstamped.add(file);
        lost = true;
      } else {
        files.set(row, file);
        afterLoss.set(row, lost);
        lost = false;
      }
    }
  }

  private void compareNames(NamePattern pattern, Layout.Stamps rule) {
    int contradictingAt = -1;
    for (int i = 0; i < files.size(); i++) {
      Found file = files.get(i);
      MatchResult match = file == null ? null : pattern.match(file.last());
      long named = match == null ? Times.NONE : pattern.stampNs(match, rule.unit());
      if (named == Times.NONE || stamps.get(i) == Times.NONE) {
        continue;
      }
      compared++;
      long shifted = TableFile.shifted(named, rule.epoch().shiftNs(named));
      if (shifted != stamps.get(i)) {
        if (contradictions++ == 0) {
          firstContradiction = i;
          contradictingNs = shifted;
        }
        alike &=
            Times.difference(shifted, stamps.get(i))
                == Times.difference(contradictingNs, stamps.get((int) firstContradiction));
        if (contradictingAt < 0) {
          doubtful.set(i);
        }
        contradictingAt = i;
      } else if (contradictingAt >= 0) {
        doubtful.set(contradictingAt);
        contradictingAt = -1;
      }
    }
    if (contradictingAt >= 0) {
      doubtful.set(contradictingAt);
    }
  }

  int size() {
    return files.size();
  }

  /// Whether what is wrong with the stamp of a message follows from what is told of its row: where
  /// rows and names begin to differ, and where they end to.
  boolean isDoubtful(int i) {
    return doubtful.get(i);
  }

  /// Whether files in front of a message have no stamp.
  boolean isAfterLoss(int i) {
    return afterLoss.get(i);
  }

  StampColumn stamps() {
    return stamps;
  }

  @Nullable Found file(int i) {
    return files.get(i);
  }

  /// Files that no stamp belongs to.
  List<Found> unstamped() {
    return unstamped;
  }

  /// Files whose names are not as the layout says.
  List<Found> unnamed() {
    return unnamed;
  }

  /// What the stamps without a file call it.
  List<String> missing() {
    return missing;
  }

  /// Message of the first name that contradicts its list, or -1.
  long firstContradiction() {
    return firstContradiction;
  }

  /// The stamp in that name, ns.
  long contradictingNs() {
    return contradictingNs;
  }

  /// Whether all names contradict their list, and by the same time: two clocks, not some lines.
  boolean contradictAlike() {
    return alike && contradictions > 1 && contradictions == compared;
  }

  /// Number of names that contradict their list.
  int contradictions() {
    return contradictions;
  }

  /// Names that were compared with their lists.
  long compared() {
    return compared;
  }

  /// What was counted, in words.
  String basis() {
    return basis;
  }
}
