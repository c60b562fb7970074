package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import dev.lockstep.source.OffsetMap;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The fragments of a stream, in one file or many, for those of their samples that a cut keeps.
///
/// Numbers and decode times close over fragments and samples that are left out: a hole in a cut was
/// one before.
final class CutFragments {
  /// Boxes of a fragment with an entry a sample that readers do without.
  private static final Set<Integer> SPARE =
      Set.of(
          type("sbgp"), type("subs"), type("saiz"), type("saio"), type("senc"), type("sdtp"), UUID);

  private final CutSamples cut;

  /// What is left out in front, by id of the track, ticks.
  private final Map<Long, Long> dropped = new HashMap<>();

  /// What all times of a track are moved by.
  private final Map<Long, Long> moved = new HashMap<>();

  private final Map<Long, Long> earliest = new HashMap<>();
  private final Map<Long, Long> earliestShown = new HashMap<>();
  private final IdentityHashMap<FragmentPieces, Fragment> fragments = new IdentityHashMap<>();
  private long gone;
  private long lowest;

  /// A fragment and what is left out of it.
  ///
  /// @param droppedTicks by id of the track
  /// @param before what is left out in front of it, by id of the track, ticks
  /// @param gone fragments that are left out in front of it
  private record Fragment(
      FragmentPieces pieces, Map<Long, Long> droppedTicks, Map<Long, Long> before, long gone) {}

  /// The runs of a fragment as pieces.
  ///
  /// @param piece number of the fragment
  record FragmentPieces(Box moof, int piece, List<RunPieces> runs) {}

  /// @param first number of the first sample's piece
  record RunPieces(Track track, Run run, int first) {}

  CutFragments(CutSamples cut) {
    this.cut = cut;
  }

  /// Takes up the next fragment of the stream.
  void add(CutFile file, FragmentPieces pieces) {
    Map<Long, Long> here = new HashMap<>();
    Map<Long, Long> before = new HashMap<>(dropped);
    MemorySegment bytes = file.segment();
    for (RunPieces each : pieces.runs()) {
      long id = each.track().id;
      RunCursor cursor = new RunCursor(bytes, List.of(each.run()), 0);
      long mediaTime = each.track().edits.mediaTime();
      for (int piece = each.first(); cursor.next(); piece++) {
        if (!cut.has(piece)) {
          dropped.merge(id, cursor.duration(), Long::sum);
          here.merge(id, cursor.duration(), Long::sum);
          continue;
        }
        long time = cursor.time - dropped.getOrDefault(id, 0L);
        earliest.merge(id, time, Math::min);
        if (cursor.time + cursor.composition >= mediaTime) {
          earliestShown.merge(id, time + cursor.composition - mediaTime, Math::min);
        }
      }
    }
    fragments.put(pieces, new Fragment(pieces, here, before, gone));
    if (cut.has(pieces.piece())) {
      long sequence = sequence(bytes, pieces.moof());
      lowest = Math.min(lowest, sequence < 0 ? 0 : sequence - gone);
    } else {
      gone++;
    }
  }

  /// Says that all fragments are there: times and numbers that would be below 0 are not.
  void close() {
    earliest.forEach((id, time) -> moved.put(id, Math.max(0, -time)));
    earliestShown.forEach((id, time) -> moved.merge(id, Math.max(0, -time), Math::max));
  }

  /// Length of what is left out of the fragments of a track in `[from, to)` of a file, ticks.
  long droppedTicks(CutFile file, long track, long from, long to) {
    long ticks = 0;
    List<FragmentPieces> all = file.fragments;
    for (int i = file.firstFragment(from); i < all.size() && all.get(i).moof().at() < to; i++) {
      ticks += of(all.get(i)).droppedTicks().getOrDefault(track, 0L);
    }
    return ticks;
  }

  /// By how much times of a track are earlier from a byte of a file on, ticks.
  long earlier(CutFile file, long track, long at) {
    int i = file.firstFragment(at);
    return i == file.fragments.size()
        ? 0
        : of(file.fragments.get(i)).before().getOrDefault(track, 0L)
            - moved.getOrDefault(track, 0L);
  }

