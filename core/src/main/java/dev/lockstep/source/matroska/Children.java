package dev.lockstep.source.matroska;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.source.FaultTally;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Walks the elements one after another in the body of another, none of which has an unknown size.
final class Children {
  private final MemorySegment file;
  private final FaultTally faults;
  private final Element parent;
  private final long end;
  private long at;

  /// @param limit where the parent ends at the latest
  Children(MemorySegment file, Element parent, long limit, FaultTally faults) {
    this.file = file;
    this.faults = faults;
    this.parent = parent;
    this.at = parent.body();
    this.end = parent.end(limit);
  }

  /// The next element, which lies inside as a whole; null at the end, or at bytes that are none,
  /// which are reported.
  @Nullable Element next() {
    if (at >= end) {
      return null;
    }
    faults.examined(DefectKind.RECORD_LENGTH, 1);
    Element element = Element.at(file, at, end);
    if (element == null || !element.fits(end)) {
      String parentName = MatroskaLayout.name(parent.id());
      faults.add(
          DefectKind.RECORD_LENGTH,
          at,
          end - at,
          element == null
              ? new Evidence.Violation("element in " + parentName, "no id and size", "an element")
              : new Evidence.OutOfRange(
                  "size of " + MatroskaLayout.name(element.id()) + " in " + parentName,
                  element.size(),
                  0,
                  end - element.body(),
                  "bytes"));
      at = end;
      return null;
    }
    at = element.body() + element.size();
    return element;
  }
}
