package dev.lockstep.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Consecutive messages of one stream as columns: row `r` is the stream's message `firstIndex() +
/// r`.
///
/// Only `[0, size())` of each array is valid; arrays may be longer. A batch belongs to the thread
/// that holds it and is not changed once it has been committed. How a stream is cut into batches
/// carries no meaning: observers must give the same result for every cut.
public final class MessageBatch {
  /// The row begins a group of frames that can be decoded on its own.
  public static final byte KEYFRAME = 1;

  /// The payload could not be interpreted, so its stamp and features are missing.
  public static final byte UNREADABLE = 2;

  /// The payload has a place for the name of a frame of reference, or holds labels, and names none.
  public static final byte UNPLACED = 4;

  /// Messages may have been lost in front of the row, as the reader reports: what is missing there
  /// is no fault of its own.
  public static final byte AFTER_LOSS = 8;

  /// The row begins a capture of its own: the recording joins several that nothing connects, and
  /// rules about streams begin anew there.
  public static final byte NEW_CAPTURE = 16;

  /// The row comes from bytes that are not as they were written, as the reader reports: whatever is
  /// wrong with it follows from that.
  public static final byte DOUBTFUL = 32;

  /// Floats a row takes in [#turns()].
  public static final int TURN_STRIDE = 4;

  private StreamInfo stream;
  private long firstIndex;
  private int size;

  private long[] stampsNs;
  private long[] logTimesNs;
  private long[] publishTimesNs;
  private long[] positionsBytes;
  private int[] lengthsBytes;
  private int[] sequences;
  private int[] digests;
  private int[] crc32cs = EMPTY;
  private int[] points = EMPTY;
  private int[] nonFinitePoints = EMPTY;
  private int[] pictureWidths = EMPTY;
  private int[] pictureHeights = EMPTY;
  private float[] turns = NO_TURNS;
  private long[] storedBytes = NO_TIMES;
  private long[] decodeTimesNs = NO_TIMES;
  private int[] frameOrders = EMPTY;
  private @Nullable CodedFrames codedFrames;
  private @Nullable Readings readings;
  private byte[] flags;
  private byte allFlags;
  private @Nullable String[] files = NO_FILES;
  private @Nullable String part;
  private @Nullable SweepProfile[] sweeps = NO_SWEEPS;
  private @Nullable String frameId;

  private static final int[] EMPTY = {};
  private static final float[] NO_TURNS = {};
  private static final long[] NO_TIMES = {};
  private static final @Nullable String[] NO_FILES = {};
  private static final @Nullable SweepProfile[] NO_SWEEPS = {};

  /// An empty batch with room for `capacity` rows; it grows as rows are added.
  public MessageBatch(StreamInfo stream, int capacity) {
    this.stream = stream;
    int room = Math.max(1, capacity);
    stampsNs = new long[room];
    logTimesNs = new long[room];
    publishTimesNs = new long[room];
    positionsBytes = new long[room];
    lengthsBytes = new int[room];
    sequences = new int[room];
    digests = new int[room];
    flags = new byte[room];
  }

  /// Adds a row and returns its number; features are set on it afterwards.
  ///
  /// @param stampNs when the sensor measured, or [Times#NONE]
  /// @param logTimeNs when it was recorded, or [Times#NONE]
  /// @param publishTimeNs when it was sent, or [Times#NONE]
  /// @param positionBytes offset of the message in its file (of its chunk where that is compressed)
  /// @param lengthBytes length of the payload
  public int add(
      long stampNs, long logTimeNs, long publishTimeNs, long positionBytes, int lengthBytes) {
    int row = size;
    if (row == stampsNs.length) {
      grow();
    }
    stampsNs[row] = stampNs;
    logTimesNs[row] = logTimeNs;
    publishTimesNs[row] = publishTimeNs;
    positionsBytes[row] = positionBytes;
    lengthsBytes[row] = lengthBytes;
    size = row + 1;
    return row;
  }

