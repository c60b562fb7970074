package dev.lockstep.source.mcap;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.SensorPlaces;
import dev.lockstep.source.StreamFaults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Puts definitions in force in the order of the file, makes each channel a stream with a name of
/// its own, and hands its messages over.
final class Streams {
  private final ScanContext context;
  private final DefectLog log;
  private final Definitions definitions;
  private final SensorPlaces places = new SensorPlaces();
  private final Map<Integer, StreamState> byChannel = new TreeMap<>();
  private final List<StreamState> inOrder = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Resolved> topicOwners = new HashMap<>();
  private final Set<Integer> doubtfulChannels = new HashSet<>();
  private final Set<Integer> doubtfulSchemas = new HashSet<>();

  /// Channels whose schema may have been lost, with where they are defined.
  private final Map<Integer, Unschemed> unschemed = new TreeMap<>();

  /// Channels and schemas whose records are there but cannot be read.
  private final Set<Integer> unreadableChannels = new HashSet<>();

  private final Set<Integer> unreadableSchemas = new HashSet<>();
  private boolean schemaWithoutId;

  private boolean definitionsLost;
  private int declared;

  /// Channels whose messages wait for a definition, with how many there are and where.
  private final Map<Integer, Waiting> waiting = new TreeMap<>();

  Streams(ScanContext context, DefectLog log) {
    this.context = context;
    this.log = log;
    this.definitions = context.definitions;
  }

  private record Unschemed(Records.Channel channel, Location at, boolean badText) {}

  /// Messages of a channel that was not defined in front of them.
  static final class Waiting {
    final Location first;
    long count;

    Waiting(Location first) {
      this.first = first;
    }
  }

  /// Commits a scanned range.
  ///
  /// @param place where the range lies
  /// @param believed whether its bytes are not known to be damaged
  /// @param again scans the range again by the definitions in force, for guesses that were wrong
  /// @return whether messages wait for a definition
  boolean commit(
      ScanResult result,
      RecordScan.Place place,
      boolean believed,
      Supplier<ScanResult> again,
      RecordingSink sink) {
    Set<Integer> undefined = new HashSet<>();
    for (ChannelRows rows : result.channels) {
      if (definitions.channel(rows.channelId) == null && !rows.definedBefore) {
        undefined.add(rows.channelId);
      }
    }
    for (ScanResult.Event event : result.events) {
      define(event, place, believed, sink);
    }
    boolean waits = false;
    boolean wrong = false;
    Set<Integer> strange = new HashSet<>();
    for (ChannelRows rows : result.channels) {
      Resolved inForce = definitions.channel(rows.channelId);
      if (waiting.containsKey(rows.channelId)
          || inForce == null
          || undefined.contains(rows.channelId)) {
        waits = true;
        if (!waiting.containsKey(rows.channelId)) {
          strange.add(rows.channelId);
        }
        waiting.computeIfAbsent(
                    rows.channelId,
                    id -> new Waiting(place.of(rows.firstAt, McapLayout.RECORD_HEAD_BYTES)))
                .count +=
            rows.count;
      } else {
        wrong |= !rows.readBy(inForce);
      }
    }
    ScanResult used = wrong ? again.get() : result;
    Set<StreamState> marked = new HashSet<>();
    for (ChannelRows rows : used.channels) {
      if (strange.contains(rows.channelId)) {
        markNext(rows.firstAt, used, place.inPlace(), marked);
      }
    }
    for (int i = 0; i < used.strangers.size(); i++) {
      markNext(used.strangers.get(i), used, place.inPlace(), marked);
    }
    emit(used, believed, sink);
    if (!strange.isEmpty() || !used.strangers.isEmpty()) {
      byChannel.values().stream().filter(s -> !marked.contains(s)).forEach(StreamState::lost);
    }
    return waits;
  }

  /// Says that messages of any stream may have been lost in front of what follows.
  void lost() {
    byChannel.values().forEach(StreamState::lost);
  }

  /// A message of a channel that nobody defined may be one of any stream: that their next ones come
  /// late is not held against them. Said of the first such message only, for a channel with many is
  /// one of its own.
  private void markNext(long at, ScanResult result, boolean inPlace, Set<StreamState> marked) {
    for (ChannelRows rows : result.channels) {
      StreamState stream = byChannel.get(rows.channelId);
      MessageBatch batch = rows.batch;
      if (stream == null || batch == null) {
        continue;
      }
      for (int row = 0; row < batch.size(); row++) {
        if (!inPlace || batch.positionsBytes()[row] > at) {
          batch.addFlags(row, MessageBatch.AFTER_LOSS);
          marked.add(stream);
          if (inPlace) {
            break;
          }
        }
      }
    }
  }

