package dev.lockstep.testing;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.CodedFrames;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.ScanUnit;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Plays the engine: reads a recording to its end and keeps everything that the reader hands over.
public final class ReaderDriver {
  private final SourceFormat format;
  private ReadOptions options = ReadOptions.DEFAULT;
  private int threads = 1;
  private long[] steps = {};

  public ReaderDriver(SourceFormat format) {
    this.format = format;
  }

  /// Reads with these options.
  public ReaderDriver options(ReadOptions options) {
    this.options = options;
    return this;
  }

  /// Scans with so many threads; with 1, on the calling one.
  public ReaderDriver threads(int threads) {
    this.threads = threads;
    return this;
  }

  /// Lets the recording grow: it is handed over up to each of `available`, then to its end.
  public ReaderDriver steps(long... available) {
    this.steps = available.clone();
    return this;
  }

  /// Reads the recording at `path`.
  public Read read(Path path) throws IOException {
    Read read = new Read();
    ExecutorService pool = threads > 1 ? Executors.newFixedThreadPool(threads) : null;
    try (RecordingReader reader = format.open(path, options)) {
      for (long step : steps) {
        reader.extend(step, false);
        drain(reader, read, pool);
      }
      reader.extend(reader.available(), true);
      drain(reader, read, pool);
      reader.finish(read);
    } finally {
      if (pool != null) {
        pool.shutdownNow();
      }
    }
    return read;
  }

  private void drain(RecordingReader reader, Read read, @Nullable ExecutorService pool) {
    ArrayDeque<Scan> underWay = new ArrayDeque<>();
    for (ScanUnit unit = reader.next(); unit != null; unit = reader.next()) {
      ScanUnit next = unit;
      if (pool == null) {
        next.scan();
        next.commit(read);
      } else {
        underWay.add(new Scan(next, pool.submit(next::scan)));
        if (underWay.size() >= threads * 3) {
          commit(underWay.remove(), read);
        }
      }
    }
    for (Scan scan = underWay.poll(); scan != null; scan = underWay.poll()) {
      commit(scan, read);
    }
  }

