package dev.lockstep.model;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a label set knows about its rows beyond place and identity: where each stands in its file,
/// who made it with what, how sure they were, attributes in their own words.
///
/// Rules do not need it; comparing two exports and tracing a label do. A column takes memory only
/// once a row has a value in it. Rows are those of the [LabelSet] that it belongs to.
public final class LabelDetails {
  /// Somebody placed this box; on a row without it, nothing is known about that.
  public static final int KEYFRAME = 1;

  /// The box was computed between two keyframes, by the labelling tool or by the format's rule.
  public static final int INTERPOLATED = 2;

  /// The label says that something hides part of the object.
  public static final int OCCLUDED = 4;

  /// The label says that the image border cuts the object off.
  public static final int TRUNCATED = 8;

  /// The label says that it is not to be counted (MOTChallenge flag 0, `crowd` regions).
  public static final int IGNORED = 16;

  private static final long[] NO_LONGS = {};
  private static final int[] NO_INTS = {};

  private final Names labelIds = new Names();
  private final Names tools = new Names();
  private final Names sourceFiles = new Names();
  private final AttributeTable attributes = new AttributeTable();

  private long[] offsetBytes = NO_LONGS;
  private int[] lengthBytes = NO_INTS;
  private long[] messages = NO_LONGS;
  private long[] messageOffsets = NO_LONGS;
  private int[] messageLengths = NO_INTS;
  private int[] messageFiles = NO_INTS;
  private int[] ids = NO_INTS;
  private int[] toolOf = NO_INTS;
  private int[] revisions = NO_INTS;
  private int[] attributeSets = NO_INTS;
  private float[] scores = {};
  private byte[] flags = {};

  private double frameRateHertz;
  private int imageWidth;
  private int imageHeight;
  private int firstFrame;
  private String frameName = "";
  private OwnAxes ownAxes = OwnAxes.UNDECLARED;

  LabelDetails() {}

  /// Sets the bytes of the file in which the row stands.
  public void setSource(int row, long offset, long length) {
    offsetBytes = room(offsetBytes, row);
    lengthBytes = room(lengthBytes, row, -1);
    offsetBytes[row] = offset;
    lengthBytes[row] = (int) Math.min(length, Integer.MAX_VALUE);
  }

  /// What a label was made on: a message of a sensor.
  ///
  /// @param file file of the message
  /// @param offsetBytes first byte of the message in its file, or -1
  /// @param lengthBytes its length, or -1
  /// @param message its index in its stream, or -1
  public record Source(String file, long offsetBytes, int lengthBytes, long message) {}

  /// Sets the sensor message that the label was made on.
  public void setMessage(int row, Source source) {
    messages = room(messages, row);
    messageOffsets = room(messageOffsets, row);
    messageLengths = room(messageLengths, row, -1);
    messageFiles = room(messageFiles, row, -1);
    messages[row] = source.message();
    messageOffsets[row] = source.offsetBytes();
    messageLengths[row] = source.lengthBytes();
    messageFiles[row] = sourceFiles.idOf(source.file());
  }

  /// Sets the label's own id, which stays the same through its revisions.
  public void setLabelId(int row, String id) {
    ids = room(ids, row, -1);
    ids[row] = labelIds.idOf(id);
  }

  /// Sets the tool that made the row.
  public void setTool(int row, String tool) {
    toolOf = room(toolOf, row, -1);
    toolOf[row] = tools.idOf(tool);
  }

  /// Sets how often the label was changed before, 0 for its first version.
  public void setRevision(int row, int revision) {
    revisions = room(revisions, row, -1);
    revisions[row] = revision;
  }

  /// Sets how sure the maker was, in the maker's own scale.
  public void setScore(int row, double score) {
    if (row >= scores.length) {
      int had = scores.length;
      scores = Arrays.copyOf(scores, grown(row));
      Arrays.fill(scores, had, scores.length, Float.NaN);
    }
    scores[row] = (float) score;
  }

  /// Adds flags, an or of the constants of this class.
  public void addFlags(int row, int more) {
    if (more != 0) {
      if (row >= flags.length) {
        flags = Arrays.copyOf(flags, grown(row));
      }
      flags[row] |= (byte) more;
    }
  }

  /// Sets the attributes of a row, in order; equal lists are held once.
  public void setAttributes(int row, List<Attribute> list) {
    if (!list.isEmpty()) {
      attributeSets = room(attributeSets, row, -1);
      attributeSets[row] = attributes.idOf(list);
    }
  }

  /// An attribute as the label names it.
  ///
  /// @param name its name
  /// @param value its value as text
  public record Attribute(String name, String value) {}

  /// Sets the size of the images that 2D boxes lie in, pixels.
  public void setImageSize(int width, int height) {
    imageWidth = width;
    imageHeight = height;
  }

  /// Sets the rate of frames that the labels declare, Hz.
  public void setFrameRate(double hertz) {
    frameRateHertz = hertz;
  }

  /// Sets the number that the first frame of the recording has: 0 or 1.
  public void setFirstFrame(int number) {
    firstFrame = number;
  }

  /// Sets the name that the labels give to the frame of reference or camera of the set.
  public void setFrameName(String name) {
    frameName = name;
  }

  /// Axes of a frame of reference.
  public enum OwnAxes {
    /// Neither the labels nor their format say.
    UNDECLARED,
    /// x right, y down, z forward.
    CAMERA,
    /// z up.
    Z_UP
  }

  /// Sets how the frame of reference is laid out itself.
  public void setOwnAxes(OwnAxes axes) {
    ownAxes = axes;
  }

