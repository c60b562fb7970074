package dev.lockstep.source;

import dev.lockstep.labels.WantedRows;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StreamInfo;
import java.io.IOException;
import java.util.List;

/// Any message of a recording, without reading those in front of it: by its index, by its stamp, by
/// bytes that it holds.
///
/// What is found is as the recording's own reader would tell it. Where that turns out to be
/// impossible, because the recording contradicts what it says about itself, a
/// [DamagedIndexException] says so, and [SourceFormat#scan] finds what there is. Used by one
/// thread.
public interface RecordingIndex extends AutoCloseable {
  /// Whether the recording had to be read from front to back, because nothing in it says where
  /// messages lie.
  boolean wasScanned();

  /// The streams, in order of their ids.
  List<StreamInfo> streams();

  /// Number of messages of a stream; 0 if there is no such stream.
  long messages(String stream);

  /// A message.
  ///
  /// @throws IndexOutOfBoundsException if there is none of that index
  /// @throws IOException if it cannot be read
  MessageAt message(String stream, long index) throws IOException;

  /// Index of the message whose stamp is nearest to `stampNs`, the earlier one of two equally near;
  /// -1 if no message of the stream has a stamp.
  ///
  /// Where stamps are out of order, it is one that is nearer than its neighbours.
  ///
  /// @throws IOException if messages cannot be read
  long nearest(String stream, long stampNs) throws IOException;

  /// The messages that rest on bytes of a file, in order of streams and index; empty where no
  /// message lies there.
  ///
  /// @throws IOException if messages cannot be read
  List<MessageAt> touching(String file, ByteRange bytes) throws IOException;

  /// CRC-32C of the payload of a message, computed now.
  ///
  /// @throws IOException if it cannot be read
  int crc32c(MessageAt message) throws IOException;

  /// The label sets, with at least those rows whose stamps lie in `[fromNs, toNs]`.
  ///
  /// @throws IOException if they cannot be read
  List<LabelSet> labels(long fromNs, long toNs) throws IOException;

  /// The label sets, with at least those rows whose position is `position`.
  ///
  /// @throws IOException if they cannot be read
  default List<LabelSet> labelsAt(long position) throws IOException {
    return labels(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /// The label sets, with at least those rows whose frame has that number.
  ///
  /// @throws IOException if they cannot be read
  default List<LabelSet> labelsInFrame(long frame) throws IOException {
    return labels(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /// The label sets, with at least those rows that are wanted.
  ///
  /// @throws IOException if they cannot be read
  default List<LabelSet> labels(WantedRows wanted) throws IOException {
    return wanted.position() >= 0
        ? labelsAt(wanted.position())
        : wanted.fromNs() == Long.MIN_VALUE && wanted.frame() >= 0
            ? labelsInFrame(wanted.frame())
            : labels(wanted.fromNs(), wanted.toNs());
  }

  /// Releases files and mappings.
  @Override
  void close();
}
