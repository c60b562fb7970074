package dev.lockstep.source.mcap;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.payload.FrameHeads;
import dev.lockstep.payload.FrameNumbers;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.source.LabelCollector;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.SensorPlaces;
import dev.lockstep.source.StreamFaults;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One stream as far as it has been committed.
///
/// It is declared to the sink with its first message, or at the end if it has none: what kind of
/// sensor it comes from, and whether its messages carry stamps, may show in the messages only.
final class StreamState {
  private final String name;
  final Resolved resolved;

  /// Where the channel is defined.
  final Location definition;

  private final ScanContext context;
  private final SensorPlaces places;
  private final StreamFaults faults;
  private @Nullable StreamInfo info;
  private @Nullable LabelCollector labels;
  private @Nullable FrameNumbers frameNumbers;
  private long messages;

  /// Whether messages may have been lost in front of the next one.
  private boolean afterLoss;

  /// @param name name of the stream, unique in the file
  /// @param places takes what its messages say of where sensors sit
  StreamState(
      String name,
      Resolved resolved,
      Location definition,
      ScanContext context,
      SensorPlaces places) {
    this.name = name;
    this.resolved = resolved;
    this.definition = definition;
    this.context = context;
    this.places = places;
    this.faults = new StreamFaults(name, context.name);
  }

  /// Name of the stream.
  String name() {
    return name;
  }

  /// Says that messages may have been lost in front of the next one.
  void lost() {
    afterLoss = true;
  }

  /// Number of messages handed over.
  long messages() {
    return messages;
  }

  /// How messages are read, as far as is known.
  PayloadProfile profile() {
    PayloadProfile seen = resolved.seen;
    return seen == null ? resolved.profile : seen;
  }

  /// Declares the stream under the next free number, unless it has one.
  StreamInfo declare(Supplier<Integer> nextId, RecordingSink sink) {
    StreamInfo declared = info;
    if (declared == null) {
      boolean stamped = profile().stamped() && context.options.payloads();
      Records.Schema schema = resolved.schema;
      declared =
          StreamInfo.of(
              nextId.get(),
              name,
              profile().modality(),
              stamped ? StampSource.HEADER : StampSource.LOG_TIME,
              resolved.channel.encoding(),
              schema == null ? "" : schema.name());
      info = declared;
      labels = new LabelCollector(declared, context.name);
      sink.stream(declared);
    }
    return declared;
  }

  /// Hands over the rows of one range.
  ///
  /// @param nextId gives numbers to streams
  /// @param believed whether the bytes are not known to be damaged; faults of damaged payloads are
  ///   symptoms and stay untold
  /// @param doubtful whether messages may be missing anywhere between them, or be wrong, for the
  ///   same reason
  /// @param defects takes what is wrong with the messages
  void emit(
      ChannelRows rows,
      Supplier<Integer> nextId,
      boolean believed,
      boolean doubtful,
      List<StreamFaults.Placed> defects,
      RecordingSink sink) {
    MessageBatch batch = rows.batch;
    if (batch == null || batch.size() == 0) {
      return;
    }
    if (resolved.seen == null) {
      resolved.seen = rows.profile;
    }
    batch.assignTo(declare(nextId, sink));
    batch.setFirstIndex(messages);
    messages += batch.size();
    resolved.usualMessages = Math.min(batch.size() + batch.size() / 8 + 1, 1 << 16);
    LabelCollector collector = labels;
    if (collector != null) {
      collector.add(rows.boxes(), batch);
    }
    places.add(rows, batch);
    FrameHeads heads = rows.heads();
    if (heads != null) {
      frameNumbers = frameNumbers == null ? new FrameNumbers() : frameNumbers;
      frameNumbers.resolve(heads, batch);
    }
    if (afterLoss) {
      batch.addFlags(0, MessageBatch.AFTER_LOSS);
      afterLoss = false;
    }
    if (believed) {
      faults.collect(rows, batch, defects);
    } else if (doubtful) {
      for (int row = 0; row < batch.size(); row++) {
        batch.addFlags(row, (byte) (MessageBatch.AFTER_LOSS | MessageBatch.DOUBTFUL));
      }
    }
    sink.messages(batch);
  }

  /// Hands over what comes at the end: labels, how many faults were only counted, and what messages
  /// were examined for.
  void finish(DefectLog log, RecordingSink sink) {
    LabelCollector collector = labels;
    if (collector != null) {
      collector.finish(sink);
    }
    faults.finish(sink);
    if (!context.options.payloads()) {
      profile()
          .examined()
          .forEach(kind -> sink.unexamined(kind, "payloads are left out of this run"));
      return;
    }
    profile().examined().forEach(kind -> log.examined(kind, messages));
    String reason = profile().notExamined();
    if (reason != null && messages > 0) {
      sink.unexamined(kindOf(resolved.channel.encoding()), name + ": " + reason);
    }
  }

  /// What messages of an encoding would be examined for if they could be.
  private static DefectKind kindOf(String encoding) {
    return switch (encoding) {
      case "protobuf" -> DefectKind.PROTOBUF_MALFORMED;
      case "json" -> DefectKind.JSON_SCHEMA;
      default -> DefectKind.CDR_MALFORMED;
    };
  }
}