  /// First byte of the row in its file, or -1.
  public long offsetBytes(int row) {
    return lengthBytes(row) < 0 ? -1 : offsetBytes[row];
  }

  /// Bytes that the row takes in its file, or -1.
  public int lengthBytes(int row) {
    return row < lengthBytes.length ? lengthBytes[row] : -1;
  }

  /// The sensor message that the label was made on, or null.
  public @Nullable Source message(int row) {
    if (row >= messageFiles.length || messageFiles[row] < 0) {
      return null;
    }
    return new Source(
        sourceFiles.name(messageFiles[row]),
        messageOffsets[row],
        messageLengths[row],
        messages[row]);
  }

  /// The label's own id, or null.
  public @Nullable String labelId(int row) {
    return row < ids.length && ids[row] >= 0 ? labelIds.name(ids[row]) : null;
  }

  /// The tool that made the row, or null.
  public @Nullable String tool(int row) {
    return row < toolOf.length && toolOf[row] >= 0 ? tools.name(toolOf[row]) : null;
  }

  /// How often the label was changed before, or -1.
  public int revision(int row) {
    return row < revisions.length ? revisions[row] : -1;
  }

  /// How sure the maker was, or NaN.
  public float score(int row) {
    return row < scores.length ? scores[row] : Float.NaN;
  }

  /// Flags, an or of the constants of this class.
  public int flags(int row) {
    return row < flags.length ? flags[row] : 0;
  }

  /// Whether the row has a flag.
  public boolean has(int row, int flag) {
    return (flags(row) & flag) != 0;
  }

  /// Attributes of a row, in the order of the file.
  public List<Attribute> attributes(int row) {
    return row < attributeSets.length && attributeSets[row] >= 0
        ? attributes.get(attributeSets[row])
        : List.of();
  }

  /// The value of an attribute of a row, or null.
  public @Nullable String attribute(int row, String name) {
    for (Attribute attribute : attributes(row)) {
      if (attribute.name().equals(name)) {
        return attribute.value();
      }
    }
    return null;
  }

  /// Rate of frames that the labels declare, Hz, 0 if they do not.
  public double frameRateHertz() {
    return frameRateHertz;
  }

  /// Width of the images, pixels, 0 unknown.
  public int imageWidth() {
    return imageWidth;
  }

  /// Height of the images, pixels, 0 unknown.
  public int imageHeight() {
    return imageHeight;
  }

  /// Number that the first frame of the recording has.
  public int firstFrame() {
    return firstFrame;
  }

  /// Name of the frame of reference or camera, empty where there is none.
  public String frameName() {
    return frameName;
  }

  /// How the frame of reference is laid out itself, whatever axes the rows were turned to.
  public OwnAxes ownAxes() {
    return ownAxes;
  }

  /// Takes over what another set says of one of its rows.
  void copy(int row, LabelDetails from, int other) {
    if (from.offsetBytes(other) >= 0) {
      setSource(row, from.offsetBytes(other), from.lengthBytes(other));
    }
    Source message = from.message(other);
    if (message != null) {
      setMessage(row, message);
    }
    String labelId = from.labelId(other);
    if (labelId != null) {
      setLabelId(row, labelId);
    }
    String tool = from.tool(other);
    if (tool != null) {
      setTool(row, tool);
    }
    if (from.revision(other) >= 0) {
      setRevision(row, from.revision(other));
    }
    if (!Float.isNaN(from.score(other))) {
      setScore(row, from.score(other));
    }
    if (from.flags(other) != 0) {
      addFlags(row, from.flags(other));
    }
    if (!from.attributes(other).isEmpty()) {
      setAttributes(row, from.attributes(other));
    }
  }

  /// Brings the rows into another order.
  void reorder(int[] order) {
    int n = order.length;
    offsetBytes = reordered(offsetBytes, order);
    messages = reordered(messages, order);
    messageOffsets = reordered(messageOffsets, order);
    messageLengths = reordered(messageLengths, order);
    messageFiles = reordered(messageFiles, order);
    lengthBytes = reordered(lengthBytes, order);
    ids = reordered(ids, order);
    toolOf = reordered(toolOf, order);
    revisions = reordered(revisions, order);
    attributeSets = reordered(attributeSets, order);
    if (scores.length > 0) {
      float[] out = new float[n];
      for (int to = 0; to < n; to++) {
        out[to] = score(order[to]);
      }
      scores = out;
    }
    if (flags.length > 0) {
      byte[] out = new byte[n];
      for (int to = 0; to < n; to++) {
        out[to] = (byte) flags(order[to]);
      }
      flags = out;
    }
  }

  private static long[] reordered(long[] column, int[] order) {
    if (column.length == 0) {
      return column;
    }
    long[] out = new long[order.length];
    for (int to = 0; to < order.length; to++) {
      out[to] = order[to] < column.length ? column[order[to]] : -1;
    }
    return out;
  }

  private static int[] reordered(int[] column, int[] order) {
    if (column.length == 0) {
      return column;
    }
    int[] out = new int[order.length];
    for (int to = 0; to < order.length; to++) {
      out[to] = order[to] < column.length ? column[order[to]] : -1;
    }
    return out;
  }

  private static int grown(int row) {
    return Math.max(64, row + 1 + (row >> 1));
  }

  private static long[] room(long[] column, int row) {
    return row < column.length ? column : Arrays.copyOf(column, grown(row));
  }

  private static int[] room(int[] column, int row, int absent) {
    if (row < column.length) {
      return column;
    }
    int[] more = Arrays.copyOf(column, grown(row));
    Arrays.fill(more, column.length, more.length, absent);
    return more;
  }
}
