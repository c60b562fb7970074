package dev.lockstep.shadow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A second way through a recording.
interface SecondRead {
  /// A message as a second read finds it.
  ///
  /// @param stream name of its stream
  /// @param position offset of its payload; of its chunk where that is compressed
  /// @param lengthBytes length of its payload
  /// @param crc32c CRC-32C of its payload
  /// @param logTimeNs when it was recorded, or [dev.lockstep.model.Times#NONE]
  /// @param stampNs when the sensor measured as the raw bytes say, or
  ///   [dev.lockstep.model.Times#NONE]
  /// @param stamped whether the stamp was looked for
  /// @param labels its labels, null where nobody derived them
  record Message(
      String stream,
      long position,
      int lengthBytes,
      int crc32c,
      long logTimeNs,
      long stampNs,
      boolean stamped,
      @Nullable List<SecondLabels.Label> labels) {}

  /// Takes what a second read tells, in the order of the file.
  interface Told {
    /// Whether messages whose place is the byte `position` are wanted.
    boolean wants(long position);

    /// Whether all messages are wanted, wherever they lie.
    boolean wantsAll();

    /// A wanted message.
    void message(Message message);

    /// A part of the file that is whole or damaged as one: a chunk with its message indexes.
    ///
    /// @param listed whether all are told of before any message
    void extent(long offset, long lengthBytes, boolean listed);

    /// Bytes that cannot be read, and why.
    void unreadable(long offset, long lengthBytes, String why);

    /// Messages of a stream in the whole recording, wanted or not.
    void count(String stream, long messages);
  }

  /// Reads what `told` wants.
  ///
  /// @return how it went through the recording, in words
  /// @throws IOException if the operating system refuses to read
  String read(Path recording, Told told) throws IOException;
}
