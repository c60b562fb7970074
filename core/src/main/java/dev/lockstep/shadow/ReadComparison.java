package dev.lockstep.shadow;

import dev.lockstep.check.CheckResult;
import dev.lockstep.check.ShadowCheck.Kind;
import dev.lockstep.checksum.Crc32c;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StoredBlocks;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.shadow.FirstRead.Rows;
import dev.lockstep.shadow.SecondRead.Message;
import dev.lockstep.source.RecordingIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Holds the messages of a second read against those of the first, piece by piece.
///
/// What the first read found damaged is no disagreement: that it is missing from either read is one
/// fault with what was reported already, and only counted here, see [Damage].
final class ReadComparison implements SecondRead.Told {
  private final FirstRead first;
  private final Disagreements out;
  private final Damage damage;
  private final String file;
  private final @Nullable StoredBlocks manifest;
  private final Map<String, Integer> ids = new HashMap<>();

  /// Null where the first read was asked for no labels.
  private final @Nullable Map<String, LabelRows> labels;

  private final SensorMatch sensors = new SensorMatch();
  private final Map<String, Long> counted = new LinkedHashMap<>();
  private final Map<Integer, List<Message>> piece = new TreeMap<>();
  private final List<Message> strangers = new ArrayList<>();
  private final List<ByteRange> lost = new ArrayList<>();
  private long pieceKey = -1;

  /// The piece that was asked for last and whether it is wanted.
  private long askedKey = -1;

  private boolean wanted;

  /// The stream of the message before in this piece, if there is one, and where its messages are.
  private @Nullable String lastStream;

  private List<Message> last = strangers;
  private final Set<Long> seen = new HashSet<>();

  /// Streams of which single messages are told that one read lacks.
  private final Set<String> uneven = new HashSet<>();

  private long compared;
  private long comparedBytes;
  private long leftOut;
  private long stampsUnknown;

  /// @param file name of the recording's file
  /// @param known how the rules ended so far
  /// @param labelSets the labels of the first read; null where it was asked for none
  ReadComparison(
      FirstRead first,
      Disagreements out,
      String file,
      List<CheckResult> known,
      @Nullable List<LabelSet> labelSets,
      @Nullable StoredBlocks manifest) {
    this.first = first;
    this.out = out;
    this.file = file;
    this.manifest = manifest;
    this.damage = new Damage(file, known);
    for (StreamInfo stream : first.streams()) {
      ids.put(stream.name(), stream.id());
    }
    this.labels = labelSets == null ? null : LabelRows.of(labelSets, ids.keySet());
  }

  @Override
  public void extent(long offset, long lengthBytes, boolean listed) {
    damage.extent(offset, lengthBytes, listed);
  }

  @Override
  public boolean wants(long position) {
    long key = FirstRead.pieceKey(position);
    if (key != askedKey) {
      askedKey = key;
      wanted = first.chose(key);
    }
    return wanted;
  }

  @Override
  public boolean wantsAll() {
    return first.share().share() >= 1;
  }

  @Override
  public void message(Message message) {
    long key = FirstRead.pieceKey(message.position());
    if (key != pieceKey) {
      flush();
      pieceKey = key;
    }
    if (!message.stream().equals(lastStream)) {
      lastStream = message.stream();
      Integer id = ids.get(lastStream);
      last = id == null ? strangers : piece.computeIfAbsent(id, _ -> new ArrayList<>());
    }
    last.add(message);
  }

  @Override
  public void unreadable(long offset, long lengthBytes, String why) {
    lost.add(new ByteRange(offset, lengthBytes));
    if (damage.touches(offset, lengthBytes)) {
      leftOut++;
    } else {
      out.report(
          Kind.BYTES,
          Location.bytes(file, offset, lengthBytes),
          "bytes",
          "readable",
          "not readable",
          "first and second read: " + why);
    }
  }

  @Override
  public void count(String stream, long messages) {
    counted.merge(stream, messages, Long::sum);
  }

  /// Compares the piece that has ended.
  private void flush() {
    Map<Integer, Rows> rows = first.pieces().getOrDefault(pieceKey, Map.of());
    if (pieceKey >= 0) {
      seen.add(pieceKey);
      rows.forEach((id, of) -> compare(id, of, piece.getOrDefault(id, List.of())));
      piece.forEach((id, messages) -> {
        if (!rows.containsKey(id)) {
          messages.forEach(message -> extra(message));
        }
      });
      strangers.forEach(this::extra);
    }
    piece.clear();
    strangers.clear();
    lastStream = null;
  }