  private static void commit(Scan scan, Read read) {
    try {
      scan.scanned.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
    scan.unit.commit(read);
  }

  private record Scan(ScanUnit unit, Future<?> scanned) {}

  /// Everything that a reader handed over.
  public static final class Read implements RecordingSink {
    private final List<StreamInfo> streams = new ArrayList<>();
    private final List<MessageBatch> columns = new ArrayList<>();
    private final List<Defect> defects = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<LabelSet> labels = new ArrayList<>();
    private final List<PoseSeries> poses = new ArrayList<>();
    private final List<Calibration> calibrations = new ArrayList<>();
    private final Map<DefectKind, Long> examined = new EnumMap<>(DefectKind.class);
    private final Map<DefectKind, TreeSet<String>> unexamined = new EnumMap<>(DefectKind.class);
    private @Nullable Coverage coverage;

    @Override
    public void stream(StreamInfo stream) {
      if (stream.id() != streams.size()) {
        throw new AssertionError("stream id " + stream.id() + ", expected " + streams.size());
      }
      streams.add(stream);
      columns.add(new MessageBatch(stream, 16));
    }

    @Override
    public void messages(MessageBatch batch) {
      MessageBatch all = columns.get(batch.stream().id());
      for (int r = 0; r < batch.size(); r++) {
        int row =
            all.add(
                batch.stampsNs()[r],
                batch.logTimesNs()[r],
                batch.publishTimesNs()[r],
                batch.positionsBytes()[r],
                batch.lengthsBytes()[r]);
        all.setSequence(row, batch.sequences()[r]);
        all.setDigest(row, batch.digests()[r]);
        all.addFlags(row, batch.flags()[r]);
        if (batch.crc32cs().length > 0) {
          all.setCrc32c(row, batch.crc32cs()[r]);
        }
        float[] turns = batch.turns();
        if (turns.length > 0) {
          int at = r * MessageBatch.TURN_STRIDE;
          if (Float.isNaN(turns[at + 3])) {
            all.setTurnRate(row, turns[at], turns[at + 1], turns[at + 2]);
          } else {
            all.setOrientation(row, turns[at + 3], turns[at], turns[at + 1], turns[at + 2]);
          }
        }
        if (batch.points().length > 0) {
          all.setPoints(row, batch.points()[r], batch.nonFinitePoints()[r]);
        }
        if (batch.decodeTimesNs().length > 0) {
          all.setDecodeTime(row, batch.decodeTimesNs()[r]);
        }
        if (batch.frameOrders().length > 0) {
          all.setFrameOrder(row, batch.frameOrders()[r]);
        }
        CodedFrames coded = batch.codedFrames();
        if (coded != null) {
          all.setCodedFrame(row, coded.orders()[r], coded.timesNs()[r], coded.marks()[r]);
        }
        String file = batch.file(r);
        if (file != null) {
          all.setFile(row, file);
        }
      }
      String frameId = batch.frameId();
      if (frameId != null && all.frameId() == null) {
        all.setFrameId(frameId);
      }
    }

    @Override
    public void defect(Defect defect) {
      defects.add(defect);
    }

    @Override
    public void examined(DefectKind kind, long count) {
      examined.merge(kind, count, Long::sum);
    }

    @Override
    public void unexamined(DefectKind kind, String reason) {
      unexamined.computeIfAbsent(kind, k -> new TreeSet<>()).add(reason);
    }

    @Override
    public void note(String fact) {
      notes.add(fact);
    }

    @Override
    public void labels(LabelSet labels) {
      this.labels.add(labels);
    }

    @Override
    public void poses(PoseSeries poses) {
      this.poses.add(poses);
    }

    @Override
    public void calibration(Calibration calibration) {
      calibrations.add(calibration);
    }

    @Override
    public void coverage(Coverage coverage) {
      if (this.coverage != null) {
        throw new AssertionError("coverage told twice");
      }
      this.coverage = coverage;
    }

    /// Streams in order of their ids.
    public List<StreamInfo> streams() {
      return streams;
    }

    /// All messages of one stream.
    public MessageBatch messages(int stream) {
      return columns.get(stream);
    }

    /// All messages of the stream of that name.
    public MessageBatch messages(String name) {
      for (StreamInfo stream : streams) {
        if (stream.name().equals(name)) {
          return columns.get(stream.id());
        }
      }
      throw new AssertionError("no stream " + name + " among " + streams);
    }

    /// Number of messages of all streams.
    public long messageCount() {
      return columns.stream().mapToLong(MessageBatch::size).sum();
    }

    public List<Defect> defects() {
      return defects;
    }

    /// Defects of at least that severity.
    public List<Defect> defects(Severity least) {
      return defects.stream().filter(d -> d.severity().compareTo(least) >= 0).toList();
    }

    public List<String> notes() {
      return notes;
    }

    public List<LabelSet> labels() {
      return labels;
    }

    public List<PoseSeries> poses() {
      return poses;
    }

    public List<Calibration> calibrations() {
      return calibrations;
    }

    public long examined(DefectKind kind) {
      return examined.getOrDefault(kind, 0L);
    }

    public TreeSet<String> unexamined(DefectKind kind) {
      return unexamined.getOrDefault(kind, new TreeSet<>());
    }

    public Coverage coverage() {
      Coverage told = coverage;
      if (told == null) {
        throw new AssertionError("no coverage told");
      }
      return told;
    }

    /// Defects and notes as text.
    public String findings() {
      StringBuilder text = new StringBuilder();
      defects.forEach(d -> text.append(d).append('\n'));
      notes.forEach(n -> text.append("note ").append(n).append('\n'));
      return text.toString();
    }

    /// Everything as text, for comparing two reads whole.
    public String text() {
      StringBuilder text = new StringBuilder();
      for (StreamInfo stream : streams) {
        text.append(stream).append('\n');
        MessageBatch rows = columns.get(stream.id());
        text.append("  frame ").append(rows.frameId()).append('\n');
        for (int r = 0; r < rows.size(); r++) {
          text.append("  ")
              .append(rows.stampsNs()[r])
              .append(' ')
              .append(rows.logTimesNs()[r])
              .append(' ')
              .append(rows.publishTimesNs()[r])
              .append(" @")
              .append(rows.positionsBytes()[r])
              .append('+')
              .append(rows.lengthsBytes()[r])
              .append(" #")
              .append(rows.sequences()[r])
              .append(' ')
              .append(Integer.toHexString(rows.digests()[r]))
              .append(' ')
              .append(rows.crc32cs().length == 0 ? 0 : rows.crc32cs()[r])
              .append(' ')
              .append(rows.points().length == 0 ? 0 : rows.points()[r])
              .append(' ')
              .append(rows.flags()[r])
              .append(' ')
              .append(rows.decodeTimesNs().length == 0 ? 0 : rows.decodeTimesNs()[r])
              .append(' ')
              .append(rows.frameOrders().length == 0 ? 0 : rows.frameOrders()[r])
              .append('\n');
        }
      }
      text.append(findings());
      text.append("examined ").append(examined).append('\n');
      text.append("unexamined ").append(unexamined).append('\n');
      labels.forEach(l -> text.append("labels ").append(l.name()).append(l.size()).append('\n'));
      return text.append(coverage).toString();
    }
  }
}
