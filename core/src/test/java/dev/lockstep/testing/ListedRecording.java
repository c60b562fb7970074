package dev.lockstep.testing;

import dev.lockstep.model.Coverage;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.source.Match;
import dev.lockstep.source.Probe;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.ScanUnit;
import dev.lockstep.source.SourceFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A recording that is given as a list of messages: what an engine test feeds. Its unit of
/// availability is a message; a unit of work is at most `perUnit` of them.
public final class ListedRecording implements SourceFormat {
  /// One message.
  public record Listed(StreamInfo stream, long stampNs, int digest) {}

  private final List<StreamInfo> streams;
  private final List<Listed> messages;
  private final int perUnit;

  /// Units that were cut but not yet committed, and the most there ever were.
  public final AtomicInteger underWay = new AtomicInteger();

  public final AtomicInteger mostUnderWay = new AtomicInteger();

  public ListedRecording(List<StreamInfo> streams, List<Listed> messages, int perUnit) {
    this.streams = List.copyOf(streams);
    this.messages = List.copyOf(messages);
    this.perUnit = perUnit;
  }

  @Override
  public String name() {
    return "listed";
  }

  @Override
  public String summary() {
    return "messages held in a list";
  }

  @Override
  public Match match(Probe probe) {
    return Match.no("never");
  }

  @Override
  public RecordingReader open(Path path, ReadOptions options) {
    return new Reader();
  }

  private final class Reader implements RecordingReader {
    private int available;
    private int next;
    private boolean declared;

    @Override
    public long available() {
      return messages.size();
    }

    @Override
    public void extend(long available, boolean complete) {
      this.available = (int) available;
    }

    @Override
    public @Nullable ScanUnit next() {
      if (next == available) {
        return null;
      }
      int from = next;
      next = Math.min(available, next + perUnit);
      mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
      return new Unit(messages.subList(from, next));
    }

    @Override
    public long position() {
      return next;
    }

    @Override
    public void finish(RecordingSink sink) {
      declare(sink);
      sink.coverage(new Coverage(messages.size(), 0, 0, 0, "none"));
    }

    private void declare(RecordingSink sink) {
      if (!declared) {
        streams.forEach(sink::stream);
        declared = true;
      }
    }

    @Override
    public void close() {}

    private final class Unit implements ScanUnit {
      private final List<Listed> part;
      private final List<MessageBatch> batches = new ArrayList<>();

      Unit(List<Listed> part) {
        this.part = part;
      }

      @Override
      public void scan() {
        for (StreamInfo stream : streams) {
          MessageBatch batch = new MessageBatch(stream, part.size());
          for (Listed message : part) {
            if (message.stream().equals(stream)) {
              int row = batch.add(message.stampNs(), message.stampNs(), message.stampNs(), 0, 100);
              batch.setDigest(row, message.digest());
            }
          }
          batches.add(batch);
        }
      }

      @Override
      public void commit(RecordingSink sink) {
        declare(sink);
        batches.forEach(sink::messages);
        underWay.decrementAndGet();
      }
    }
  }
}
