package dev.lockstep.labels.waymo;

import static dev.lockstep.labels.waymo.WaymoLayout.*;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.lockstep.labels.LabelFaults;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.StampSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads the frames of one TFRecord file, one after the other. Images and range images are passed
/// over, but for their checksum; memory is that of the labels.
final class WaymoReader {
  /// Label sets of a file: segments, and the cameras of each (judged: a file is one segment).
  private static final int MAX_SETS = 1000;

  private static final String BASIS = "TFRecord CRC-32C";
  private static final long NS_PER_MICRO = 1000;

  private final LabelInput input;
  private final MemorySegment bytes;
  private final LabelFaults faults;
  private final Consumer<Defect> defects;
  private final Map<String, LabelSet> sets = new LinkedHashMap<>();
  private long labels;
  private long records;
  private long sums;
  private long protectedBytes;

  // Of the frame that is being read.
  private String segment = "";
  private long micros;
  private final List<Label> lasers = new ArrayList<>();
  private final Map<Integer, List<Label>> cameras = new LinkedHashMap<>();

  WaymoReader(LabelInput input, Consumer<Defect> defects) {
    this.input = input;
    this.bytes = input.bytes();
    this.defects = defects;
    this.faults = new LabelFaults(input.setName(), input, defects);
  }

  /// One label as it is read.
  private static final class Label {
    final double[] box = new double[BOX_HEADING + 1];
    boolean placed;
    int type;
    String id = "";
    int points = -1;
    final List<Attribute> attributes = new ArrayList<>();
  }

  LabelFormat.Reading read() {
    long at = 0;
    long size = bytes.byteSize();
    while (at < size) {
      long next = record(at, size);
      if (next < 0) {
        break;
      }
      records++;
      at = next;
    }
    faults.finish();
    sets.values().forEach(LabelSet::seal);
    List<LabelSet> filled = sets.values().stream().filter(set -> set.size() > 0).toList();
    return new LabelFormat.Reading(
        filled, labels, List.of(), new LabelFormat.Sums(sums, protectedBytes, BASIS));
  }

  /// Reads the record at `at`.
  ///
  /// @return where the next one begins, or -1 if nobody knows
  private long record(long at, long size) {
    if (size - at < HEAD_BYTES + TAIL_BYTES) {
      faults.at(at, "record " + records, (size - at) + " bytes", "at least 16 bytes");
      return -1;
    }
    long length = lengthAt(bytes, at);
    boolean sound = sum("length of record " + records, at, LENGTH_BYTES);
    long room = size - at - HEAD_BYTES - TAIL_BYTES;
    if (length < 0 || length > room) {
      faults.at(
          at,
          "length of record " + records,
          Long.toUnsignedString(length) + " bytes",
          "at most " + room + " bytes, which are left");
      return -1;
    }
    long payload = at + HEAD_BYTES;
    if (sum("record " + records, payload, length)) {
      protectedBytes += sound ? HEAD_BYTES + length + TAIL_BYTES : 0;
      frame(payload, length);
    } else if (!sound) {
      // Both sums fail: the length is damaged, and no record can be found behind it.
      return -1;
    }
    return payload + length + TAIL_BYTES;
  }

  /// Compares a range with the checksum behind it.
  private boolean sum(String what, long at, long lengthBytes) {
    sums++;
    int stored = crcAt(bytes, at + lengthBytes);
    int computed = maskedCrc(bytes, at, lengthBytes);
    if (stored == computed) {
      return true;
    }
    defects.accept(
        Defect.of(
            DefectKind.CHUNK_CRC,
            Location.file(input.file()).withBytes(at, lengthBytes),
            Evidence.Mismatch.ofCrc("masked CRC-32C of " + what, stored, computed)));
    return false;
  }

  private void frame(long at, long length) {
    segment = "";
    micros = 0;
    lasers.clear();
    cameras.clear();
    if (length > Integer.MAX_VALUE) {
      faults.at(at, "frame " + records, length + " bytes", "below 2 GiB");
      return;
    }
    try {
      CodedInputStream in =
          CodedInputStream.newInstance(bytes.asSlice(at, length).asByteBuffer().asReadOnlyBuffer());
      frame(in);
    } catch (InvalidProtocolBufferException e) {
      faults.add(records, at, at + length, "frame", String.valueOf(e.getMessage()), "a Frame");
      return;
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory cannot fail to be read", e);
    }
    if (micros <= 0 || micros > Long.MAX_VALUE / NS_PER_MICRO) {
      faults.add(
          records,
          at,
          at + length,
          "timestamp_micros of the frame",
          Long.toString(micros),
          "above 0, microseconds");
      return;
    }
    String name = segment.isEmpty() ? input.setName() : segment;
    lasers.forEach(label -> add(name, LabelSet.Frame.EGO, label, at, length));
    cameras.forEach((camera, list) ->
        list.forEach(label ->
            add(name + "/" + named(CAMERAS, camera), LabelSet.Frame.IMAGE, label, at, length)));
  }

