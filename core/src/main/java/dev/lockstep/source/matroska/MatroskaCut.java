package dev.lockstep.source.matroska;

import static dev.lockstep.source.matroska.MatroskaLayout.*;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.model.Order;
import dev.lockstep.payload.ZeroRuns;
import dev.lockstep.source.CutSums;
import dev.lockstep.source.OffsetMap;
import dev.lockstep.source.PieceCutter;
import dev.lockstep.source.matroska.MatroskaPieces.Child;
import dev.lockstep.source.matroska.MatroskaPieces.Top;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One cut of a Matroska file that is written: clusters with the blocks that stay, the tracks that
/// these belong to, and what points to elements or tells of lengths, made to fit.
///
/// Sizes, positions, lengths and checksums that were wrong are wrong in the same way. Elements that
/// cannot be read stay by their first bytes.
final class MatroskaCut {
  /// Bytes that stay of what cannot be read.
  private static final int TAIL_BYTES = 64;

  /// Cues that lead to no cluster, of which so many stay (judged: each shows the same).
  private static final int STRAY_CUES = 16;

  /// Bytes of a block in front of its frame at most: number of the track, time, flags.
  private static final int BLOCK_HEAD_BYTES = 11;

  /// Longest piece that is copied at once.
  private static final int COPY_BYTES = 1 << 16;

  private final MatroskaPieces source;
  private final MemorySegment file;
  private final BitSet kept;
  private final BitSet shortened;
  private final Set<Long> gone = new HashSet<>();
  private long lastTicks = Long.MIN_VALUE;
  private long newLastTicks = Long.MIN_VALUE;

  /// Where bytes lie in the cut, by the first layout.
  private OffsetMap places;

  private long newSegmentBody;

  MatroskaCut(MatroskaPieces source, BitSet kept, BitSet shortened) {
    this.source = source;
    this.file = source.file.segment();
    this.kept = kept;
    this.shortened = shortened;
    this.places = new OffsetMap();
    Set<Long> had = new HashSet<>();
    Set<Long> have = new HashSet<>();
    for (Top top : source.tops) {
      for (Child child : top.children()) {
        long track = source.track(child.piece());
        long ticks = source.ticks(child.piece());
        had.add(track);
        lastTicks = Math.max(lastTicks, ticks);
        if (kept.get(child.piece())) {
          have.add(track);
          newLastTicks = Math.max(newLastTicks, ticks);
        }
      }
    }
    gone.addAll(had);
    gone.removeAll(have);
  }

  /// Writes the file, holding one of its elements at a time.
  void write(Path target) throws IOException {
    // Lengths do not depend on places: those of the first round are good for the second.
    OffsetMap layout = new OffsetMap();
    for (Top top : source.tops) {
      long length = isVerbatim(top) ? top.to() - top.from() : top(top).length;
      layout.add(top.from(), top.to(), length);
      if (top.is(SEGMENT) && newSegmentBody == 0) {
        newSegmentBody = layout.endAt();
      }
    }
    places = layout;
    try (OutputStream out = Files.newOutputStream(target)) {
      for (Top top : source.tops) {
        if (isVerbatim(top)) {
          copy(top, out);
          continue;
        }
        byte[] bytes = top(top);
        Element element = top.element();
        if (element != null && element.id() == SEGMENT && !element.isUnknown()) {
          segment(bytes, element);
        }
        out.write(bytes);
      }
    }
  }

  /// Whether an element stays as it is, whatever its length.
  private boolean isVerbatim(Top top) {
    Element element = top.element();
    return element != null
        && top.piece() >= 0
        && kept.get(top.piece())
        && element.id() != CLUSTER
        && element.fits(top.to());
  }

  private void copy(Top top, OutputStream out) throws IOException {
    for (long at = top.from(); at < top.to(); at += COPY_BYTES) {
      out.write(raw(at, Math.min(top.to(), at + COPY_BYTES)));
    }
  }

