package dev.lockstep.source;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.checksum.Crc32c;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.Times;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.payload.PayloadFile;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.payload.PayloadReader;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One message that is one file (a sweep, an image), or whose file is missing.
public final class FileMessage implements FileItem {
  /// How a stream's files are read.
  ///
  /// @param reader interprets one file
  /// @param kinds kinds of defect that it looks for
  /// @param checksum checksum that the files carry and the reader verifies, empty if none
  /// @param zeroPages whether pages of zeros cannot be data, and the reader does not look for them
  public record Content(
      PayloadReader reader, Set<DefectKind> kinds, String checksum, boolean zeroPages) {
    private static final Content UNKNOWN =
        new Content((bytes, offset, length, facts) -> {}, Set.of(), "", false);

    /// Copies the set.
    public Content {
      kinds = Set.copyOf(kinds);
    }

    /// How files of a known kind are read.
    public static Content of(PayloadFile file, String checksum, boolean zeroPages) {
      return of(PayloadProfile.ofFile(file), checksum, zeroPages);
    }

    /// How files whose content `profile` describes are read.
    public static Content of(PayloadProfile profile, String checksum, boolean zeroPages) {
      return new Content(profile.reader(), profile.examined(), checksum, zeroPages);
    }

    /// How images with that file name extension (without the dot) are read; those of an unknown
    /// kind are taken as they are.
    public static Content ofImage(String extension) {
      return switch (extension.toLowerCase(Locale.ROOT)) {
        case "jpg", "jpeg" -> of(PayloadFile.JPEG, "", false);
        case "png" -> of(PayloadFile.PNG, "PNG chunk CRC-32", false);
        default -> UNKNOWN;
      };
    }

    /// How sweeps with that file name extension (without the dot) are read: `pcd`, or `bin` with
    /// that many float32 a point, of which x, y and z are the first. Others are taken as they are.
    ///
    /// @param floats 4 (KITTI), 5 (nuScenes, Lyft) or 6 (Boreas)
    public static Content ofCloud(String extension, int floats) {
      return switch (extension.toLowerCase(Locale.ROOT)) {
        case "pcd" -> of(PayloadFile.PCD, "", false);
        case "bin" ->
            switch (floats) {
              case 4 -> of(PayloadFile.CLOUD_XYZI_F32, "", true);
              case 5 -> of(PayloadFile.CLOUD_XYZIR_F32, "", true);
              case 6 -> of(PayloadFile.CLOUD_XYZILT_F32, "", true);
              default ->
                  throw new IllegalArgumentException(
                      "floats a point: " + floats + " (expected 4, 5 or 6)");
            };
        default -> UNKNOWN;
      };
    }

    /// Files that are taken as they are.
    public static Content unknown() {
      return UNKNOWN;
    }
  }

  private final StreamInfo stream;
  private final long index;
  private final long stampNs;
  private final @Nullable Path path;
  private final String name;
  private final Content content;
  private final ReadOptions options;
  private final CoverageTally tally;

  private final List<Defect> defects = new ArrayList<>();
  private long lengthBytes;
  private int crc32;
  private int crc32c;
  private int points = -1;
  private int pictureWidth;
  private int pictureHeight;
  private int nonFinite = -1;
  private @Nullable SweepProfile sweep;
  private @Nullable PayloadFacts turning;
  private @Nullable SweepProfile sweepSpan;
  private boolean readable;
  private boolean sound;
  private boolean beginsCapture;
  private byte marks;

  /// The message numbered `index` of `stream`.
  ///
  /// @param index its number in the stream; -1 for a file that belongs to no message, which is
  ///   examined all the same
  /// @param stampNs its stamp, or [Times#NONE]
  /// @param path its file, or null where that is missing
  /// @param name name of the file relative to the recording
  /// @param tally told of the file's bytes
  public FileMessage(
      StreamInfo stream,
      long index,
      long stampNs,
      @Nullable Path path,
      String name,
      Content content,
      ReadOptions options,
      CoverageTally tally) {
    this.stream = stream;
    this.index = index;
    this.stampNs = stampNs;
    this.path = path;
    this.name = name;
    this.content = content;
    this.options = options;
    this.tally = tally;
  }

  /// Says that the message begins a capture of its own, see [MessageBatch#NEW_CAPTURE].
  public FileMessage beginsCapture() {
    beginsCapture = true;
    return this;
  }

  /// Says that what is wrong with the message follows from what is told of it, see
  /// [MessageBatch#DOUBTFUL].
  public FileMessage doubtful() {
    marks |= MessageBatch.DOUBTFUL;
    return this;
  }

  /// Says that messages in front of it are missing, which is told, see [MessageBatch#AFTER_LOSS].
  public FileMessage afterLoss() {
    marks |= MessageBatch.AFTER_LOSS;
    return this;
  }

  /// Says when the sweep began and ended, ns after its stamp, where the points do not.
  public FileMessage spanning(long firstNs, long lastNs) {
    sweepSpan = SweepProfile.ofSpan(firstNs, lastNs);
    return this;
  }

