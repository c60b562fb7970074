package dev.lockstep.source.labelfile;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.lockstep.checksum.Crc32c;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.source.Opening;
import dev.lockstep.source.RecordingCutter;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Cuts TFRecord files of frames along the numbers of their records, and leaves fields of frames
/// out: images, range images, labels.
///
/// ```text
/// record   u64 length | u32 masked CRC32C of those 8 bytes | payload | u32 masked CRC32C of it
/// ```
///
/// Sums of what is written anew are right, or wrong by what they were wrong by. Of a record whose
/// payload does not match its sum, and of what cannot be read behind the last record, the first
/// bytes stay.
final class RecordCutter implements RecordingCutter {
  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int HEAD_BYTES = LENGTH_BYTES + Integer.BYTES;
  private static final int TAIL_BYTES = Integer.BYTES;

  /// Bytes that stay of what cannot be read.
  private static final int STRAY_BYTES = 64;

  /// Longest record that is cut, and held in memory. Judged: frames of Waymo have 4 MB.
  private static final long MAX_RECORD_BYTES = 128L << 20;

  /// Parts that are told apart at most. Judged: a frame has some hundred fields.
  private static final int MAX_PARTS = 1 << 18;

  /// Fields that say which frame it is: its context, and its time.
  private static final Set<Integer> NEEDED = Set.of(1, 2);

  /// Fields that hold others which can be left out: the context, and the labels of a camera.
  private static final Set<Integer> HOLDERS = Set.of(1, 8);

  /// The field of those that says which one it is.
  private static final int NAME = 1;

  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MappedFile file;
  private final List<String> sets;
  private final List<Entry> records = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final List<List<Field>> fields = new ArrayList<>();

  /// A record.
  ///
  /// @param length length of the payload; -1 where what is there is no record
  /// @param sound whether the payload matches its sum
  private record Entry(long at, long end, long length, boolean sound) {}

  /// A field of a frame, with those in it that can be left out.
  ///
  /// @param part its number among the parts, -1 where it stays with the frame
  private record Field(int part, int number, long from, long to, List<Field> fields) {}

  private RecordCutter(MappedFile file, List<String> sets) {
    this.file = file;
    this.sets = sets;
  }

  /// Opens a file; null if a record of it is too long.
  ///
  /// @param sets names of its label sets
  /// @throws IOException if it cannot be read
  static @Nullable RecordCutter open(Path path, List<String> sets) throws IOException {
    RecordCutter cutter = new RecordCutter(MappedFile.open(path), sets);
    return Opening.keepIf(
        () -> {
          cutter.file.guard(cutter::read);
          return cutter.records.stream().allMatch(each -> each.length() <= MAX_RECORD_BYTES);
        },
        cutter,
        cutter::close);
  }

  private void read() {
    MemorySegment bytes = file.segment();
    long size = bytes.byteSize();
    for (long at = 0; at < size; at = records.getLast().end()) {
      long room = size - at - HEAD_BYTES - TAIL_BYTES;
      long length = room < 0 ? -1 : bytes.get(U64, at);
      if (length < 0 || length > room) {
        records.add(new Entry(at, size, -1, false));
        return;
      }
      long payload = at + HEAD_BYTES;
      boolean sound = difference(payload, length) == 0;
      records.add(new Entry(at, payload + length + TAIL_BYTES, length, sound));
      if (!sound && difference(at, LENGTH_BYTES) != 0) {
        // Nobody knows where the next one begins.
        return;
      }
    }
  }

  /// What the sum behind a range is wrong by; 0 where it is right.
  private int difference(long at, long length) {
    MemorySegment bytes = file.segment();
    return Crc32c.unmasked(bytes.get(U32, at + length)) ^ Crc32c.of(bytes, at, length);
  }

  @Override
  public List<String> streams() {
    return sets;
  }

  @Override
  public Window whole() {
    return new Window(0, Math.max(0, records.size() - 1));
  }

  /// Rows of labels are told by their records.
  @Override
  public long axisOf(String stream, long index) {
    return Math.clamp(index, 0, whole().last());
  }

  @Override
  public long axisOfByte(String name, long offsetBytes) {
    int at = 0;
    while (at + 1 < records.size() && records.get(at + 1).at() <= offsetBytes) {
      at++;
    }
    return at;
  }

  @Override
  public long step(String stream) {
    return 1;
  }

  @Override
  public boolean hasContainer() {
    return false;
  }

  @Override
  public Path cut(Plan plan, Path folder) throws IOException {
    return write(
        folder,
        out -> {
          for (int i = 0; i < records.size(); i++) {
            Entry record = records.get(i);
            if (plan.window().contains(i)) {
              out.write(record.sound() ? raw(record.at(), record.end()) : damaged(record));
            }
          }
        });
  }

