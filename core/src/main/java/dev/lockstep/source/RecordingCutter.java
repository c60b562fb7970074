package dev.lockstep.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/// Cuts small recordings of the same format out of one.
///
/// Every format has an axis of its own along which it cuts: log time in an MCAP file, number of the
/// frame in a KITTI drive, stamp in an Argoverse log. Used by one thread.
public interface RecordingCutter extends AutoCloseable {
  /// A stretch of the axis, both ends included.
  ///
  /// @param first where it begins
  /// @param last where it ends
  record Window(long first, long last) {
    /// Whether `at` lies in it.
    public boolean contains(long at) {
      return at >= first && at <= last;
    }
  }

  /// What is to be kept.
  ///
  /// @param streams names of the streams
  /// @param window the stretch
  /// @param verbatim whether the container's own bytes are kept as they are, instead of being
  ///   written anew around the messages
  record Plan(Set<String> streams, Window window, boolean verbatim) {
    /// Copies the set.
    public Plan {
      streams = Set.copyOf(streams);
    }
  }

  /// Something that a container can be without, such as a record, or bytes.
  ///
  /// @param what what it is, in the words of the format
  /// @param bytes about how many bytes it has
  /// @param within whether it is a part of a message or attachment, which is not whole without it
  /// @param parent number of the part that it lies in and is gone with, or -1
  record Part(String what, long bytes, boolean within, int parent) {
    /// A part that lies in no other.
    public Part(String what, long bytes, boolean within) {
      this(what, bytes, within, -1);
    }
  }

  /// Names of the streams and label sets that can be kept or left out.
  List<String> streams();

  /// The whole axis.
  Window whole();

  /// Where a message of a stream, or a row of a label set, lies on the axis; the beginning of the
  /// axis if there is none of that index.
  ///
  /// @throws IOException if it cannot be read
  long axisOf(String stream, long index) throws IOException;

  /// Where a byte of a file lies on the axis; the beginning of the axis where it has no place
  /// there.
  long axisOfByte(String file, long offsetBytes);

  /// Mean step of the axis between two messages of a stream, at least 1.
  long step(String stream);

  /// Whether [Plan#verbatim] makes a difference.
  boolean hasContainer();

  /// Writes a cut.
  ///
  /// @param folder an empty folder
  /// @return the recording in it
  /// @throws IOException if it cannot be read or written
  Path cut(Plan plan, Path folder) throws IOException;

  /// The parts of the container, each of which can be left out; empty where the format has none, or
  /// the recording is too large.
  ///
  /// @throws IOException if it cannot be read
  default List<Part> parts() throws IOException {
    return List.of();
  }

  /// Writes the recording without some of its [#parts].
  ///
  /// @param kept the numbers of those that are kept
  /// @param folder an empty folder
  /// @return the recording in it
  /// @throws IOException if it cannot be read or written
  default Path cut(BitSet kept, Path folder) throws IOException {
    throw new UnsupportedOperationException("no parts");
  }

  /// Releases files and mappings.
  @Override
  void close();
}
