package dev.lockstep.synth.fault;

import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Location;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a fault did, in terms of rows, so that message numbers can be told after all faults.
final class Planted {
  private final String what;
  private List<String> expected = List.of();
  private List<String> consequences = List.of();
  private boolean effective = true;
  private @Nullable TapeRow first;
  private @Nullable TapeRow last;
  private @Nullable String stream;
  private @Nullable String track;
  private long firstFrame = -1;
  private long lastFrame = -1;
  private @Nullable ByteRange bytes;
  private long firstMessage = -1;

  private Planted(String what) {
    this.what = what;
  }

  /// Something done, in words.
  static Planted of(String what) {
    return new Planted(what);
  }

  /// Checks of which one should find it.
  Planted expect(String... checks) {
    expected = List.of(checks);
    return this;
  }

  /// Checks that may report a consequence besides.
  Planted also(String... checks) {
    List<String> all = new ArrayList<>(consequences);
    all.addAll(List.of(checks));
    consequences = List.copyOf(all);
    return this;
  }

  /// From one message to another of the same stream.
  Planted at(TapeRow from, TapeRow to) {
    first = from;
    last = to;
    return this;
  }

  Planted track(String id) {
    track = id;
    return this;
  }

  Planted frames(long from, long to) {
    firstFrame = from;
    lastFrame = to;
    return this;
  }

  Planted bytes(long offsetBytes, long lengthBytes) {
    bytes = new ByteRange(offsetBytes, lengthBytes);
    return this;
  }

  /// A message of a file that is not on a tape.
  Planted message(String topic, long index) {
    stream = topic;
    firstMessage = index;
    return this;
  }

  /// Whether anything changed that could be seen.
  Planted effective(boolean value) {
    effective = value;
    return this;
  }

  Injection toInjection(FaultSpec spec, @Nullable Tape tape, @Nullable String file) {
    Location at = file == null ? Location.RECORDING : Location.file(file);
    if (bytes != null) {
      at = at.withBytes(bytes.offsetBytes(), bytes.lengthBytes());
    }
    if (stream != null) {
      at = at.withStream(stream).withMessages(firstMessage, firstMessage);
    }
    if (tape != null && first != null && last != null) {
      at = at.withStream(tape.streams().get(first.stream).topic());
      long from = tape.indexOf(first);
      long to = tape.indexOf(last);
      if (from >= 0 && to >= from) {
        at = at.withMessages(from, to);
      }
      if (first.stampNs() != Times.NONE && last.stampNs() != Times.NONE) {
        at = at.withStamps(first.stampNs(), last.stampNs());
      }
    }
    if (track != null) {
      at = at.withTrack(track);
    }
    if (firstFrame >= 0 && lastFrame >= firstFrame) {
      at = at.withFrames(firstFrame, lastFrame);
    }
    return new Injection(spec, effective, what, at, expected, consequences);
  }
}
