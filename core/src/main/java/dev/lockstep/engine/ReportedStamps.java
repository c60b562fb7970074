package dev.lockstep.engine;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.LabelCheck.Context;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;
import org.eclipse.collections.impl.map.mutable.primitive.LongObjectHashMap;
import org.jspecify.annotations.Nullable;

/// What rules report of a stream, asked for by stamps instead of messages.
final class ReportedStamps {
  private final int count;
  private final Context.Absences missing;
  private final LongObjectHashMap<String> wrong = new LongObjectHashMap<>();

  /// @param absences what is reported
  /// @param stampsNs stamp of each message
  ReportedStamps(List<Alignment.Absence> absences, LongArrayList stampsNs) {
    count = absences.size();
    missing = new Context.Absences(missing(absences, stampsNs));
    Alignment.Reports reports = new Alignment.Reports(absences);
    for (int message = 0; count > 0 && message < stampsNs.size(); message++) {
      String check = reports.between(message, message);
      if (check != null) {
        wrong.getIfAbsentPut(stampsNs.get(message), check);
      }
    }
  }

  /// How many reports are known.
  int count() {
    return count;
  }

  /// Id of a rule that reports a message with that stamp as wrongly stamped, or null.
  @Nullable String reported(long stampNs) {
    return wrong.get(stampNs);
  }

  /// Id of a rule that reports the message of that stamp as missing, or null.
  @Nullable String absent(long stampNs) {
    return missing.covering(stampNs);
  }

  /// What is missing, by stamps.
  static List<Context.Absence> missing(List<Alignment.Absence> absences, LongArrayList stampsNs) {
    List<Context.Absence> missing = new ArrayList<>(absences.size());
    for (Alignment.Absence absence : absences) {
      missing.add(missing(absence, stampsNs));
    }
    return missing;
  }

  private static Context.Absence missing(Alignment.Absence by, LongArrayList stampsNs) {
    int before = (int) Math.min(by.after(), stampsNs.size() - 1L);
    while (before >= 0 && stampsNs.get(before) == Times.NONE) {
      before--;
    }
    int after = (int) Math.min(Math.max(0, by.before()), stampsNs.size());
    while (after < stampsNs.size() && stampsNs.get(after) == Times.NONE) {
      after++;
    }
    return new Context.Absence(
        by.check(),
        before < 0 ? Long.MIN_VALUE : stampsNs.get(before),
        after == stampsNs.size() ? Long.MAX_VALUE : stampsNs.get(after),
        by.count());
  }
}