  /// Compares the rows of one stream in one piece.
  void compare(int id, Rows rows, List<Message> again) {
    StreamInfo stream = first.streams().get(id);
    if (rows.size == again.size()) {
      for (int i = 0; i < rows.size; i++) {
        compare(stream, rows, i, again.get(i));
      }
      return;
    }
    // A message too many or too few: those with the same place and time are the same.
    Map<List<Long>, List<Message>> byPlace = new HashMap<>();
    for (Message message : again) {
      byPlace
          .computeIfAbsent(List.of(message.position(), message.logTimeNs()), _ -> new ArrayList<>())
          .add(message);
    }
    for (int i = 0; i < rows.size; i++) {
      List<Message> there =
          byPlace.getOrDefault(List.of(rows.positions[i], rows.logTimesNs[i]), List.of());
      if (there.isEmpty()) {
        missing(stream, rows, i);
      } else {
        compare(stream, rows, i, there.removeFirst());
      }
    }
    byPlace.values().forEach(left -> left.forEach(this::extra));
  }

  /// A message that cannot be read again, and why.
  void gone(StreamInfo stream, Rows rows, int i, String why) {
    out.report(
        Kind.BYTES,
        at(stream, rows, i),
        "bytes",
        "readable",
        "not readable",
        "first and second read: " + why);
  }

  private void missing(StreamInfo stream, Rows rows, int i) {
    long at = rows.positions[i];
    if (damage.touches(stream.name(), rows.indices[i], at)
        || lost.stream().anyMatch(range -> holds(range, at))) {
      leftOut++;
    } else {
      uneven.add(stream.name());
      out.report(
          Kind.MESSAGES,
          at(stream, rows, i),
          "message",
          "there",
          "not there",
          "first and second read");
    }
  }

  private void extra(Message message) {
    if (damage.touches(message.stream(), -1, message.position())) {
      leftOut++;
    } else {
      uneven.add(message.stream());
      Location at =
          Location.stream(message.stream())
              .withFile(file)
              .withBytes(message.position(), message.lengthBytes());
      out.report(
          Kind.MESSAGES,
          at.withKnownStamps(message.stampNs(), message.stampNs()),
          "message",
          "not there",
          "there",
          "first and second read");
    }
  }

  /// Compares one message.
  void compare(StreamInfo stream, Rows rows, int i, Message again) {
    compared++;
    comparedBytes += again.lengthBytes();
    out.examined(Kind.BYTES, 1);
    out.examined(Kind.STAMPS, 1);
    if (rows.lengths[i] != again.lengthBytes()) {
      out.report(
          Kind.BYTES,
          at(stream, rows, i),
          "message length",
          rows.lengths[i] + " bytes",
          again.lengthBytes() + " bytes",
          "first and second read");
    } else if (rows.sums[i] != again.crc32c()) {
      bytesDiffer(stream, rows, i, again);
    }
    if (rows.logTimesNs[i] != again.logTimeNs()) {
      stampsDiffer(stream, rows, i, "log time", rows.logTimesNs[i], again.logTimeNs());
    }
    boolean sensor =
        stream.stampSource() == StampSource.HEADER || stream.stampSource() == StampSource.FILE_NAME;
    if (!again.stamped() || rows.stampsNs[i] == Times.NONE) {
      stampsUnknown += sensor ? 1 : 0;
    } else if (again.logTimeNs() == Times.NONE || stream.stampSource() == StampSource.HEADER) {
      if (rows.stampsNs[i] != again.stampNs()) {
        stampsDiffer(stream, rows, i, "stamp", rows.stampsNs[i], again.stampNs());
      }
    }
    if (again.stamped()) {
      sensors.message(stream, again.stampNs());
    }
    List<SecondLabels.Label> derived = again.labels();
    LabelRows made = labels == null || derived == null ? null : labels.get(stream.name());
    if (made != null
        && derived != null
        && !damage.touches(stream.name(), rows.indices[i], rows.positions[i])) {
      Location at = at(stream, rows, i);
      made.compare(rows.indices[i], rows.stampsNs[i], at, derived, out);
      for (SecondLabels.Label label : derived) {
        sensors.label(label.stampNs() == Times.NONE ? rows.stampsNs[i] : label.stampNs(), at);
      }
    }
  }

