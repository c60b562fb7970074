package dev.lockstep.source.matroska;

import static dev.lockstep.source.matroska.MatroskaLayout.*;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.payload.ZeroRuns;
import dev.lockstep.source.FaultTally;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The elements at the top of a file: what the tracks are, where the clusters lie, and how the file
/// ends. Clusters are not looked into unless they do not say how long they are.
final class SegmentMap {
  /// Tracks that are read (judged: the richest known files have some 40).
  private static final int MAX_TRACKS = 256;

  private final MemorySegment file;
  private final FaultTally faults;
  private final long limit;

  final Map<Long, Track> tracks = new LinkedHashMap<>();
  final Clusters clusters = new Clusters();

  /// Length of a tick, ns.
  long scaleNs = DEFAULT_SCALE_NS;

  /// Length as the file tells it, in ticks; NaN where it does not.
  double duration = Double.NaN;

  /// Where it does.
  long durationAt;

  /// Where the body of the segment begins; -1 if there is none.
  long segmentBody = -1;

  /// Whether the segment says how long it is.
  boolean open;

  /// Whether the file ends inside of an element.
  boolean truncated;

  /// Bytes that are in no element.
  long lostBytes;

  /// Bytes under a checksum that was verified, without those in clusters.
  long protectedBytes;

  private long segmentEnd;
  private boolean lost;
  private final List<Element> cues = new ArrayList<>();
  private final List<Element> seekHeads = new ArrayList<>();

  SegmentMap(MemorySegment file, FaultTally faults) {
    this.file = file;
    this.faults = faults;
    this.limit = file.byteSize();
    this.segmentEnd = limit;
  }

  /// Is told of the stretches of the file, in order.
  interface Stretches {
    /// Takes a stretch.
    ///
    /// @param element whether an element that can be read begins there
    void add(long from, long to, boolean element);
  }

  /// Walks the file.
  void read() {
    read((_, _, _) -> {});
  }

  /// Walks the file and tells of its elements at the top, and of the head of the segment, which
  /// holds them.
  void read(Stretches stretches) {
    faults.examined(DefectKind.MAGIC_DAMAGED, 1);
    Element head = Element.at(file, 0, limit);
    if (head == null || head.id() != EBML) {
      faults.add(
          DefectKind.MAGIC_DAMAGED,
          0,
          Math.min(4, limit),
          new Evidence.Violation(
              "begin of the file", hex(head == null ? 0 : head.id()), "an EBML head, 1A45DFA3"));
    }
    long at = 0;
    while (at < limit) {
      long next = step(at);
      boolean element = next > at;
      next = element ? next : recover(at);
      stretches.add(at, next, element);
      at = next;
    }
    faults.examined(DefectKind.FILE_TRUNCATED, 1);
    pointers();
  }

  /// Takes the element at `at`.
  ///
  /// @return where the next one begins; `at` if there is none
  private long step(long at) {
    if (at == segmentEnd && at < limit && segmentBody >= 0) {
      return behindSegment(at);
    }
    Element element = Element.at(file, at, limit);
    if (element == null) {
      return at;
    }
    if (element.id() == SEGMENT) {
      return segment(element);
    }
    if (TOP.contains(element.id())) {
      return top(element);
    }
    boolean known = element.id() == EBML || element.id() == VOID || element.id() == CRC_32;
    if (!element.fits(limit)) {
      return known && element.id() != CRC_32 ? cut(element) : at;
    }
    long end = element.end(limit);
    Element behind = Element.at(file, end, limit);
    boolean plausible =
        end == limit || behind != null && (TOP.contains(behind.id()) || behind.id() == SEGMENT);
    return known || plausible ? end : at;
  }

  private long behindSegment(long at) {
    Element next = Element.at(file, at, limit);
    if (next != null && next.id() == EBML) {
      // Files may be joined; the next one follows as if it belonged to this one.
      segmentEnd = limit;
      return step(at);
    }
    boolean zeros = ZeroRuns.end(file, at) == limit;
    faults.add(
        zeros ? DefectKind.ZERO_PAGES : DefectKind.TRAILING_BYTES,
        at,
        limit - at,
        new Evidence.OutOfRange("bytes behind the segment", limit - at, null, 0L, "bytes"));
    lostBytes += limit - at;
    return limit;
  }

