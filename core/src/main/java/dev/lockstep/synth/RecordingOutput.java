package dev.lockstep.synth;

import dev.lockstep.synth.fault.StreamSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/// A recording that is being written, message by message.
public interface RecordingOutput extends AutoCloseable {
  /// Declares a stream and returns its number, counted from 0.
  int stream(StreamSpec spec) throws IOException;

  /// Appends a message.
  ///
  /// @param payload from its position to its limit, which are left alone
  void message(int stream, int sequence, long logTimeNs, long publishTimeNs, ByteBuffer payload)
      throws IOException;

  /// Appends a file within the file.
  void attachment(long logTimeNs, long createTimeNs, String name, String mediaType, byte[] data)
      throws IOException;

  /// Appends named texts.
  void metadata(String name, Map<String, String> texts) throws IOException;

  /// Completes the recording and returns its length in bytes; nothing may follow.
  long finish() throws IOException;

  /// Releases the file, which is cut off where it was not finished.
  @Override
  void close() throws IOException;
}
