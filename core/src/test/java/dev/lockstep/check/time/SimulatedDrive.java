package dev.lockstep.check.time;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A recording of several streams whose times a test may change before they become columns.
final class SimulatedDrive {
  static final long BEGIN_NS = 1_750_000_000_123_456_789L;

  /// One message, every part of which a fault may change.
  static final class Message {
    long stampNs;
    long logNs;
    long publishNs;
    int sequence;
    int digest;
    int lengthBytes = 64;

    Message copy() {
      Message copy = new Message();
      copy.stampNs = stampNs;
      copy.logNs = logNs;
      copy.publishNs = publishNs;
      copy.sequence = sequence;
      copy.digest = digest;
      copy.lengthBytes = lengthBytes;
      return copy;
    }
  }

  /// One stream.
  static final class Stream {
    final StreamInfo info;
    final List<Message> messages = new ArrayList<>();

    Stream(StreamInfo info) {
      this.info = info;
    }

    Message at(int index) {
      return messages.get(index);
    }

    /// Adds `ns` to the stamps of messages `[from, to)`.
    void shiftStamps(int from, int to, long ns) {
      for (Message message : messages.subList(from, to)) {
        message.stampNs += ns;
      }
    }

    MessageBatch columns() {
      MessageBatch batch = new MessageBatch(info, messages.size());
      for (Message message : messages) {
        int row =
            batch.add(
                message.stampNs,
                message.logNs,
                message.publishNs,
                100L * batch.size(),
                message.lengthBytes);
        batch.setSequence(row, message.sequence);
        batch.setDigest(row, message.digest);
      }
      return batch;
    }
  }

  private final List<Stream> streams = new ArrayList<>();
  private final Random random;

  SimulatedDrive(long seed) {
    random = new Random(seed);
  }

  /// A drive of `seconds` with a LiDAR at 10 Hz, a camera at 20 Hz, an IMU at 100 Hz and a stream
  /// of unknown kind at 50 Hz, all with header stamps.
  static SimulatedDrive standard(long seed, double seconds) {
    SimulatedDrive drive = new SimulatedDrive(seed);
    drive.add("/lidar", Modality.LIDAR, 10, 200_000, seconds);
    drive.add("/camera", Modality.CAMERA, 20, 50_000, seconds);
    drive.add("/imu", Modality.IMU, 100, 20_000, seconds);
    drive.add("/status", Modality.OTHER, 50, 500_000, seconds);
    return drive;
  }

  /// Adds a periodic stream with header stamps of Gaussian jitter, logged after 2 ms and an
  /// exponential rest of 1 ms in the mean.
  Stream add(String name, Modality modality, double hertz, double sigmaNs, double seconds) {
    Stream stream =
        new Stream(
            StreamInfo.of(
                streams.size(), name, modality, StampSource.HEADER, "cdr", "pkg/msg/" + name));
    double phase = random.nextDouble();
    long logged = 0;
    for (int k = 0; k < seconds * hertz; k++) {
      double slotNs = (k + phase) * 1e9 / hertz;
      Message message = new Message();
      message.stampNs = BEGIN_NS + Math.round(slotNs + sigmaNs * random.nextGaussian());
      long delay = Math.round(2e6 - 1e6 * Math.log(1 - random.nextDouble()));
      logged = Math.max(logged + 1_000, message.stampNs + delay);
      message.logNs = logged;
      message.publishNs = logged - 500_000;
      message.sequence = k + 1;
      message.digest = random.nextInt();
      stream.messages.add(message);
    }
    streams.add(stream);
    return stream;
  }

  /// Adds a stream of `count` messages at random times.
  Stream addEvents(String name, int count, double seconds) {
    Stream stream =
        new Stream(
            StreamInfo.of(
                streams.size(), name, Modality.OTHER, StampSource.HEADER, "cdr", "pkg/msg/Event"));
    long[] timesNs =
        random.longs(count, BEGIN_NS, BEGIN_NS + (long) (seconds * 1e9)).sorted().toArray();
    for (int k = 0; k < count; k++) {
      Message message = new Message();
      message.stampNs = timesNs[k];
      message.logNs = timesNs[k] + 1_000_000;
      message.publishNs = message.logNs;
      message.digest = random.nextInt();
      stream.messages.add(message);
    }
    streams.add(stream);
    return stream;
  }

  /// Replaces a stream by one that has no header stamps: its log times stand in.
  Stream logTimesOnly(String name) {
    return replace(name, StampSource.LOG_TIME, true);
  }

  /// Replaces a stream by one whose stamps come from file names: there is no other time.
  Stream fileNamesOnly(String name) {
    return replace(name, StampSource.FILE_NAME, false);
  }

  private Stream replace(String name, StampSource source, boolean logged) {
    Stream old = stream(name);
    StreamInfo info = old.info;
    Stream fresh =
        new Stream(
            StreamInfo.of(
                info.id(), name, info.modality(), source, info.encoding(), info.schema()));
    for (Message message : old.messages) {
      if (logged) {
        message.stampNs = message.logNs;
      } else {
        message.logNs = Times.NONE;
        message.publishNs = Times.NONE;
        message.sequence = 0;
      }
      fresh.messages.add(message);
    }
    streams.set(streams.indexOf(old), fresh);
    return fresh;
  }

  Stream stream(String name) {
    return streams.stream().filter(s -> s.info.name().equals(name)).findFirst().orElseThrow();
  }

  List<Stream> streams() {
    return streams;
  }

  List<MessageBatch> columns() {
    return streams.stream().map(Stream::columns).toList();
  }
}
