package dev.lockstep.check;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Analyses of one stream, label set or recording that several rules rest on, so that each is done
/// once.
///
/// An analysis of a stream takes a batch from whichever rule brings it first and leaves it alone
/// when others bring it again.
public final class SharedAnalyses {
  private final Map<Class<?>, Object> analyses = new HashMap<>();

  /// The analysis of `type`, made by `maker` for the first that asks; `maker` may ask for others.
  public <T> T get(Class<T> type, Supplier<T> maker) {
    Object known = analyses.get(type);
    if (known == null) {
      known = maker.get();
      analyses.put(type, known);
    }
    return type.cast(known);
  }
}