  /// Compares the sensor messages of labels with those that an index gives them.
  ///
  /// @param opener opens the index of the recording, if it is needed
  /// @throws IOException if the index cannot be read
  void sensors(IndexOpener opener) throws IOException {
    if (!sensors.isEmpty()) {
      try (RecordingIndex index = opener.open()) {
        sensors.compare(index, out);
      }
    }
  }

  /// Opens the index of a recording.
  interface IndexOpener {
    RecordingIndex open() throws IOException;
  }

  private void bytesDiffer(StreamInfo stream, Rows rows, int i, Message again) {
    Location at = at(stream, rows, i);
    String support = "first and second read";
    long bit = Crc32c.flippedBit(rows.sums[i], again.crc32c(), again.lengthBytes());
    if (bit >= 0) {
      support += "; bit " + bit % Byte.SIZE + " of byte " + bit / Byte.SIZE + " of the message";
    }
    Integer sealed = sealed(stream.name(), rows.indices[i]);
    if (sealed != null) {
      support +=
          sealed == rows.sums[i]
              ? "; the manifest has the first"
              : sealed == again.crc32c()
                  ? "; the manifest has the second"
                  : "; the manifest has neither";
    }
    out.report(Kind.BYTES, at, "message CRC-32C", hex(rows.sums[i]), hex(again.crc32c()), support);
  }

  private @Nullable Integer sealed(String stream, long index) {
    StoredBlocks stored = manifest;
    if (stored == null || index >= stored.messages(stream)) {
      return null;
    }
    var block = stored.block(stream, stored.blockOf(stream, index));
    return block.messageCrc32c().get((int) (index - block.firstMessage()));
  }

  private static String hex(int crc) {
    return String.format("0x%08X", crc);
  }

  private void stampsDiffer(
      StreamInfo stream, Rows rows, int i, String what, long before, long after) {
    out.report(
        Kind.STAMPS,
        at(stream, rows, i),
        what,
        before == Times.NONE ? "none" : Long.toString(before),
        after == Times.NONE ? "none" : Long.toString(after),
        "first and second read, ns");
  }

  private Location at(StreamInfo stream, Rows rows, int i) {
    String own = rows.files.length == 0 ? null : rows.files[i];
    Location at =
        Location.stream(stream.name())
            .withFile(own == null ? file : own)
            .withMessages(rows.indices[i], rows.indices[i])
            .withBytes(rows.positions[i], rows.lengths[i]);
    return rows.stampsNs[i] == Times.NONE ? at : at.withStamps(rows.stampsNs[i], rows.stampsNs[i]);
  }

  private static boolean holds(ByteRange range, long at) {
    return at >= range.offsetBytes() && at < range.endBytes();
  }

  /// Everything has been told: compares the last piece, those that a second read has nothing of,
  /// and how many messages there are.
  void end() {
    flush();
    pieceKey = -1;
    first
        .pieces()
        .forEach((key, rows) -> {
          if (!seen.contains(key)) {
            rows.forEach((id, of) -> compare(id, of, List.of()));
          }
        });
    for (StreamInfo stream : first.streams()) {
      long before = first.count(stream.id());
      long after = counted.getOrDefault(stream.name(), 0L);
      out.examined(Kind.MESSAGES, Math.max(before, after));
      if (before != after
          && !damage.touches(stream.name())
          && lost.isEmpty()
          && !uneven.contains(stream.name())) {
        out.report(
            Kind.MESSAGES,
            Location.stream(stream.name()).withFile(file),
            "messages",
            Long.toString(before),
            Long.toString(after),
            "first and second read");
      }
    }
  }

  /// Notes what was compared, in words.
  String summary() {
    StringBuilder text = new StringBuilder();
    text.append(compared)
        .append(compared == 1 ? " message" : " messages")
        .append(" of ")
        .append(first.pieces().size())
        .append(first.pieces().size() == 1 ? " block" : " blocks")
        .append(" (")
        .append(comparedBytes)
        .append(" bytes) compared");
    if (stampsUnknown > 0) {
      text.append("; stamps of ").append(stampsUnknown).append(" are not derived a second time");
    }
    if (leftOut > 0) {
      text.append("; ").append(leftOut).append(" places are damaged, as reported");
    }
    return text.toString();
  }
}