  private long segment(Element element) {
    if (segmentBody < 0) {
      segmentBody = element.body();
    }
    open |= element.isUnknown();
    segmentEnd = element.end(limit);
    if (!element.isUnknown() && !element.fits(limit)) {
      truncated(element);
    }
    return element.body();
  }

  private void truncated(Element element) {
    if (!truncated) {
      truncated = true;
      faults.add(
          DefectKind.FILE_TRUNCATED,
          element.at(),
          limit - element.at(),
          new Evidence.Violation(
              name(element.id()),
              limit - element.body() + " bytes",
              Long.toUnsignedString(element.size()) + " bytes"));
    }
  }

  private long cut(Element element) {
    truncated(element);
    return limit;
  }

  private long top(Element element) {
    boolean cluster = element.id() == CLUSTER;
    long end = element.end(limit);
    boolean sized = element.fits(segmentEnd);
    if (!sized && cluster) {
      end = clusterEnd(element);
      if (!element.isUnknown() && end < limit) {
        faults.add(
            DefectKind.RECORD_LENGTH,
            element.at(),
            end - element.at(),
            new Evidence.OutOfRange(
                "size of Cluster", element.size(), 0, segmentEnd - element.body(), "bytes"));
      }
    }
    if (!sized && !element.isUnknown() && end == limit) {
      truncated(element);
    }
    if (!sized && !cluster) {
      if (end < limit || element.isUnknown()) {
        return element.at();
      }
      return limit;
    }
    if (cluster) {
      if (clusters.size() < Clusters.MAX) {
        clusters.add(element.at(), end, lost);
      } else if (clusters.size() == Clusters.MAX) {
        faults.add(
            DefectKind.CHUNK_TOO_LARGE,
            element.at(),
            limit - element.at(),
            new Evidence.OutOfRange("clusters", Clusters.MAX + 1L, null, Clusters.MAX, ""));
      }
      lost = false;
      return end;
    }
    checksum(element);
    switch (element.id()) {
      case INFO -> info(element);
      case TRACKS -> tracks(element);
      case CUES -> cues.add(element);
      case SEEK_HEAD -> seekHeads.add(element);
      default -> {}
    }
    return end;
  }

  /// Where a cluster ends that does not say so, or says what cannot be: at an element that cannot
  /// be inside.
  private long clusterEnd(Element cluster) {
    long at = cluster.body();
    while (at < limit) {
      Element child = Element.at(file, at, limit);
      if (child == null
          || TOP.contains(child.id())
          || child.id() == SEGMENT
          || child.id() == EBML) {
        return at;
      }
      if (!child.fits(limit)) {
        return limit;
      }
      at = child.end(limit);
    }
    return limit;
  }

  /// Goes on at the next element that can be one.
  private long recover(long from) {
    lost = true;
    long at = from + 1;
    while (at < limit && !begins(at)) {
      at++;
    }
    lostBytes += at - from;
    boolean zeros = ZeroRuns.end(file, from) >= at;
    faults.add(
        zeros ? DefectKind.ZERO_PAGES : DefectKind.RECORD_LENGTH,
        from,
        at - from,
        new Evidence.Violation(
            "element in the segment",
            zeros ? at - from + " zeros" : "no id and size",
            "an element"));
    return at;
  }

  private boolean begins(long at) {
    if ((u8(file, at) & 0xF0) != 0x10) {
      return false;
    }
    Element element = Element.at(file, at, limit);
    return element != null
        && (TOP.contains(element.id()) || element.id() == SEGMENT)
        && (element.isUnknown() || element.fits(limit) || element.id() == CLUSTER);
  }

  /// Verifies the checksum of an element, if it has one.
  private void checksum(Element element) {
    Boolean right = matches(file, element.body(), element.end(limit));
    if (right == null) {
      return;
    }
    faults.examined(DefectKind.CHUNK_CRC, 1);
    if (right) {
      protectedBytes += element.end(limit) - element.body();
    } else {
      faults.add(
          DefectKind.CHUNK_CRC,
          element.at(),
          element.end(limit) - element.at(),
          mismatch(file, element.id(), element.body(), element.end(limit)));
    }
  }

  /// Whether the CRC-32 element at the begin of a body fits the rest; null where there is none.
  static @Nullable Boolean matches(MemorySegment file, long body, long end) {
    Element first = Element.at(file, body, end);
    boolean there = first != null && first.id() == CRC_32 && first.fits(end);
    if (first == null || !there || first.body() + first.size() != body + CRC_ELEMENT_BYTES) {
      return null;
    }
    return file.get(U32_LE, first.body()) == computed(file, body, end);
  }