  private void frame(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case FRAME_CONTEXT -> within(in, tag, this::context);
        case FRAME_MICROS -> {
          if (isVarint(in, tag)) {
            micros = in.readInt64();
          }
        }
        case FRAME_LASER_LABELS -> lasers.addAll(label(in, tag));
        case FRAME_CAMERA_LABELS -> within(in, tag, this::camera);
        default -> in.skipField(tag);
      }
    }
  }

  private interface Part {
    void read(CodedInputStream in) throws IOException;
  }

  /// Reads a message within, or passes over a field that is none.
  private static void within(CodedInputStream in, int tag, Part part) throws IOException {
    if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      in.skipField(tag);
      return;
    }
    int limit = in.pushLimit(in.readRawVarint32());
    part.read(in);
    in.checkLastTagWas(0);
    in.popLimit(limit);
  }

  private static boolean isVarint(CodedInputStream in, int tag) throws IOException {
    boolean varint = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT;
    if (!varint) {
      in.skipField(tag);
    }
    return varint;
  }

  private void context(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == lengthDelimited(CONTEXT_NAME)) {
        segment = in.readString();
      } else {
        in.skipField(tag);
      }
    }
  }

  private static int lengthDelimited(int number) {
    return number << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  private void camera(CodedInputStream in) throws IOException {
    int camera = 0;
    List<Label> list = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case CAMERA_NAME -> camera = isVarint(in, tag) ? in.readEnum() : camera;
        case CAMERA_LABELS -> list.addAll(label(in, tag));
        default -> in.skipField(tag);
      }
    }
    cameras.computeIfAbsent(camera, c -> new ArrayList<>()).addAll(list);
  }

  private List<Label> label(CodedInputStream in, int outerTag) throws IOException {
    List<Label> read = new ArrayList<>(1);
    within(in, outerTag, label -> read.add(label(label)));
    return read;
  }

  private static Label label(CodedInputStream in) throws IOException {
    Label label = new Label();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case LABEL_BOX -> {
          label.placed = true;
          within(in, tag, box -> doubles(box, label.box));
        }
        case LABEL_METADATA -> {
          double[] values = new double[METADATA.size() + 1];
          Arrays.fill(values, Double.NaN);
          within(in, tag, metadata -> doubles(metadata, values));
          for (int i = 1; i < values.length; i++) {
            if (!Double.isNaN(values[i])) {
              label.attributes.add(new Attribute(METADATA.get(i - 1), Double.toString(values[i])));
            }
          }
        }
        case LABEL_TYPE -> label.type = isVarint(in, tag) ? in.readEnum() : label.type;
        case LABEL_ID -> {
          if (tag == lengthDelimited(LABEL_ID)) {
            label.id = in.readString();
          } else {
            in.skipField(tag);
          }
        }
        case LABEL_DETECTION_DIFFICULTY -> difficulty(in, tag, "detection_difficulty", label);
        case LABEL_TRACKING_DIFFICULTY -> difficulty(in, tag, "tracking_difficulty", label);
        case LABEL_POINTS -> label.points = isVarint(in, tag) ? in.readInt32() : label.points;
        default -> in.skipField(tag);
      }
    }
    return label;
  }

  private static void difficulty(CodedInputStream in, int tag, String name, Label label)
      throws IOException {
    if (isVarint(in, tag)) {
      label.attributes.add(new Attribute(name, Integer.toString(in.readEnum())));
    }
  }

  /// Reads fields that are doubles into their numbers.
  private static void doubles(CodedInputStream in, double[] values) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int number = WireFormat.getTagFieldNumber(tag);
      if (number < values.length && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_FIXED64) {
        values[number] = in.readDouble();
      } else {
        in.skipField(tag);
      }
    }
  }

  private void add(String setName, LabelSet.Frame frame, Label label, long at, long length) {
    labels++;
    LabelSet set = set(setName, frame);
    if (set == null || !label.placed) {
      String what = set == null ? "label sets" : "box of label " + labels;
      String seen = set == null ? "more than " + MAX_SETS : "none";
      faults.add(records, at, at + length, what, seen, set == null ? "at most that" : "a box");
      return;
    }
    int row =
        set.add(
            micros * NS_PER_MICRO,
            records,
            label.id.isEmpty() ? null : label.id,
            named(TYPES, label.type),
            input.file(),
            records);
    double[] b = label.box;
    if (frame == LabelSet.Frame.EGO) {
      set.setBox3d(
          row,
          b[BOX_X],
          b[BOX_Y],
          b[BOX_Z],
          b[BOX_LENGTH],
          b[BOX_WIDTH],
          b[BOX_HEIGHT],
          b[BOX_HEADING]);
      set.setPoints(row, Math.max(-1, label.points));
    } else {
      // In images, the length lies across and the width upright.
      double x = b[BOX_LENGTH] / 2;
      double y = b[BOX_WIDTH] / 2;
      set.setBox2d(row, b[BOX_X] - x, b[BOX_Y] - y, b[BOX_X] + x, b[BOX_Y] + y);
    }
    set.details().setSource(row, at, length);
    set.details().setAttributes(row, label.attributes);
  }

  private @Nullable LabelSet set(String name, LabelSet.Frame frame) {
    LabelSet set = sets.get(name);
    if (set == null && sets.size() < MAX_SETS) {
      set = new LabelSet(name, frame, StampSource.COLUMN);
      sets.put(name, set);
    }
    return set;
  }
}