  /// The records, then the fields of their frames.
  @Override
  public List<Part> parts() throws IOException {
    if (parts.isEmpty()) {
      file.guard(() -> {
        for (Entry record : records) {
          parts.add(new Part("record", record.end() - record.at(), false));
        }
        for (int i = 0; i < records.size(); i++) {
          fields.add(records.get(i).sound() ? fields(i) : List.of());
        }
      });
    }
    return parts.size() > MAX_PARTS ? List.of() : parts;
  }

  private List<Field> fields(int record) throws IOException {
    Entry entry = records.get(record);
    long from = entry.at() + HEAD_BYTES;
    int before = parts.size();
    try {
      return fields(from, from + entry.length(), record, true);
    } catch (InvalidProtocolBufferException e) {
      // It is no frame, and stays whole.
      parts.subList(before, parts.size()).clear();
      return List.of();
    }
  }

  private List<Field> fields(long from, long to, int parent, boolean top) throws IOException {
    List<Field> found = new ArrayList<>();
    CodedInputStream in = input(from, to);
    long at = from;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int number = WireFormat.getTagFieldNumber(tag);
      in.skipField(tag);
      long end = from + in.getTotalBytesRead();
      boolean needed = top ? NEEDED.contains(number) : number == NAME;
      int part = needed ? -1 : parts.size();
      if (!needed) {
        parts.add(new Part("field " + number, end - at, false, parent));
      }
      boolean holds = top && HOLDERS.contains(number) && isMessage(tag);
      found.add(
          new Field(
              part,
              number,
              at,
              end,
              holds ? fields(content(at, end), end, needed ? parent : part, false) : List.of()));
      at = end;
    }
    return found;
  }

  private static boolean isMessage(int tag) {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  private CodedInputStream input(long from, long to) {
    return CodedInputStream.newInstance(
        file.segment().asSlice(from, to - from).asByteBuffer().asReadOnlyBuffer());
  }

  /// Where the content of a field begins that is a message.
  private long content(long from, long to) throws IOException {
    CodedInputStream in = input(from, to);
    in.readTag();
    in.readRawVarint32();
    return from + in.getTotalBytesRead();
  }

  @Override
  public Path cut(BitSet kept, Path folder) throws IOException {
    return write(
        folder,
        out -> {
          for (int i = 0; i < records.size(); i++) {
            Entry record = records.get(i);
            if (!kept.get(i)) {
              continue;
            }
            if (!record.sound()) {
              out.write(damaged(record));
            } else if (fields.get(i).isEmpty()) {
              out.write(raw(record.at(), record.end()));
            } else {
              write(record, payload(fields.get(i), kept), 0, out);
            }
          }
        });
  }

  private byte[] payload(List<Field> some, BitSet kept) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Field field : some) {
      if (field.part() >= 0 && !kept.get(field.part())) {
        continue;
      }
      if (field.fields().isEmpty()) {
        out.write(raw(field.from(), field.to()));
        continue;
      }
      byte[] content = payload(field.fields(), kept);
      varint(field.number() << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED, out);
      varint(content.length, out);
      out.write(content);
    }
    return out.toByteArray();
  }

  private static void varint(int value, ByteArrayOutputStream out) {
    int rest = value;
    for (; (rest & ~0x7F) != 0; rest >>>= 7) {
      out.write(rest & 0x7F | 0x80);
    }
    out.write(rest);
  }

  private interface Content {
    void write(OutputStream out) throws IOException;
  }

  private Path write(Path folder, Content content) throws IOException {
    Path target = folder.resolve(file.name());
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
      file.guard(() -> content.write(out));
    }
    return target;
  }

  private byte[] raw(long from, long to) {
    return file.segment().asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
  }

  /// The first bytes of a record that is damaged.
  private byte[] damaged(Entry record) throws IOException {
    if (record.length() < 0) {
      // Its length is beyond the end of the file, and more so of the cut.
      return raw(record.at(), Math.min(record.end(), record.at() + HEAD_BYTES + STRAY_BYTES));
    }
    long from = record.at() + HEAD_BYTES;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(
        record,
        raw(from, from + Math.min(record.length(), STRAY_BYTES)),
        difference(from, record.length()),
        out);
    return out.toByteArray();
  }

  /// Writes a record around a payload.
  ///
  /// @param wrong what the sum of the payload is wrong by
  private void write(Entry record, byte[] payload, int wrong, OutputStream out) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(HEAD_BYTES + payload.length + TAIL_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    MemorySegment segment = MemorySegment.ofBuffer(bytes);
    bytes.putLong(payload.length);
    int ofLength = Crc32c.of(segment, 0, LENGTH_BYTES);
    bytes.putInt(Crc32c.masked(ofLength ^ difference(record.at(), LENGTH_BYTES)));
    bytes.put(payload);
    bytes.putInt(Crc32c.masked(Crc32c.of(MemorySegment.ofArray(payload)) ^ wrong));
    out.write(bytes.array());
  }

  @Override
  public void close() {
    file.close();
  }
}
