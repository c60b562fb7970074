package dev.lockstep.source;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.payload.FrameHeads;
import dev.lockstep.payload.FrameNumbers;
import dev.lockstep.payload.PayloadProfile;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// One stream of a bag: how its messages are read, and how far they have been committed.
///
/// It is declared to the sink with its first message, or at the end if it has none.
public final class MessageStream {
  private final String name;
  private final String encoding;
  private final String schema;
  private final PayloadProfile profile;
  private final ReadOptions options;
  private final String file;
  private final StreamFaults faults;
  private @Nullable StreamInfo info;
  private @Nullable LabelCollector labels;
  private long messages;
  private final FrameNumbers frameNumbers = new FrameNumbers();
  private boolean afterLoss;

  /// A stream without messages.
  ///
  /// @param name unique in the recording
  /// @param encoding how payloads are coded
  /// @param schema name of the message type
  /// @param file name of the file that holds the messages
  public MessageStream(
      String name,
      String encoding,
      String schema,
      PayloadProfile profile,
      ReadOptions options,
      String file) {
    this.name = name;
    this.encoding = encoding;
    this.schema = schema;
    this.profile = profile;
    this.options = options;
    this.file = file;
    this.faults = new StreamFaults(name, file);
  }

  /// Name of the stream.
  public String name() {
    return name;
  }

  /// How messages are read.
  public PayloadProfile profile() {
    return profile;
  }

  /// Number of messages handed over.
  public long messages() {
    return messages;
  }

  /// Room for the messages of a range. For any thread.
  public MessageRows rows() {
    return new MessageRows(name, profile, options);
  }

  /// Says that messages may have been lost in front of the next one.
  public void lost() {
    afterLoss = true;
  }

  /// Declares the stream under the next free number, unless it has one.
  public StreamInfo declare(IntSupplier nextId, RecordingSink sink) {
    StreamInfo declared = info;
    if (declared == null) {
      declared =
          StreamInfo.of(
              nextId.getAsInt(),
              name,
              profile.modality(),
              profile.stamped() && options.payloads() ? StampSource.HEADER : StampSource.LOG_TIME,
              encoding,
              schema);
      info = declared;
      labels = new LabelCollector(declared, file);
      sink.stream(declared);
    }
    return declared;
  }

  /// Hands over the messages of a range.
  ///
  /// @param losses how many losses the range has: if some lie behind the last of these messages,
  ///   the next range's first comes after a loss
  /// @param places takes what the messages say of where sensors sit
  /// @param defects takes what is wrong with the messages
  public void emit(
      MessageRows rows,
      int losses,
      IntSupplier nextId,
      SensorPlaces places,
      List<StreamFaults.Placed> defects,
      RecordingSink sink) {
    MessageBatch batch = rows.batch();
    batch.assignTo(declare(nextId, sink));
    batch.setFirstIndex(messages);
    messages += batch.size();
    LabelCollector collector = labels;
    if (collector != null) {
      collector.add(rows.boxes(), batch);
    }
    places.add(rows, batch);
    FrameHeads heads = rows.heads();
    if (heads != null) {
      frameNumbers.resolve(heads, batch);
    }
    if (afterLoss) {
      batch.addFlags(0, MessageBatch.AFTER_LOSS);
    }
    afterLoss = rows.losses() < losses;
    faults.collect(rows, batch, defects);
    sink.messages(batch);
  }

  /// Hands over what comes at the end: labels, how many faults were only counted, and what messages
  /// were examined for.
  public void finish(IntSupplier nextId, RecordingSink sink) {
    declare(nextId, sink);
    LabelCollector collector = labels;
    if (collector != null) {
      collector.finish(sink);
    }
    faults.finish(sink);
    if (!options.payloads()) {
      profile
          .examined()
          .forEach(kind -> sink.unexamined(kind, "payloads are left out of this run"));
      return;
    }
    profile.examined().forEach(kind -> sink.examined(kind, messages));
    String reason = profile.notExamined();
    if (reason != null && messages > 0) {
      DefectKind kind =
          profile.examined().contains(DefectKind.ROS1_MALFORMED) || encoding.equals("ros1")
              ? DefectKind.ROS1_MALFORMED
              : DefectKind.CDR_MALFORMED;
      sink.unexamined(kind, name + ": " + reason);
    }
  }
}