  /// Makes the size of a segment fit, which holds what follows it.
  private void segment(byte[] bytes, Element segment) {
    long end = segment.end(file.byteSize());
    long length = places.place(end) - places.place(segment.at()) - bytes.length;
    resize(bytes, segment, length + segment.size() - (end - segment.body()));
  }

  private byte[] top(Top top) {
    Element element = top.element();
    if (top.piece() >= 0 && !kept.get(top.piece())) {
      return new byte[0];
    }
    if (element == null) {
      return stray(top.from(), top.to());
    }
    boolean cut = !element.isUnknown() && !element.fits(top.to()) && element.id() != SEGMENT;
    return switch (element.id()) {
      case CLUSTER -> cluster(top, element);
      case INFO -> cut ? truncated(element, top) : info(element, top.to());
      case TRACKS -> cut ? truncated(element, top) : tracks(element, top.to());
      case SEEK_HEAD -> cut ? truncated(element, top) : seekHead(element, top.to());
      case CUES -> cut ? truncated(element, top) : cues(element, top.to());
      default -> cut ? truncated(element, top) : raw(top.from(), top.to());
    };
  }

  private byte[] raw(long from, long to) {
    return file.asSlice(from, to - from).toArray(U8);
  }

  /// The begin of bytes that cannot be read, and of what follows the zeros that they begin with.
  private byte[] stray(long from, long to) {
    byte[] first = raw(from, Math.min(to, from + TAIL_BYTES));
    long zeros = ZeroRuns.end(file, from);
    long next = Math.max(from + first.length, zeros);
    return zeros == from || next >= to
        ? first
        : MatroskaWriter.joined(first, raw(next, Math.min(to, next + TAIL_BYTES)));
  }

  /// The begin of an element that something cuts off.
  private byte[] truncated(Element element, Top top) {
    byte[] bytes = raw(top.from(), Math.min(top.to(), element.body() + TAIL_BYTES));
    long here = bytes.length - (element.body() - element.at());
    resize(bytes, element, here + element.size() - (top.to() - element.body()));
    return bytes;
  }

  /// Writes the size into the head of an element, in as many bytes as it had.
  private static void resize(byte[] bytes, Element element, long size) {
    int head = (int) (element.body() - element.at());
    int idBytes = Element.length(bytes[0] & 0xFF);
    long value = Math.max(0, size);
    for (int i = head - 1; i > idBytes; i--) {
      bytes[i] = (byte) value;
      value >>>= Byte.SIZE;
    }
    int sizeBytes = head - idBytes;
    int mark = 1 << (Byte.SIZE - sizeBytes);
    bytes[idBytes] = (byte) (mark | value & (mark - 1));
  }

  /// An element around a new body, of the same size in words where it was wrong by some number.
  private byte[] around(Element element, long end, byte[] body) {
    byte[] head = raw(element.at(), element.body());
    if (!element.isUnknown()) {
      resize(head, element, body.length + element.size() - (end - element.body()));
    }
    return MatroskaWriter.joined(head, body);
  }

  /// Bytes of a body, with the places that they had.
  private static final class Body {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final OffsetMap layout = new OffsetMap();

    void add(long from, long to, byte[] some) {
      layout.add(from, to, some.length);
      bytes.writeBytes(some);
    }
  }

  /// The element with a checksum that is right or wrong as it was.
  private byte[] summed(Element element, long end, Body body) {
    byte[] bytes = body.bytes.toByteArray();
    Boolean right = SegmentMap.matches(file, element.body(), end);
    if (right != null && element.fits(end) && bytes.length >= CRC_ELEMENT_BYTES) {
      long from = element.body() + CRC_ELEMENT_BYTES;
      MemorySegment now = MemorySegment.ofArray(bytes);
      int rest = bytes.length - CRC_ELEMENT_BYTES;
      int sum =
          CutSums.stored(
              file.get(U32_LE, from - Integer.BYTES),
              Crc32.of(file, from, end - from),
              end - from,
              Crc32.of(now, CRC_ELEMENT_BYTES, rest),
              rest,
              place ->
                  body.layout.byteAt(from + place) != -1
                      ? body.layout.place(from + place) - CRC_ELEMENT_BYTES
                      : -1);
      now.set(U32_LE, CRC_ELEMENT_BYTES - Integer.BYTES, sum);
    }
    return around(element, end, bytes);
  }