  /// Length of what is left out of a file, of the track that most of is, seconds.
  double droppedSeconds(CutFile file) {
    Map<Track, Double> seconds = new HashMap<>();
    for (FragmentPieces each : file.fragments) {
      for (Track track : new HashSet<>(each.runs().stream().map(RunPieces::track).toList())) {
        if (track.timescale > 0) {
          long ticks = of(each).droppedTicks().getOrDefault(track.id, 0L);
          seconds.merge(track, (double) ticks / track.timescale, Double::sum);
        }
      }
    }
    return seconds.values().stream().mapToDouble(each -> each).max().orElse(0);
  }

  private static long sequence(MemorySegment file, Box moof) {
    Box.Walk walk = Box.Walk.in(file, moof, new Faults(""));
    for (Box child = walk.next(); child != null; child = walk.next()) {
      if (child.type() == MFHD && child.length() >= 8) {
        return u32(file, child.body() + 4);
      }
    }
    return -1;
  }

  /// A fragment for the cut.
  ///
  /// @param layout where bytes lie in the cut of its file; the length does not depend on that
  byte[] box(CutFile file, FragmentPieces pieces, OffsetMap layout) {
    return new Writer(file.segment(), of(pieces), layout).moof();
  }

  private Fragment of(FragmentPieces pieces) {
    Fragment fragment = fragments.get(pieces);
    if (fragment == null) {
      throw new IllegalStateException("a fragment that was not taken up");
    }
    return fragment;
  }

  /// One fragment that is written.
  private final class Writer {
    private final MemorySegment file;
    private final Fragment fragment;
    private final OffsetMap layout;
    private final Map<Long, RunPieces> runs = new HashMap<>();

    /// Where the data that was placed last ends in the cut.
    private long end;

    private long base;

    Writer(MemorySegment file, Fragment fragment, OffsetMap layout) {
      this.file = file;
      this.fragment = fragment;
      this.layout = layout;
      for (RunPieces each : fragment.pieces().runs()) {
        runs.put(each.run().box().at(), each);
      }
    }

    byte[] moof() {
      Box moof = fragment.pieces().moof();
      end = layout.place(moof.at());
      BoxBytes out = new BoxBytes();
      out.box(
          MOOF,
          body -> {
            Box.Walk walk = Box.Walk.in(file, moof, new Faults(""));
            long done = moof.body();
            for (Box child = walk.next(); child != null; child = walk.next()) {
              done = child.end();
              if (child.type() == MFHD && child.length() >= 8) {
                byte[] head = raw(child);
                long sequence = u32(file, child.body() + 4) - fragment.gone() - lowest;
                at(head, head.length - 4, sequence);
                body.bytes(head);
              } else if (child.type() == TRAF) {
                traf(child, body);
              } else if (!SPARE.contains(child.type())) {
                body.bytes(raw(child));
              }
            }
            body.bytes(file.asSlice(done, moof.end() - done).toArray(U8));
          });
      return out.toBytes();
    }

    private byte[] raw(Box box) {
      return file.asSlice(box.at(), box.end() - box.at()).toArray(U8);
    }

    private void at(byte[] bytes, int at, long value) {
      MemorySegment.ofArray(bytes).set(U32, at, (int) value);
    }

    /// Whether all samples of a track fragment stay as they are.
    private boolean isWhole(List<RunPieces> own) {
      for (RunPieces each : own) {
        int last = each.first() + (int) each.run().count();
        boolean shorter =
            cut.shortened().nextSetBit(each.first()) >= 0
                && cut.shortened().nextSetBit(each.first()) < last;
        if (shorter || cut.count(each.first(), last) < each.run().count()) {
          return false;
        }
      }
      return true;
    }

    private void traf(Box traf, BoxBytes moof) {
      List<RunPieces> own = new ArrayList<>();
      for (RunPieces each : fragment.pieces().runs()) {
        if (each.run().box().at() >= traf.at() && each.run().box().at() < traf.end()) {
          own.add(each);
        }
      }
      long samples = own.stream().mapToLong(each -> each.run().count()).sum();
      long kept =
          own.stream()
              .mapToLong(each -> cut.count(each.first(), each.first() + (int) each.run().count()))
              .sum();
      if (samples > 0 && kept == 0) {
        return;
      }
      boolean whole = isWhole(own);
      base = end;
      moof.box(
          TRAF,
          body -> {
            Box.Walk walk = Box.Walk.in(file, traf, new Faults(""));
            long done = traf.body();
            for (Box child = walk.next(); child != null; child = walk.next()) {
              done = child.end();
              RunPieces run = runs.get(child.at());
              if (child.type() == TFHD && child.length() >= 8) {
                body.bytes(head(child, own));
              } else if (child.type() == TFDT && child.length() >= 8 && !own.isEmpty()) {
                body.bytes(time(child, own.getFirst().track().id));
              } else if (run != null) {
                run(run, body);
              } else if (whole || !SPARE.contains(child.type())) {
                body.bytes(raw(child));
              }
            }
            body.bytes(file.asSlice(done, traf.end() - done).toArray(U8));
          });
    }

