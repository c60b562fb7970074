package dev.lockstep.synth.fault;

import dev.lockstep.model.Times;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// A recording as rows that can be edited: about 100 bytes a message, whatever its size, and the
/// payloads that were edited.
///
/// Rows stand in the order in which they will be written; a fault that changes log times does not
/// move them.
public final class Tape {
  private final List<StreamSpec> streams;
  private final List<StampCodec> stamps = new ArrayList<>();
  private final List<LabelCodec> labels = new ArrayList<>();
  private final PayloadStore store;
  private List<TapeRow> rows = new ArrayList<>();

  /// An empty recording of `streams` whose payloads are in `store`.
  public Tape(List<StreamSpec> streams, PayloadStore store) {
    this.streams = List.copyOf(streams);
    this.store = store;
    for (StreamSpec stream : streams) {
      stamps.add(StampCodec.of(stream.schema()));
      labels.add(LabelCodec.of(stream.schema()));
    }
  }

  /// The stamp in a message of a stream, or [Times#NONE].
  public static long stampOf(StreamSpec stream, byte[] payload) {
    return StampCodec.of(stream.schema()).read(payload);
  }

  /// Appends a message.
  ///
  /// @param payloadKey where the store has its bytes
  /// @param stampNs stamp that they hold, or [Times#NONE]
  public void add(
      int stream, long payloadKey, long stampNs, long logTimeNs, long publishTimeNs, int sequence) {
    TapeRow row = new TapeRow(stream, payloadKey, stampNs);
    row.logTimeNs = logTimeNs;
    row.publishTimeNs = publishTimeNs;
    row.sequence = sequence;
    rows.add(row);
  }

  /// The streams, by number.
  public List<StreamSpec> streams() {
    return streams;
  }

  /// All messages in order of writing; must not be changed.
  public List<TapeRow> rows() {
    return rows;
  }

  /// Messages of one stream, in order.
  public List<TapeRow> rows(int stream) {
    List<TapeRow> own = new ArrayList<>();
    for (TapeRow row : rows) {
      if (row.stream == stream) {
        own.add(row);
      }
    }
    return own;
  }

  /// Number of a message in its stream, or -1 if it has been removed.
  public long indexOf(TapeRow wanted) {
    long index = 0;
    for (TapeRow row : rows) {
      if (row == wanted) {
        return index;
      }
      if (row.stream == wanted.stream) {
        index++;
      }
    }
    return -1;
  }

  /// Takes messages out.
  public void remove(List<TapeRow> gone) {
    java.util.Set<TapeRow> set =
        java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
    set.addAll(gone);
    List<TapeRow> kept = new ArrayList<>(rows.size());
    for (TapeRow row : rows) {
      if (!set.contains(row)) {
        kept.add(row);
      }
    }
    rows = kept;
  }

  /// The bytes of a message as they will be written.
  public byte[] payload(TapeRow row) {
    byte[] bytes = unstamped(row);
    return row.stampNs == row.storedStampNs
        ? bytes
        : stamps.get(row.stream).write(bytes, row.stampNs);
  }

  private byte[] unstamped(TapeRow row) {
    byte[] edited = row.edited;
    if (edited != null) {
      return edited.clone();
    }
    try {
      return store.read(row.payloadKey);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Replaces the bytes of a message, stamp and all: they are written as they are.
  public void setPayload(TapeRow row, byte[] bytes) {
    row.edited = bytes.clone();
    row.storedStampNs = row.stampNs;
  }

  /// Gives a message the payload of another, under its own stamp.
  public void copyPayload(TapeRow from, TapeRow to) {
    byte[] bytes = payload(from);
    to.edited = bytes;
    to.storedStampNs = from.stampNs;
  }

  /// The boxes of a label message.
  ///
  /// @return empty if it is no label message or cannot be read
  public LabelFrame labels(TapeRow row) {
    return labels.get(row.stream).read(payload(row));
  }

  /// Writes boxes back into their message.
  public void setLabels(TapeRow row, LabelFrame frame) {
    setPayload(row, frame.toBytes());
  }

  /// Whether messages of a stream hold a stamp that can be changed.
  public boolean stamped(int stream) {
    return stamps.get(stream) != StampCodec.NONE;
  }
}
