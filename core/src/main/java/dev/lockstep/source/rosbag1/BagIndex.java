package dev.lockstep.source.rosbag1;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.source.RecordingSink;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The index at the end of a bag, and what it says of the chunks. Holds some 100 bytes a chunk.
final class BagIndex {
  /// Chunk infos without a chunk that are told at most.
  private static final int MAX_PLACES = 64;

  private final String file;
  private final Connections connections;
  private final BagRecord ahead = new BagRecord();

  /// What the index says of a chunk that was not met yet: count of messages, first and last time,
  /// where the info lies.
  private final Map<Long, long[]> infos = new HashMap<>();

  private boolean usable;
  private long saidConnections = -1;
  private long saidChunks = -1;

  /// @param connections takes up the connections of the index
  BagIndex(String file, Connections connections) {
    this.file = file;
    this.connections = connections;
  }

  /// Whether the index can be used: all connections are known then.
  boolean isUsable() {
    return usable;
  }

  private Location at(long from, long to) {
    return Location.bytes(file, from, to - from);
  }

  /// Reads connections and chunk infos before all chunks.
  ///
  /// @param header the bag header, or null if there is none
  /// @param next where the records behind it begin
  /// @param limit end of the file
  /// @param defects takes what is wrong with the index
  /// @return where the chunks end: where the index begins, if it can be used
  long read(
      MemorySegment bytes,
      @Nullable BagRecord header,
      long next,
      long limit,
      List<Defect> defects) {
    if (header == null) {
      return limit;
    }
    saidConnections = header.connCount;
    saidChunks = header.chunkCount;
    long indexPos = header.indexPos;
    if (indexPos == 0) {
      defects.add(
          Defect.of(
              DefectKind.FILE_TRUNCATED,
              at(BagLayout.MAGIC.length, next),
              new Evidence.Violation(
                  "index position",
                  "0: the recorder did not close the file",
                  "the place of the index; `rosbag reindex` makes it")));
      return limit;
    }
    if (indexPos < 0) {
      return limit;
    }
    long position = indexPos;
    boolean sound = position >= next && position <= limit;
    while (sound && position < limit) {
      sound =
          ahead.read(bytes, position, limit) == BagRecord.State.WHOLE
              && (ahead.op == BagLayout.CONNECTION || ahead.op == BagLayout.CHUNK_INFO);
      if (!sound) {
        break;
      }
      if (ahead.op == BagLayout.CONNECTION) {
        String wrong = connections.define(ahead, bytes, at(ahead.at, ahead.end));
        sound = wrong == null;
      } else {
        info(bytes);
      }
      position = ahead.end;
    }
    if (sound) {
      usable = true;
      return indexPos;
    }
    if (position >= limit || position < next || position == indexPos) {
      defects.add(
          Defect.of(
              position >= limit && indexPos >= limit
                  ? DefectKind.FILE_TRUNCATED
                  : DefectKind.FOOTER_POINTER,
              at(BagLayout.MAGIC.length, next),
              new Evidence.Violation(
                  "index position",
                  Long.toUnsignedString(indexPos),
                  "the first connection behind all chunks, within " + limit + " bytes")));
    } else {
      defects.add(
          Defect.of(
              DefectKind.RECORD_MALFORMED,
              at(position, limit),
              new Evidence.Violation(
                  "index at byte " + position, "no record", "connections and chunk infos")));
    }
    infos.clear();
    return limit;
  }

  private void info(MemorySegment bytes) {
    long all = 0;
    long entries = ahead.dataBytes / BagLayout.CHUNK_COUNT_BYTES;
    for (long entry = 0; entry < entries; entry++) {
      all +=
          Integer.toUnsignedLong(
              bytes.get(
                  BagLayout.U32,
                  ahead.dataAt + entry * BagLayout.CHUNK_COUNT_BYTES + Integer.BYTES));
    }
    infos.put(
        ahead.chunkPos,
        new long[] {
          all, BagLayout.ns(ahead.startTime), BagLayout.ns(ahead.endTime), ahead.at, ahead.end
        });
  }

  /// Compares what the index says of a chunk with it.
  void compare(ChunkUnit unit, RecordingSink sink) {
    if (!usable) {
      return;
    }
    long[] says = infos.remove(unit.at);
    if (says == null) {
      sink.defect(
          Defect.of(
              DefectKind.CHUNK_INDEX_MISSING,
              at(unit.at, unit.end),
              new Evidence.Violation(
                  "chunk info", "none for the chunk at byte " + unit.at, "one a chunk")));
      return;
    }
    if (unit.damaged) {
      return;
    }
    if (says[0] != unit.messages) {
      sink.defect(
          Defect.of(
              DefectKind.CHUNK_INDEX,
              at(says[3], says[4]),
              Evidence.Mismatch.ofCount(
                  "messages of the chunk at byte " + unit.at, says[0], unit.messages)));
    } else if (unit.messages > 0 && (says[1] != unit.firstNs || says[2] != unit.lastNs)) {
      sink.defect(
          Defect.of(
              DefectKind.CHUNK_TIMES,
              at(says[3], says[4]),
              new Evidence.Mismatch(
                  "times of the chunk at byte " + unit.at + " (ns)",
                  says[1] + " to " + says[2],
                  unit.firstNs + " to " + unit.lastNs)));
    }
  }

  /// Says at the end what the index holds besides, and what it was compared with.
  ///
  /// @param whole whether nothing else is wrong, so that counts must agree
  void judge(long chunks, long messages, long connections, boolean whole, RecordingSink sink) {
    if (usable) {
      infos.keySet().stream()
          .sorted()
          .limit(MAX_PLACES)
          .forEach(position -> {
            long[] says = infos.getOrDefault(position, new long[5]);
            sink.defect(
                Defect.of(
                    DefectKind.CHUNK_INDEX,
                    at(says[3], says[4]),
                    new Evidence.Violation(
                        "chunk info",
                        "of " + says[0] + " messages in a chunk at byte " + position,
                        "a chunk there")));
          });
      if (whole) {
        count("chunk count", saidChunks, chunks, sink);
        count("connection count", saidConnections, connections, sink);
      }
      sink.examined(DefectKind.CHUNK_INDEX, chunks);
      sink.examined(DefectKind.CHUNK_INDEX_MISSING, chunks);
      sink.examined(DefectKind.CHUNK_TIMES, chunks);
      sink.examined(DefectKind.MESSAGE_INDEX, messages);
      sink.examined(DefectKind.MESSAGE_INDEX_MISSING, messages);
      sink.examined(DefectKind.BAG_METADATA, 2);
    } else {
      for (DefectKind kind :
          List.of(DefectKind.CHUNK_INDEX, DefectKind.MESSAGE_INDEX, DefectKind.BAG_METADATA)) {
        sink.unexamined(kind, "the bag has no index that can be used");
      }
    }
  }

  private void count(String what, long said, long found, RecordingSink sink) {
    if (said >= 0 && said != found) {
      sink.defect(
          Defect.of(
              DefectKind.BAG_METADATA,
              at(
                  BagLayout.MAGIC.length,
                  BagLayout.MAGIC.length + (long) BagLayout.BAG_HEADER_BYTES),
              Evidence.Mismatch.ofCount(what + " of the bag header", said, found)));
    }
  }
}
