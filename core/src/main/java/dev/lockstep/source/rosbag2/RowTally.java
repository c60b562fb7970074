package dev.lockstep.source.rosbag2;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.source.RecordingSink;
import java.util.Map;
import java.util.TreeMap;

/// The rows of messages that were handed over.
final class RowTally {
  private final Map<Long, Long> unknown = new TreeMap<>();
  private long messages;
  private long firstRow = Damages.UNKNOWN;
  private long lastRow = Damages.UNKNOWN;

  /// Adds those of the next unit.
  void add(MessageUnit unit) {
    if (unit.firstRow != Damages.UNKNOWN) {
      firstRow = firstRow == Damages.UNKNOWN ? unit.firstRow : firstRow;
      lastRow = unit.lastRow;
    }
    messages += unit.messages;
    unit.unknown.forEach((topic, count) -> unknown.merge(topic, count, Long::sum));
  }

  /// Number of messages.
  long messages() {
    return messages;
  }

  /// The last row, or [Damages#UNKNOWN].
  long lastRow() {
    return lastRow;
  }

  /// Compares them with what the database says of itself.
  ///
  /// @param recovered whether rows were found by a search
  void compare(Database opened, boolean recovered, RecordingSink sink) {
    String name = opened.pages.name;
    long damaged = opened.damages.count();
    long entries = -1;
    Integer index = opened.indexes.get("timestamp_idx");
    if (index != null) {
      entries = opened.indexEntries(index);
    }
    if (entries >= 0) {
      sink.examined(DefectKind.MESSAGE_INDEX, entries);
    }
    if (damaged > 0 || recovered) {
      sink.note(
          name
              + ": "
              + messages
              + " messages could be read"
              + (entries >= 0 ? " of " + entries + " that the index of times lists" : ""));
    } else if (entries >= 0 && entries != messages) {
      sink.defect(
          Defect.of(
              DefectKind.MESSAGE_INDEX,
              Location.file(name),
              Evidence.Mismatch.ofCount("entries of the index of times", entries, messages)));
    } else if (entries < 0 && opened.indexes.containsKey("timestamp_idx")) {
      sink.defect(
          Defect.of(
              DefectKind.MESSAGE_INDEX,
              Location.file(name),
              new Evidence.Violation(
                  "index of times", "its tree is damaged", "a tree of index pages")));
    }
    if (damaged == 0 && !recovered && messages > 0) {
      long missing = lastRow - firstRow + 1 - messages;
      if (missing > 0) {
        sink.note(
            name
                + ": "
                + missing
                + " row ids among "
                + firstRow
                + " to "
                + lastRow
                + " have no message: rows were deleted");
      }
    }
  }

  /// Tells the topic ids that no topic has.
  ///
  /// @param lost whether rows of topics may have been lost in damage, which is told as such
  void tellUnknown(String file, boolean lost, RecordingSink sink) {
    if (lost) {
      unknown.forEach((topic, count) ->
          sink.note(
              file
                  + ": "
                  + count
                  + " messages of topic id "
                  + topic
                  + " were not examined: damage took its row"));
      return;
    }
    unknown.forEach((topic, count) ->
        sink.defect(
            Defect.of(
                DefectKind.CHANNEL_UNKNOWN,
                Location.file(file),
                new Evidence.Violation(
                    "topic id " + topic, count + " messages, no such topic", "a row of topics"))));
  }
}