  /// Whether the file held what the stream's files should hold; known after [#scan].
  public boolean readable() {
    return readable;
  }

  /// Number of points of a sweep, -1 where unknown; known after [#scan].
  public int points() {
    return points;
  }

  @Override
  public void scan() {
    Path file = path;
    if (file == null || (options.sweeps() != null && stream.modality() != Modality.LIDAR)) {
      return;
    }
    FileFaults.read(file, at(), length -> lengthBytes = length, this::read, this::lose);
  }

  private void lose(Defect defect) {
    readable = false;
    sound = false;
    defects.clear();
    sweep = null;
    turning = null;
    defects.add(defect);
  }

  private void read(MemorySegment bytes) {
    if (options.digests()) {
      crc32 = Crc32.of(bytes);
    }
    if (options.crc32c()) {
      crc32c = Crc32c.of(bytes);
    }
    Defect unfit = FileFaults.emptyOrPointer(bytes, at());
    if (unfit == null && bytes.byteSize() > Math.min(options.maxBlockBytes(), Integer.MAX_VALUE)) {
      unfit =
          Defect.of(
              DefectKind.CHUNK_TOO_LARGE,
              at(),
              new Evidence.OutOfRange(
                  "file length", bytes.byteSize(), null, (long) options.maxBlockBytes(), "bytes"));
    }
    if (unfit != null) {
      defects.add(unfit);
      return;
    }
    readable = true;
    Defect zeros = content.zeroPages() ? FileFaults.zeroPages(bytes, at()) : null;
    if (zeros != null) {
      // What else is wrong with the content follows from the pages that are lost.
      defects.add(zeros);
      return;
    }
    if (options.payloads()) {
      PayloadFacts facts = new PayloadFacts();
      facts.stampNs = stampNs;
      SweepVisitor visitor = options.sweeps();
      facts.cloud = visitor == null ? null : visitor.room();
      content.reader().read(bytes, 0, (int) bytes.byteSize(), facts);
      if (visitor != null) {
        visitor.read(stream.name(), stampNs, facts);
      }
      readable = !facts.unreadable;
      points = facts.points;
      nonFinite = facts.nonFinitePoints;
      pictureWidth = facts.pictureWidth;
      pictureHeight = facts.pictureHeight;
      sweep = facts.sweep;
      turning = facts.tellsMotion() ? facts : null;
      for (PayloadFacts.Fault fault : facts.faults()) {
        defects.add(Defect.of(fault.kind(), at(), fault.evidence()));
      }
    }
    sound = defects.isEmpty();
  }

  private Location at() {
    Location at = Location.stream(stream.name()).withFile(name);
    at = index < 0 ? at : at.withMessages(index, index);
    return stampNs == Times.NONE ? at : at.withStamps(stampNs, stampNs);
  }

  @Override
  public void commit(RecordingSink sink) {
    MessageBatch row = new MessageBatch(stream, 1);
    int length = (int) Math.min(lengthBytes, Integer.MAX_VALUE);
    row.add(stampNs, Times.NONE, Times.NONE, 0, length);
    row.setDigest(0, crc32);
    row.setFile(0, name);
    if (options.crc32c()) {
      row.setCrc32c(0, crc32c);
    }
    if (points >= 0) {
      row.setPoints(0, points, nonFinite);
    }
    if (pictureWidth > 0) {
      row.setPicture(0, pictureWidth, pictureHeight);
    }
    PayloadFacts turned = turning;
    if (turned != null) {
      turned.motionTo(row, 0);
    }
    SweepProfile profile = profile();
    if (profile != null) {
      row.setSweep(0, profile);
    }
    if (!readable) {
      row.addFlags(0, MessageBatch.UNREADABLE);
    }
    if (beginsCapture) {
      row.addFlags(0, MessageBatch.NEW_CAPTURE);
    }
    row.addFlags(0, marks);
    if (path != null) {
      tellExamined(sink);
    }
    if (index >= 0) {
      sink.messages(row);
    }
    defects.forEach(sink::defect);
  }

  private @Nullable SweepProfile profile() {
    SweepProfile span = sweepSpan;
    SweepProfile points = sweep;
    return span == null || points == null
        ? span == null ? points : span
        : points.withSpan(span.firstNs(), span.lastNs());
  }

  private void tellExamined(RecordingSink sink) {
    for (DefectKind kind : FileFaults.KINDS) {
      if (content.zeroPages() || kind != DefectKind.ZERO_PAGES) {
        sink.examined(kind, 1);
      }
    }
    sink.examined(DefectKind.FILE_UNREADABLE, 1);
    sink.examined(DefectKind.FILE_CHANGED, 1);
    if (readable && options.payloads()) {
      content.kinds().forEach(kind -> sink.examined(kind, 1));
    }
    if (!readable) {
      tally.addLost(lengthBytes);
    } else if (sound && options.payloads() && !content.checksum().isEmpty()) {
      tally.addProtected(lengthBytes, content.checksum());
    } else {
      tally.add(lengthBytes);
    }
  }
}