  private void grow() {
    int room = Math.multiplyExact(stampsNs.length, 2);
    stampsNs = Arrays.copyOf(stampsNs, room);
    logTimesNs = Arrays.copyOf(logTimesNs, room);
    publishTimesNs = Arrays.copyOf(publishTimesNs, room);
    positionsBytes = Arrays.copyOf(positionsBytes, room);
    lengthsBytes = Arrays.copyOf(lengthsBytes, room);
    sequences = Arrays.copyOf(sequences, room);
    digests = Arrays.copyOf(digests, room);
    flags = Arrays.copyOf(flags, room);
    if (crc32cs.length > 0) {
      crc32cs = Arrays.copyOf(crc32cs, room);
    }
    if (points.length > 0) {
      points = filled(points, room);
    }
    if (nonFinitePoints.length > 0) {
      nonFinitePoints = filled(nonFinitePoints, room);
    }
    if (pictureWidths.length > 0) {
      pictureWidths = Arrays.copyOf(pictureWidths, room);
      pictureHeights = Arrays.copyOf(pictureHeights, room);
    }
    if (turns.length > 0) {
      turns = unknownTurns(turns, room * TURN_STRIDE);
    }
    if (decodeTimesNs.length > 0) {
      decodeTimesNs = Arrays.copyOf(decodeTimesNs, room);
      Arrays.fill(decodeTimesNs, size, room, Times.NONE);
    }
    if (frameOrders.length > 0) {
      frameOrders = Arrays.copyOf(frameOrders, room);
    }
    if (storedBytes.length > 0) {
      storedBytes = Arrays.copyOf(storedBytes, room);
    }
    if (codedFrames != null) {
      codedFrames.grow(room);
    }
    if (readings != null) {
      readings.grow(room);
    }
    if (files.length > 0) {
      files = Arrays.copyOf(files, room);
    }
    if (sweeps.length > 0) {
      sweeps = Arrays.copyOf(sweeps, room);
    }
  }

  private static float[] unknownTurns(float[] column, int room) {
    float[] longer = Arrays.copyOf(column, room);
    Arrays.fill(longer, column.length, room, Float.NaN);
    return longer;
  }

  private static int[] filled(int[] column, int room) {
    int[] longer = Arrays.copyOf(column, room);
    Arrays.fill(longer, column.length, room, -1);
    return longer;
  }

  /// Sets the sensor stamp of a row that was added before its payload was read.
  public void setStamp(int row, long stampNs) {
    stampsNs[row] = stampNs;
  }

  /// Sets the sender's counter of a row (MCAP `sequence`, 0 where the writer does not count).
  public void setSequence(int row, int sequence) {
    sequences[row] = sequence;
  }

  /// Sets the CRC-32 of a row's sensor data: the payload without header and stamps where the reader
  /// can tell them apart, else the whole payload. Equal digests and lengths mean a repeated one.
  public void setDigest(int row, int crc32) {
    digests[row] = crc32;
  }

  /// Sets the CRC-32C of a row's payload, which the block manifest stores.
  public void setCrc32c(int row, int crc32c) {
    if (crc32cs.length == 0) {
      crc32cs = new int[stampsNs.length];
    }
    crc32cs[row] = crc32c;
  }

  /// Sets the number of points of a sweep, and how many of them have a coordinate that is no finite
  /// number.
  public void setPoints(int row, int count, int nonFinite) {
    if (points.length == 0) {
      points = filled(EMPTY, stampsNs.length);
      nonFinitePoints = filled(EMPTY, stampsNs.length);
    }
    points[row] = count;
    nonFinitePoints[row] = nonFinite;
  }

  /// Sets the size of an image, in pixels.
  public void setPicture(int row, int width, int height) {
    if (pictureWidths.length == 0) {
      pictureWidths = new int[stampsNs.length];
      pictureHeights = new int[stampsNs.length];
    }
    pictureWidths[row] = width;
    pictureHeights[row] = height;
  }

  /// Sets how the sensor turned, rad/s about its axes.
  public void setTurnRate(int row, double x, double y, double z) {
    setTurn(row, x, y, z, Double.NaN);
  }

  /// Sets how the sensor stood, as a quaternion, whatever the frame of reference.
  public void setOrientation(int row, double qw, double qx, double qy, double qz) {
    setTurn(row, qx, qy, qz, qw);
  }

  private void setTurn(int row, double x, double y, double z, double w) {
    if (turns.length == 0) {
      turns = unknownTurns(NO_TURNS, stampsNs.length * TURN_STRIDE);
    }
    int at = row * TURN_STRIDE;
    turns[at] = (float) x;
    turns[at + 1] = (float) y;
    turns[at + 2] = (float) z;
    turns[at + 3] = (float) w;
  }

  /// Sets the specific force that the sensor measured along its axes, m/s².
  public void setAcceleration(int row, double x, double y, double z) {
    ownReadings().setAcceleration(row, x, y, z);
  }

  /// Sets where the sensor was.
  ///
  /// @param geodetic whether that is latitude and longitude in degrees, and altitude, instead of
  ///   meters
  public void setPosition(int row, double x, double y, double z, boolean geodetic) {
    ownReadings().setPosition(row, x, y, z, geodetic);
  }

  private Readings ownReadings() {
    Readings own = readings;
    if (own == null) {
      own = new Readings(stampsNs.length);
      readings = own;
    }
    return own;
  }