  /// Hands over the messages of a scan whose channels are in force.
  private void emit(ScanResult result, boolean believed, RecordingSink sink) {
    List<StreamFaults.Placed> defects = new ArrayList<>();
    for (ChannelRows rows : result.channels) {
      StreamState stream = byChannel.get(rows.channelId);
      if (stream != null && !waiting.containsKey(rows.channelId)) {
        boolean readable = ProfileCheck.encodingFits(stream.resolved);
        stream.emit(rows, this::nextId, believed && readable, !believed, defects, sink);
      }
    }
    pass(defects, sink);
  }

  /// Hands over the messages of those channels that waited and are defined now.
  void emitWaiting(ScanResult result, RecordingSink sink) {
    for (ChannelRows rows : result.channels) {
      StreamState stream = byChannel.get(rows.channelId);
      if (stream != null && waiting.containsKey(rows.channelId)) {
        stream.emit(rows, this::nextId, false, false, new ArrayList<>(), sink);
      }
    }
  }

  /// Passes on what is wrong with messages in the order of the file, so that it does not matter how
  /// the file was cut.
  private static void pass(List<StreamFaults.Placed> defects, RecordingSink sink) {
    defects.sort((a, b) -> Long.compare(a.at(), b.at()));
    for (StreamFaults.Placed placed : defects) {
      sink.defect(placed.defect());
    }
  }

  /// Channels whose messages wait for a definition, by id.
  Map<Integer, Waiting> waiting() {
    return waiting;
  }

  /// Says that schemas may have been lost in damage: channels without theirs wait for the summary.
  void definitionsMayBeLost() {
    definitionsLost = true;
  }

  private void define(
      ScanResult.Event event, RecordScan.Place place, boolean believed, RecordingSink sink) {
    if (event instanceof ScanResult.SchemaSeen seen) {
      Location at = place.of(seen.at(), seen.length());
      define(seen.schema(), at, seen.badText(), believed, sink);
    } else if (event instanceof ScanResult.ChannelSeen seen) {
      Location at = place.of(seen.at(), seen.length());
      define(seen.channel(), at, seen.badText(), believed, sink);
    } else if (event instanceof ScanResult.Unreadable record) {
      unreadable(record.opcode(), record.id());
    }
  }

  /// Says that a record of that opcode, which would have defined `id`, cannot be read.
  ///
  /// @return whether that was known
  boolean unreadable(int opcode, int id) {
    return switch (opcode) {
      case McapLayout.SCHEMA -> !unreadableSchemas.add(id);
      case McapLayout.CHANNEL -> !unreadableChannels.add(id);
      default -> false;
    };
  }

  /// Schemas that only records define that cannot be read.
  Set<Integer> unreadableSchemas() {
    Set<Integer> ids = new HashSet<>(unreadableSchemas);
    ids.removeAll(definitions.schemas().keySet());
    return ids;
  }

  /// Channels that only records define that cannot be read.
  Set<Integer> unreadableChannels() {
    Set<Integer> ids = new HashSet<>(unreadableChannels);
    ids.removeAll(definitions.channels().keySet());
    return ids;
  }

  /// Whether a schema bears the forbidden id 0, so that the channels of another miss it.
  boolean schemaWithoutId() {
    return schemaWithoutId;
  }

  /// Puts a schema in force.
  void define(
      Records.Schema schema, Location at, boolean badText, boolean believed, RecordingSink sink) {
    Records.Schema before = definitions.schema(schema.id());
    if (before == null) {
      definitions.commit(schema);
      if (!believed) {
        doubtfulSchemas.add(schema.id());
        return;
      }
      log.examined(DefectKind.SCHEMA_ID_ZERO, 1);
      log.examined(DefectKind.TEXT_ENCODING, 1);
      if (badText) {
        notUtf8("Schema " + schema.id(), at, sink);
      }
      if (schema.id() == 0) {
        schemaWithoutId = true;
        report(DefectKind.SCHEMA_ID_ZERO, at, "schema id", "0", "1 to 65535", sink);
      } else if (schema.encoding().isEmpty() && schema.dataLength() > 0) {
        report(
            DefectKind.SPEC_MUST,
            at,
            "Schema " + schema.id(),
            schema.dataLength() + " bytes of data without an encoding",
            "no data where the encoding is empty",
            sink);
      }
    } else if (believed && !doubtfulSchemas.contains(schema.id())) {
      log.examined(DefectKind.SCHEMA_REDEFINED, 1);
      if (before.fingerprint() != schema.fingerprint()) {
        report(
            DefectKind.SCHEMA_REDEFINED,
            at,
            "Schema " + schema.id(),
            text(schema),
            text(before) + ", as before",
            sink);
      }
    }
  }

  private static String text(Records.Schema schema) {
    return "'%s' (%s, %d bytes)".formatted(schema.name(), schema.encoding(), schema.dataLength());
  }