  private byte[] cluster(Top top, Element cluster) {
    Body body = new Body();
    int next = 0;
    long at = cluster.body();
    List<Child> blocks = top.children();
    for (Element each : source.children(cluster, top.to())) {
      long end = each.end(top.to());
      at = end;
      if (next < blocks.size() && blocks.get(next).element().at() == each.at()) {
        int piece = blocks.get(next++).piece();
        if (kept.get(piece)) {
          body.add(each.at(), end, shortened.get(piece) ? shorter(each) : raw(each.at(), end));
        }
      } else if (each.id() != VOID && each.id() != CLUSTER_POSITION && each.id() != PREVIOUS_SIZE) {
        body.add(each.at(), end, raw(each.at(), end));
      }
    }
    if (at < top.to()) {
      body.add(at, top.to(), tail(at, top.to()));
    }
    return summed(cluster, top.to(), body);
  }

  /// The begin of what cannot be read in a cluster.
  private byte[] tail(long at, long end) {
    Element element = Element.at(file, at, end);
    return element == null
        ? stray(at, end)
        : truncated(element, new Top(at, end, element, -1, List.of()));
  }

  /// A block with the begin of its frame only.
  private byte[] shorter(Element block) {
    long end = block.body() + Math.min(block.size(), BLOCK_HEAD_BYTES + PieceCutter.SHORT_BYTES);
    if (block.id() == SIMPLE_BLOCK) {
      byte[] bytes = raw(block.at(), end);
      resize(bytes, block, end - block.body());
      return bytes;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    Children children = new Children(file, block, block.body() + block.size(), source.faults);
    for (Element each = children.next(); each != null; each = children.next()) {
      long to = each.body() + Math.min(each.size(), BLOCK_HEAD_BYTES + PieceCutter.SHORT_BYTES);
      byte[] bytes = raw(each.at(), to);
      resize(bytes, each, to - each.body());
      body.writeBytes(bytes);
    }
    byte[] head = raw(block.at(), block.body());
    resize(head, block, body.size());
    return MatroskaWriter.joined(head, body.toByteArray());
  }

  private byte[] tracks(Element list, long end) {
    Body body = new Body();
    Children children = new Children(file, list, end, source.faults);
    long at = list.body();
    for (Element each = children.next(); each != null; each = children.next()) {
      at = each.body() + each.size();
      boolean left = each.id() == TRACK_ENTRY && gone.contains(child(each, TRACK_NUMBER));
      if (!left) {
        body.add(each.at(), at, raw(each.at(), at));
      }
    }
    body.add(at, end, raw(at, end));
    return summed(list, end, body);
  }

  /// The number in a child of an element, -1 where it has none.
  private long child(Element parent, int id) {
    Element child = element(parent, id);
    return child == null ? -1 : child.unsigned(file);
  }

  private @Nullable Element element(Element parent, int id) {
    Children children = new Children(file, parent, parent.body() + parent.size(), source.faults);
    for (Element child = children.next(); child != null; child = children.next()) {
      if (child.id() == id) {
        return child;
      }
    }
    return null;
  }

  /// What the file says of itself; its length is shorter by what is left out.
  private byte[] info(Element info, long end) {
    byte[] bytes = raw(info.body(), end);
    Element duration = element(info, DURATION);
    if (duration != null && newLastTicks > Long.MIN_VALUE) {
      MemorySegment segment = MemorySegment.ofArray(bytes);
      long at = duration.body() - info.body();
      long shorter = lastTicks - newLastTicks;
      if (duration.size() == Float.BYTES) {
        segment.set(F32, at, Math.max(0, segment.get(F32, at) - shorter));
      } else if (duration.size() == Double.BYTES) {
        segment.set(F64, at, Math.max(0, segment.get(F64, at) - shorter));
      }
    }
    Body body = new Body();
    body.add(info.body(), end, bytes);
    return summed(info, end, body);
  }

  /// Where an element stays that begins at a place; -1 if it is left out.
  private long placeOf(long position) {
    long at = source.map.segmentBody + position;
    Top top = topAt(at);
    if (top != null) {
      boolean left = top.piece() >= 0 && !kept.get(top.piece());
      boolean gone = left || places.endAt() > 0 && places.byteAt(at) == -1;
      return gone ? -1 : Math.max(0, places.place(at) - newSegmentBody);
    }
    long place = places.place(at);
    boolean seems = source.tops.stream().anyMatch(each -> places.place(each.from()) == place);
    // It led to no element, and still must not.
    return place + (seems ? 1 : 0) - newSegmentBody;
  }

  /// The stretch that begins at a place, or null.
  private @Nullable Top topAt(long at) {
    int i =
        Collections.binarySearch(
            source.tops, new Top(at, at, null, -1, List.of()), Order.byLong(Top::from));
    return i < 0 ? null : source.tops.get(i);
  }

  /// Writes a number into an element of a copy of the bytes from `base` on.
  private static void put(byte[] bytes, long base, Element element, long value) {
    long rest = value;
    int from = (int) (element.body() - base);
    for (int i = (int) element.size() - 1; i >= 0; i--) {
      bytes[from + i] = (byte) rest;
      rest >>>= Byte.SIZE;
    }
  }

  private byte[] seekHead(Element list, long end) {
    byte[] bytes = raw(list.body(), end);
    Children children = new Children(file, list, end, source.faults);
    for (Element seek = children.next(); seek != null; seek = children.next()) {
      Element position = seek.id() == SEEK ? element(seek, SEEK_POSITION) : null;
      if (position == null || position.unsigned(file) < 0) {
        continue;
      }
      long place = placeOf(position.unsigned(file));
      if (place >= 0) {
        put(bytes, list.body(), position, place);
      } else {
        empty(bytes, (int) (seek.at() - list.body()), seek);
      }
    }
    Body body = new Body();
    body.add(list.body(), end, bytes);
    return summed(list, end, body);
  }

  /// Puts nothing in place of an element with an id of two bytes.
  private static void empty(byte[] bytes, int at, Element element) {
    int to = at + (int) (element.body() - element.at() + element.size());
    Arrays.fill(bytes, at, to, (byte) 0);
    int size = to - at - 3;
    bytes[at] = (byte) VOID;
    bytes[at + 1] = (byte) (0x40 | size >> Byte.SIZE);
    bytes[at + 2] = (byte) size;
  }

  /// The cues that lead to clusters which stay, and some of those that led to none; nothing if
  /// there were some, and none of them stays.
  private byte[] cues(Element list, long end) {
    Body body = new Body();
    int points = 0;
    int strays = 0;
    int stay = 0;
    Children children = new Children(file, list, end, source.faults);
    for (Element point = children.next(); point != null; point = children.next()) {
      long to = point.body() + point.size();
      byte[] bytes = raw(point.at(), to);
      boolean keep = true;
      if (point.id() == CUE_POINT) {
        points++;
        Children inside = new Children(file, point, to, source.faults);
        for (Element each = inside.next(); each != null; each = inside.next()) {
          Element cluster = each.id() == CUE_POSITIONS ? element(each, CUE_CLUSTER) : null;
          if (cluster == null) {
            continue;
          }
          long position = cluster.unsigned(file);
          boolean leads = source.map.clusters.begins(source.map.segmentBody + position);
          if (!leads && strays++ >= STRAY_CUES) {
            keep = false;
            continue;
          }
          long place = position < 0 ? position : placeOf(position);
          keep &= !leads || place >= 0;
          put(bytes, point.at(), cluster, place);
          Element relative = element(each, CUE_RELATIVE);
          if (relative != null) {
            // Where in its cluster the block was.
            bytes[(int) (relative.at() - point.at())] = (byte) VOID;
          }
        }
        stay += keep ? 1 : 0;
      }
      if (keep) {
        body.add(point.at(), to, bytes);
      }
    }
    return points > 0 && stay == 0 ? new byte[0] : summed(list, end, body);
  }
}