  /// Sets when a row of a video is to be decoded, on the clock of the stamps.
  public void setDecodeTime(int row, long decodeTimeNs) {
    if (decodeTimesNs.length == 0) {
      decodeTimesNs = new long[stampsNs.length];
      Arrays.fill(decodeTimesNs, Times.NONE);
    }
    decodeTimesNs[row] = decodeTimeNs;
  }

  /// Sets what a video frame says of its place in the order of decoding, see [FrameOrder].
  public void setFrameOrder(int row, int order) {
    if (frameOrders.length == 0) {
      frameOrders = new int[stampsNs.length];
    }
    frameOrders[row] = order;
  }

  /// Sets what the coded bytes of a video frame say of it, see [CodedFrames#set].
  public void setCodedFrame(int row, int order, long timeNs, byte marks) {
    CodedFrames frames = codedFrames;
    if (frames == null) {
      frames = new CodedFrames(stampsNs.length);
      codedFrames = frames;
    }
    frames.set(row, order, timeNs, marks);
  }

  /// Sets what a look at the points of a sweep gave.
  public void setSweep(int row, SweepProfile profile) {
    if (sweeps.length == 0) {
      sweeps = new @Nullable SweepProfile[stampsNs.length];
    }
    sweeps[row] = profile;
  }

  /// Adds flag bits ([#KEYFRAME], [#UNREADABLE], [#UNPLACED]) to a row.
  public void addFlags(int row, byte bits) {
    flags[row] |= bits;
    allFlags |= bits;
  }

  /// Takes flag bits from all rows.
  public void clearFlags(byte bits) {
    if ((allFlags & bits) != 0) {
      for (int row = 0; row < size; row++) {
        flags[row] &= (byte) ~bits;
      }
      allFlags &= (byte) ~bits;
    }
  }

  /// Whether any row may have one of these flag bits; where not, nobody need look.
  public boolean mayHaveFlags(byte bits) {
    return (allFlags & bits) != 0;
  }

  /// Sets the file of a row, relative to the recording, where each message has its own.
  public void setFile(int row, String file) {
    if (files.length == 0) {
      files = new @Nullable String[stampsNs.length];
    }
    files[row] = file;
  }

  /// Sets how many bytes from its position on hold a row that is not stored as it is: those of its
  /// compressed chunk, or its own compressed ones.
  public void setStored(int row, long bytes) {
    if (storedBytes.length == 0) {
      storedBytes = new long[stampsNs.length];
    }
    storedBytes[row] = bytes;
  }

  /// Sets the file that holds all rows, relative to the recording, where that has several files of
  /// many messages each.
  public void setPart(String file) {
    part = file;
  }

  /// Bytes of the file, from its position on, that a row lies in.
  public int placeBytes(int row) {
    long stored = stored(row);
    return stored > 0 ? (int) Math.min(lengthsBytes[row], stored) : lengthsBytes[row];
  }

  /// Sets the frame of reference that the first message with a header names.
  public void setFrameId(String frameId) {
    this.frameId = frameId;
  }

  /// Sets the index in the stream of row 0; the engine does so when it commits the batch.
  public void setFirstIndex(long firstIndex) {
    this.firstIndex = firstIndex;
  }

  /// Says which stream the messages belong to, where that was not known when they were read.
  public void assignTo(StreamInfo stream) {
    this.stream = stream;
  }

  /// The stream that the messages belong to.
  public StreamInfo stream() {
    return stream;
  }

  /// Index in the stream of row 0.
  public long firstIndex() {
    return firstIndex;
  }

  /// Number of rows.
  public int size() {
    return size;
  }

  /// When the sensor measured, ns; [Times#NONE] where the payload gives none.
  public long[] stampsNs() {
    return stampsNs;
  }

  /// When the recorder logged the message, ns; [Times#NONE] where the format has no log time.
  public long[] logTimesNs() {
    return logTimesNs;
  }

  /// When the message was sent, ns; [Times#NONE] where the format has no publish time.
  public long[] publishTimesNs() {
    return publishTimesNs;
  }

  /// Offset of each message in its file, bytes; of its chunk where that is compressed.
  public long[] positionsBytes() {
    return positionsBytes;
  }

  /// Payload lengths, bytes.
  public int[] lengthsBytes() {
    return lengthsBytes;
  }

  /// The sender's counters, unsigned; all 0 where the writer does not count.
  public int[] sequences() {
    return sequences;
  }

  /// CRC-32 of each row's sensor data, see [#setDigest].
  public int[] digests() {
    return digests;
  }

  /// CRC-32C of each payload; empty unless it was asked for.
  public int[] crc32cs() {
    return crc32cs;
  }

  /// Points of each sweep, -1 where unknown; empty for streams without points.
  public int[] points() {
    return points;
  }

  /// Points with a coordinate that is no finite number, -1 where unknown; empty for streams without
  /// points.
  public int[] nonFinitePoints() {
    return nonFinitePoints;
  }