  private static int computed(MemorySegment file, long body, long end) {
    return Crc32.of(file, body + CRC_ELEMENT_BYTES, end - body - CRC_ELEMENT_BYTES);
  }

  static Evidence mismatch(MemorySegment file, int id, long body, long end) {
    return Evidence.Mismatch.ofCrc(
        "CRC-32 of " + name(id),
        file.get(U32_LE, body + CRC_ELEMENT_BYTES - Integer.BYTES),
        computed(file, body, end));
  }

  private void info(Element info) {
    Children children = new Children(file, info, limit, faults);
    for (Element child = children.next(); child != null; child = children.next()) {
      if (child.id() == DURATION && (child.size() == 4 || child.size() == 8)) {
        duration = child.size() == 4 ? file.get(F32, child.body()) : file.get(F64, child.body());
        durationAt = child.at();
        if (!(duration >= 0) || Double.isInfinite(duration)) {
          faults.add(
              DefectKind.RECORD_MALFORMED,
              child.at(),
              child.end(limit) - child.at(),
              new Evidence.Violation("Duration", Double.toString(duration), "a length"));
          duration = Double.NaN;
        }
      } else if (child.id() == TIMESTAMP_SCALE) {
        long scale = child.unsigned(file);
        if (scale > 0 && scale <= Integer.MAX_VALUE) {
          scaleNs = scale;
        } else {
          faults.add(
              DefectKind.RECORD_MALFORMED,
              child.at(),
              child.end(limit) - child.at(),
              new Evidence.OutOfRange("TimestampScale", scale, 1, Integer.MAX_VALUE, "ns"));
        }
      }
    }
  }

  private void tracks(Element list) {
    Children children = new Children(file, list, limit, faults);
    for (Element child = children.next(); child != null; child = children.next()) {
      if (child.id() != TRACK_ENTRY) {
        continue;
      }
      faults.examined(DefectKind.RECORD_DUPLICATED, 1);
      Track track = Track.of(file, child, limit, faults);
      if (track != null && tracks.size() < MAX_TRACKS) {
        // Live streams repeat their tracks.
        tracks.putIfAbsent(track.number(), track);
      }
    }
  }

  /// Holds what points to other elements against where they are.
  private void pointers() {
    for (Element list : cues) {
      cues(list);
    }
    for (Element list : seekHeads) {
      seeks(list);
    }
  }

  private void cues(Element list) {
    long points = 0;
    long wrong = 0;
    Children children = new Children(file, list, limit, faults);
    for (Element point = children.next(); point != null; point = children.next()) {
      if (point.id() != CUE_POINT) {
        continue;
      }
      Children inside = new Children(file, point, limit, faults);
      for (Element child = inside.next(); child != null; child = inside.next()) {
        long position = child.id() == CUE_POSITIONS ? position(child, CUE_CLUSTER) : -1;
        if (position >= 0 && position < limit) {
          points++;
          wrong += clusters.begins(segmentBody + position) ? 0 : 1;
        }
      }
    }
    index(list, "cue points that lead to no cluster", points, wrong);
  }

  private void seeks(Element list) {
    long points = 0;
    long wrong = 0;
    Children children = new Children(file, list, limit, faults);
    for (Element seek = children.next(); seek != null; seek = children.next()) {
      long position = seek.id() == SEEK ? position(seek, SEEK_POSITION) : -1;
      long id = seek.id() == SEEK ? position(seek, SEEK_ID) : -1;
      if (position >= 0 && position < limit - Math.max(0, segmentBody)) {
        points++;
        Element there = Element.at(file, segmentBody + position, limit);
        wrong += there == null || there.id() != (int) id ? 1 : 0;
      }
    }
    index(list, "entries of SeekHead that lead elsewhere", points, wrong);
  }

  private long position(Element parent, int id) {
    Children children = new Children(file, parent, limit, faults);
    for (Element child = children.next(); child != null; child = children.next()) {
      if (child.id() == id) {
        return child.unsigned(file);
      }
    }
    return -1;
  }

  private void index(Element list, String what, long points, long wrong) {
    faults.examined(DefectKind.SEGMENT_INDEX, points);
    if (wrong > 0) {
      faults.add(
          DefectKind.SEGMENT_INDEX,
          list.at(),
          list.end(limit) - list.at(),
          new Evidence.Violation(what, wrong + " of " + points, "none"));
    }
  }
}