  /// Puts a channel in force and declares its stream.
  void define(
      Records.Channel channel, Location at, boolean badText, boolean believed, RecordingSink sink) {
    Resolved before = definitions.channel(channel.id());
    if (before == null) {
      Records.Schema schema = definitions.schema(channel.schemaId());
      if (schema == null && channel.schemaId() != 0 && definitionsLost) {
        unschemed.putIfAbsent(channel.id(), new Unschemed(channel, at, badText));
        return;
      }
      Resolved resolved = definitions.resolve(channel, schema);
      definitions.commit(resolved);
      name(resolved, at, sink);
      if (!believed) {
        doubtfulChannels.add(channel.id());
        return;
      }
      log.examined(DefectKind.TEXT_ENCODING, 1);
      if (badText) {
        notUtf8("Channel " + channel.id(), at, sink);
      }
      if (channel.topic().isEmpty()) {
        log.report(
            sink,
            new Defect(
                DefectKind.RECORD_MALFORMED,
                Severity.WARNING,
                at,
                new Evidence.Violation("topic of Channel " + channel.id(), "empty", "a name")));
      }
      if (!channel.duplicateKey().isEmpty()) {
        duplicateKey("Channel " + channel.id(), channel.duplicateKey(), at, sink);
      }
      shared(resolved, at, sink);
    } else if (believed && !doubtfulChannels.contains(channel.id())) {
      log.examined(DefectKind.CHANNEL_REDEFINED, 1);
      if (before.channel.fingerprint() != channel.fingerprint()) {
        report(
            DefectKind.CHANNEL_REDEFINED,
            at,
            "Channel " + channel.id(),
            text(channel),
            text(before.channel) + ", as before",
            sink);
      }
    }
  }

  /// Puts the channels in force that waited for schemas; no more will come.
  void defineUnschemed(RecordingSink sink) {
    definitionsLost = false;
    for (Unschemed waited : unschemed.values()) {
      define(waited.channel, waited.at, waited.badText, true, sink);
    }
  }

  private static String text(Records.Channel channel) {
    return "'%s' (%s, schema %d)"
        .formatted(channel.topic(), channel.encoding(), channel.schemaId());
  }

  private void name(Resolved resolved, Location at, RecordingSink sink) {
    Records.Channel channel = resolved.channel;
    String name = channel.topic();
    if (!names.add(name)) {
      name = name + " (channel " + channel.id() + ")";
      names.add(name);
    }
    StreamState stream = new StreamState(name, resolved, at, context, places);
    inOrder.add(stream);
    byChannel.put(channel.id(), stream);
    Evidence fault = resolved.profile.schemaFault();
    if (resolved.schema != null) {
      log.examined(DefectKind.SCHEMA_UNPARSABLE, 1);
      if (fault != null) {
        log.report(sink, DefectKind.SCHEMA_UNPARSABLE, at.withStream(name), fault);
      }
    }
  }

  private int nextId() {
    return declared++;
  }

  /// Declares the streams without messages, and hands over what comes at the end of each.
  void finish(RecordingSink sink) {
    for (StreamState stream : inOrder) {
      stream.declare(this::nextId, sink);
    }
    for (StreamState stream : inOrder) {
      stream.finish(log, sink);
    }
    places.finish(sink);
  }

  private void shared(Resolved resolved, Location at, RecordingSink sink) {
    log.examined(DefectKind.TOPIC_SHARED, 1);
    Resolved owner = topicOwners.putIfAbsent(resolved.channel.topic(), resolved);
    if (owner != null && !owner.saysLike(resolved)) {
      report(
          DefectKind.TOPIC_SHARED,
          at.withStream(resolved.channel.topic()),
          "channels %d and %d of one topic".formatted(owner.channel.id(), resolved.channel.id()),
          schemaOf(owner) + " and " + schemaOf(resolved),
          "one schema and encoding",
          sink);
    }
  }

  private static String schemaOf(Resolved resolved) {
    Records.Schema schema = resolved.schema;
    return (schema == null ? "no schema" : schema.name())
        + " ("
        + resolved.channel.encoding()
        + ")";
  }

  private void notUtf8(String what, Location at, RecordingSink sink) {
    report(
        DefectKind.TEXT_ENCODING,
        at,
        "text of " + what,
        "holds bytes that are not UTF-8",
        "UTF-8",
        sink);
  }

  /// Reports a key that stands twice in a map.
  void duplicateKey(String what, String key, Location at, RecordingSink sink) {
    log.report(
        sink,
        new Defect(
            DefectKind.RECORD_MALFORMED,
            Severity.WARNING,
            at,
            new Evidence.Violation("map of " + what, "key '" + key + "' twice", "each key once")));
  }

  private void report(
      DefectKind kind, Location at, String what, String observed, String rule, RecordingSink sink) {
    log.report(sink, kind, at, new Evidence.Violation(what, observed, rule));
  }

  /// Streams in order of their definitions.
  List<StreamState> inOrder() {
    return inOrder;
  }

  /// The stream of a channel, or null.
  @Nullable StreamState of(int channelId) {
    return byChannel.get(channelId);
  }
}
