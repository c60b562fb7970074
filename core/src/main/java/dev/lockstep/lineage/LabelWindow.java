package dev.lockstep.lineage;

import dev.lockstep.model.Times;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.RecordingIndex;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Between which stamps labels lie that may rest on some messages: those whose nearest message may
/// be one of them, or one that is paired with one of them.
///
/// The nearest message of a label lies next to it, so the window ends a message further on in every
/// sensor's stream. Where a stream has none there, or its stamps are out of order, it ends
/// [#MOST_NS] away.
///
/// @param fromNs first stamp
/// @param toNs last stamp
record LabelWindow(long fromNs, long toNs) {
  /// Judged: no sensor of a rig is slower than one message in two seconds.
  private static final long MOST_NS = 2 * Times.SECOND;

  private static final LabelWindow ALL = new LabelWindow(Long.MIN_VALUE, Long.MAX_VALUE);

  /// First and last message of a stream.
  private record Ends(MessageAt first, MessageAt last) {
    Ends with(MessageAt message) {
      return new Ends(
          message.index() < first.index() ? message : first,
          message.index() > last.index() ? message : last);
    }
  }

  /// The window of `messages`; all time where they have no stamps.
  ///
  /// @param sensors streams that labels are made on
  /// @throws IOException if neighbours of the messages cannot be read
  static LabelWindow of(RecordingIndex index, List<String> sensors, List<MessageAt> messages)
      throws IOException {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    Map<String, Ends> byStream = new HashMap<>();
    for (MessageAt message : messages) {
      if (message.stampNs() != Times.NONE) {
        first = Math.min(first, message.stampNs());
        last = Math.max(last, message.stampNs());
        Ends ends = byStream.get(message.stream());
        byStream.put(
            message.stream(), ends == null ? new Ends(message, message) : ends.with(message));
      }
    }
    if (first > last) {
      return ALL;
    }
    LabelWindow most = new LabelWindow(first - MOST_NS, last + MOST_NS);
    LabelWindow made = new LabelWindow(first, last);
    for (String sensor : sensors) {
      Ends ends = byStream.get(sensor);
      if (ends != null) {
        made = made.joined(index, sensor, ends.first().index() - 1, ends.last().index() + 1, most);
      }
    }
    if (made.fromNs == first && made.toNs == last) {
      return made;
    }
    LabelWindow paired = made;
    for (String sensor : sensors) {
      long before = index.nearest(sensor, made.fromNs);
      long after = index.nearest(sensor, made.toNs);
      if (before >= 0 && after >= 0) {
        // The nearest may lie on either side.
        before -= index.message(sensor, before).stampNs() > made.fromNs ? 1 : 0;
        after += index.message(sensor, after).stampNs() < made.toNs ? 1 : 0;
        paired = paired.joined(index, sensor, before, after, most);
      }
    }
    return paired;
  }

  /// This and the time up to two messages of a stream.
  private LabelWindow joined(
      RecordingIndex index, String stream, long before, long after, LabelWindow most)
      throws IOException {
    long from = before < 0 ? Times.NONE : index.message(stream, before).stampNs();
    long to = after >= index.messages(stream) ? Times.NONE : index.message(stream, after).stampNs();
    return new LabelWindow(
        from == Times.NONE || from > fromNs
            ? most.fromNs
            : Math.max(most.fromNs, Math.min(fromNs, from)),
        to == Times.NONE || to < toNs ? most.toNs : Math.min(most.toNs, Math.max(toNs, to)));
  }
}