  /// Pixels in a row of each image, 0 where unknown; empty for streams without images.
  public int[] pictureWidths() {
    return pictureWidths;
  }

  /// Rows of pixels of each image, 0 where unknown; empty for streams without images.
  public int[] pictureHeights() {
    return pictureHeights;
  }

  /// How the sensor turned or stood, [#TURN_STRIDE] floats a row: rates about x, y and z in rad/s
  /// and NaN, or a quaternion, x, y, z, w; all NaN where unknown. Empty where no row says so.
  public float[] turns() {
    return turns;
  }

  /// When each frame is to be decoded, ns, [Times#NONE] where unknown; empty for streams whose
  /// format does not say.
  public long[] decodeTimesNs() {
    return decodeTimesNs;
  }

  /// [FrameOrder] of each frame, 0 where unknown; empty where none is known.
  public int[] frameOrders() {
    return frameOrders;
  }

  /// What the coded bytes of the frames of a video say of them; null where nothing is known.
  public @Nullable CodedFrames codedFrames() {
    return codedFrames;
  }

  /// Accelerations and positions; null where no row has any.
  public @Nullable Readings readings() {
    return readings;
  }

  /// What a look at the points of a sweep gave, or null where nobody looked.
  public @Nullable SweepProfile sweep(int row) {
    return sweeps.length == 0 ? null : sweeps[row];
  }

  /// Flag bits of each row.
  public byte[] flags() {
    return flags;
  }

  /// File of a row relative to the recording, or null where all messages share one file.
  public @Nullable String file(int row) {
    return files.length == 0 ? part : files[row];
  }

  /// How many bytes from its position on hold a row that is not stored as it is; 0 for a payload
  /// that is.
  public long stored(int row) {
    return storedBytes.length == 0 ? 0 : storedBytes[row];
  }

  /// Frame of reference named by the first header of this batch, or null.
  public @Nullable String frameId() {
    return frameId;
  }

  /// Whether a row has a file of its own, which holds nothing else.
  public boolean ownsFile(int row) {
    return files.length > 0 && files[row] != null;
  }

  /// Where row `row` lies: its file and bytes, its index in the stream, its stamp.
  public Location location(int row) {
    return location(row, row);
  }

  /// Where rows `from` to `to` (inclusive) lie.
  public Location location(int from, int to) {
    Location at =
        Location.stream(stream.name())
            .withFile(file(from))
            .withMessages(firstIndex + from, firstIndex + to);
    if (!ownsFile(from)) {
      at = at.withBytes(positionsBytes[from], placeBytes(from));
    }
    return at.withKnownStamps(stampsNs[from], stampsNs[to]);
  }

  /// A copy of rows `[from, to)` as a batch of its own, with the right first index.
  public MessageBatch slice(int from, int to) {
    MessageBatch part = new MessageBatch(stream, to - from);
    part.firstIndex = firstIndex + from;
    part.frameId = frameId;
    part.part = this.part;
    for (int row = from; row < to; row++) {
      int r =
          part.add(
              stampsNs[row],
              logTimesNs[row],
              publishTimesNs[row],
              positionsBytes[row],
              lengthsBytes[row]);
      part.sequences[r] = sequences[row];
      part.digests[r] = digests[row];
      part.addFlags(r, flags[row]);
      if (crc32cs.length > 0) {
        part.setCrc32c(r, crc32cs[row]);
      }
      if (points.length > 0) {
        part.setPoints(r, points[row], nonFinitePoints[row]);
      }
      if (pictureWidths.length > 0) {
        part.setPicture(r, pictureWidths[row], pictureHeights[row]);
      }
      if (turns.length > 0) {
        int at = row * TURN_STRIDE;
        part.setTurn(r, turns[at], turns[at + 1], turns[at + 2], turns[at + 3]);
      }
      if (decodeTimesNs.length > 0) {
        part.setDecodeTime(r, decodeTimesNs[row]);
      }
      if (frameOrders.length > 0) {
        part.setFrameOrder(r, frameOrders[row]);
      }
      if (storedBytes.length > 0) {
        part.setStored(r, storedBytes[row]);
      }
      CodedFrames coded = codedFrames;
      if (coded != null) {
        part.setCodedFrame(r, coded.orders()[row], coded.timesNs()[row], coded.marks()[row]);
      }
      Readings own = readings;
      if (own != null) {
        part.ownReadings().copyFrom(own, row, r);
      }
      String file = files.length == 0 ? null : files[row];
      if (file != null) {
        part.setFile(r, file);
      }
      SweepProfile sweep = sweep(row);
      if (sweep != null) {
        part.setSweep(r, sweep);
      }
    }
    return part;
  }
}