    private byte[] head(Box tfhd, List<RunPieces> own) {
      byte[] bytes = raw(tfhd);
      int flags = tfhd.flags(file);
      if ((flags & TFHD_BASE_IS_MOOF) != 0) {
        base = layout.place(fragment.pieces().moof().at());
      }
      if ((flags & TFHD_BASE_OFFSET) != 0 && tfhd.length() >= 16) {
        Run first = own.isEmpty() ? null : own.getFirst().run();
        boolean implicit = first != null && (first.flags() & TRUN_OFFSET) == 0;
        base =
            layout.place(
                first != null && implicit ? first.offset() : file.get(U64, tfhd.body() + 8));
        MemorySegment.ofArray(bytes).set(U64, tfhd.body() - tfhd.at() + 8, base);
      }
      end = base;
      return bytes;
    }

    private byte[] time(Box tfdt, long track) {
      byte[] bytes = raw(tfdt);
      boolean wide = tfdt.version(file) == 1 && tfdt.length() >= 12;
      MemorySegment segment = MemorySegment.ofArray(bytes);
      long body = tfdt.body() - tfdt.at() + 4;
      long by = moved.getOrDefault(track, 0L) - fragment.before().getOrDefault(track, 0L);
      if (wide) {
        segment.set(U64, body, segment.get(U64, body) + by);
      } else {
        segment.set(U32, body, (int) (u32(segment, body) + by));
      }
      return bytes;
    }

    private void run(RunPieces pieces, BoxBytes traf) {
      Run run = pieces.run();
      int from = pieces.first();
      int to = from + (int) run.count();
      long kept = cut.count(from, to);
      if (kept == 0 && run.count() > 0) {
        return;
      }
      // Readers give the sizes that samples have in common only where runs do not.
      boolean sized =
          cut.shortened().nextSetBit(from) >= 0 && cut.shortened().nextSetBit(from) < to;
      boolean firstFlags = run.hasFirstFlags() && cut.has(from);
      int flags =
          run.flags() & ~TRUN_FIRST_FLAGS
              | (firstFlags ? TRUN_FIRST_FLAGS : 0)
              | (sized ? TRUN_SIZE : 0);
      long place = layout.place(firstOffset(run, from));
      long said = u32(file, run.box().body() + 4) - run.count();
      long follows = end;
      traf.box(
          TRUN,
          body -> {
            body.u32(run.version() << 24 | flags).u32((int) (kept + said));
            if ((flags & TRUN_OFFSET) != 0) {
              body.u32((int) (place - base));
            }
            if (firstFlags) {
              body.u32(run.firstFlags());
            }
            samples(run, from, sized, body);
          });
      end += (flags & TRUN_OFFSET) != 0 ? place - follows : 0;
    }

    private long firstOffset(Run run, int from) {
      RunCursor cursor = new RunCursor(file, List.of(run), 0);
      for (int piece = from; cursor.next(); piece++) {
        if (cut.has(piece)) {
          return cursor.offset;
        }
      }
      return run.offset();
    }

    private void samples(Run run, int from, boolean sized, BoxBytes out) {
      int stride = Run.stride(run.flags());
      RunCursor cursor = new RunCursor(file, List.of(run), 0);
      for (int piece = from; cursor.next(); piece++) {
        if (!cut.has(piece)) {
          continue;
        }
        long size = cut.size(piece, cursor.size, 0, layout);
        end += size;
        long at = run.entriesAt() + (long) (piece - from) * stride;
        for (int flag : new int[] {TRUN_DURATION, TRUN_SIZE, TRUN_FLAGS, TRUN_COMPOSITION}) {
          boolean has = (run.flags() & flag) != 0;
          if (flag == TRUN_SIZE && (has || sized)) {
            out.u32((int) size);
          } else if (has) {
            out.u32(file.get(U32, at));
          }
          at += has ? Integer.BYTES : 0;
        }
      }
    }
  }
}
