package dev.lockstep.source.mp4;

import java.util.ArrayList;
import java.util.List;

/// Writes a short H.264 video as an MP4 file, progressive or fragmented, for test data. The video
/// is held in memory.
public final class Mp4Writer {
  /// Ticks of the movie in a second.
  private static final int MOVIE_TIMESCALE = 1000;

  private static final int UNITY = 0x10000;

  /// Flags of a sample that others depend on, and of one that decoding can begin at (8.8.3.1).
  private static final int SYNC_FLAGS = 0x0200_0000;

  private static final int DELTA_FLAGS = 0x0101_0000;

  private final int width;
  private final int height;
  private final int timescale;
  private final byte[] sps;
  private final byte[] pps;
  private final List<Sample> samples = new ArrayList<>();

  /// One frame.
  ///
  /// @param data NAL units behind their lengths of four bytes
  /// @param duration ticks until the next frame is decoded
  /// @param composition ticks from decoding to showing
  /// @param sync whether it is marked as a keyframe
  public record Sample(byte[] data, int duration, int composition, boolean sync) {}

  /// A video without frames.
  ///
  /// @param width in pixels
  /// @param height in pixels
  /// @param timescale ticks of its times in a second
  /// @param sps sequence parameter set, a NAL unit without prefix
  /// @param pps picture parameter set, a NAL unit without prefix
  public Mp4Writer(int width, int height, int timescale, byte[] sps, byte[] pps) {
    this.width = width;
    this.height = height;
    this.timescale = timescale;
    this.sps = sps.clone();
    this.pps = pps.clone();
  }

  /// Adds the next frame in the order of decoding.
  public void add(Sample sample) {
    samples.add(sample);
  }

  /// The file with one table of all frames in front of them, ten frames a chunk.
  public byte[] progressive() {
    BoxBytes file = new BoxBytes();
    file.box(Mp4Layout.FTYP, ftyp -> ftyp.text("isom").u32(0x200).text("isomavc1"));
    // Offsets depend on the length of the box that they stand in, but not the other way round.
    int headBytes = file.size() + movie(0, true).size();
    file.bytes(movie(headBytes + Mp4Layout.HEAD_BYTES, true).toBytes());
    file.box(Mp4Layout.MDAT, mdat -> samples.forEach(sample -> mdat.bytes(sample.data())));
    return file.toBytes();
  }

  /// The file in fragments of so many frames each, behind an index.
  public byte[] fragmented(int framesAFragment) {
    List<Long> durations = new ArrayList<>();
    List<byte[]> fragments = fragments(framesAFragment, durations);
    BoxBytes file = new BoxBytes();
    file.box(Mp4Layout.FTYP, ftyp -> ftyp.text("iso6").u32(0).text("iso6dash"));
    file.bytes(movie(0, false).toBytes());
    file.box(
        Mp4Layout.SIDX,
        sidx -> {
          sidx.u32(0).u32(1).u32(timescale).u32(0).u32(0).u16(0).u16(fragments.size());
          for (int i = 0; i < fragments.size(); i++) {
            sidx.u32(fragments.get(i).length).u32(durations.get(i).intValue()).u32(0x9000_0000);
          }
        });
    fragments.forEach(file::bytes);
    return file.toBytes();
  }

  /// The video as files of a folder: the initialisation, and segments of so many frames each.
  public List<byte[]> segments(int framesASegment) {
    List<byte[]> files = new ArrayList<>();
    BoxBytes init = new BoxBytes();
    init.box(Mp4Layout.FTYP, ftyp -> ftyp.text("iso6").u32(0).text("iso6dash"));
    files.add(init.bytes(movie(0, false).toBytes()).toBytes());
    for (byte[] fragment : fragments(framesASegment, new ArrayList<>())) {
      BoxBytes segment = new BoxBytes();
      segment.box(Mp4Layout.STYP, styp -> styp.text("msdh").u32(0).text("msdhmsix"));
      files.add(segment.bytes(fragment).toBytes());
    }
    return files;
  }

  private List<byte[]> fragments(int framesAFragment, List<Long> durations) {
    List<byte[]> fragments = new ArrayList<>();
    long time = 0;
    for (int from = 0; from < samples.size(); from += framesAFragment) {
      List<Sample> part = samples.subList(from, Math.min(samples.size(), from + framesAFragment));
      fragments.add(fragment(fragments.size() + 1, time, part));
      long ticks = part.stream().mapToLong(Sample::duration).sum();
      durations.add(ticks);
      time += ticks;
    }
    return fragments;
  }

  private byte[] fragment(int sequence, long time, List<Sample> part) {
    BoxBytes measured = moof(sequence, time, part, 0);
    BoxBytes file = moof(sequence, time, part, measured.size() + Mp4Layout.HEAD_BYTES);
    file.box(Mp4Layout.MDAT, mdat -> part.forEach(sample -> mdat.bytes(sample.data())));
    return file.toBytes();
  }

  private static BoxBytes moof(int sequence, long time, List<Sample> part, int dataOffset) {
    int fields =
        Mp4Layout.TRUN_OFFSET
            | Mp4Layout.TRUN_DURATION
            | Mp4Layout.TRUN_SIZE
            | Mp4Layout.TRUN_FLAGS
            | Mp4Layout.TRUN_COMPOSITION;
    BoxBytes out = new BoxBytes();
    out.box(
        Mp4Layout.MOOF,
        moof -> {
          moof.box(Mp4Layout.MFHD, mfhd -> mfhd.u32(0).u32(sequence));
          moof.box(
              Mp4Layout.TRAF,
              traf -> {
                traf.box(Mp4Layout.TFHD, tfhd -> tfhd.u32(Mp4Layout.TFHD_BASE_IS_MOOF).u32(1));
                traf.box(Mp4Layout.TFDT, tfdt -> tfdt.u32(1 << 24).u64(time));
                traf.box(
                    Mp4Layout.TRUN,
                    trun -> {
                      trun.u32(1 << 24 | fields).u32(part.size()).u32(dataOffset);
                      for (Sample sample : part) {
                        trun.u32(sample.duration()).u32(sample.data().length);
                        trun.u32(sample.sync() ? SYNC_FLAGS : DELTA_FLAGS);
                        trun.u32(sample.composition());
                      }
                    });
              });
        });
    return out;
  }

  /// The movie box.
  ///
  /// @param dataOffset where the first frame begins
  /// @param tables whether it lists the frames; else fragments do
  private BoxBytes movie(int dataOffset, boolean tables) {
    long ticks = tables ? samples.stream().mapToLong(Sample::duration).sum() : 0;
    int milliseconds = (int) (ticks * MOVIE_TIMESCALE / timescale);
    BoxBytes out = new BoxBytes();
    out.box(
        Mp4Layout.MOOV,
        moov -> {
          moov.box(
              Mp4Layout.MVHD,
              mvhd -> {
                mvhd.u32(0).u32(0).u32(0).u32(MOVIE_TIMESCALE).u32(milliseconds);
                mvhd.u32(UNITY).u16(0x100).zeros(10);
                matrix(mvhd);
                mvhd.zeros(24).u32(2);
              });
          moov.box(Mp4Layout.TRAK, trak -> track(trak, dataOffset, tables, ticks, milliseconds));
          if (!tables) {
            moov.box(
                Mp4Layout.MVEX,
                mvex ->
                    mvex.box(
                        Mp4Layout.TREX, trex -> trex.u32(0).u32(1).u32(1).u32(0).u32(0).u32(0)));
          }
        });
    return out;
  }

  private void track(BoxBytes trak, int dataOffset, boolean tables, long ticks, int milliseconds) {
    trak.box(
        Mp4Layout.TKHD,
        tkhd -> {
          tkhd.u32(3).u32(0).u32(0).u32(1).u32(0).u32(milliseconds).zeros(16);
          matrix(tkhd);
          tkhd.u32(width << 16).u32(height << 16);
        });
    trak.box(
        Mp4Layout.MDIA,
        mdia -> {
          mdia.box(
              Mp4Layout.MDHD,
              mdhd -> mdhd.u32(0).u32(0).u32(0).u32(timescale).u32((int) ticks).u16(0x55C4).u16(0));
          mdia.box(
              Mp4Layout.HDLR,
              hdlr -> hdlr.u32(0).u32(0).text("vide").zeros(12).text("VideoHandler\0"));
          mdia.box(
              Mp4Layout.MINF,
              minf -> {
                minf.box(Mp4Layout.type("vmhd"), vmhd -> vmhd.u32(1).zeros(8));
                minf.box(
                    Mp4Layout.DINF,
                    dinf ->
                        dinf.box(
                            Mp4Layout.DREF,
                            dref -> {
                              dref.u32(0).u32(1);
                              dref.box(
                                  Mp4Layout.type("url "), url -> url.u32(Mp4Layout.SELF_CONTAINED));
                            }));
                minf.box(Mp4Layout.STBL, stbl -> tables(stbl, dataOffset, tables));
              });
        });
  }

  private void tables(BoxBytes stbl, int dataOffset, boolean listed) {
    List<Sample> rows = listed ? samples : List.of();
    stbl.box(
        Mp4Layout.STSD,
        stsd -> {
          stsd.u32(0).u32(1);
          stsd.box(Mp4Layout.type("avc1"), this::entry);
        });
    stbl.box(Mp4Layout.STTS, stts -> stts.runs(rows.stream().mapToInt(Sample::duration).toArray()));
    if (rows.stream().anyMatch(sample -> sample.composition() != 0)) {
      stbl.box(
          Mp4Layout.CTTS, ctts -> ctts.runs(rows.stream().mapToInt(Sample::composition).toArray()));
    }
    int chunks = (rows.size() + CHUNK - 1) / CHUNK;
    stbl.box(
        Mp4Layout.STSC,
        stsc -> {
          int last = rows.size() - (chunks - 1) * CHUNK;
          boolean odd = chunks > 1 && last != CHUNK;
          stsc.u32(0).u32(chunks == 0 ? 0 : odd ? 2 : 1);
          if (chunks > 0) {
            stsc.u32(1).u32(Math.min(CHUNK, rows.size())).u32(1);
          }
          if (odd) {
            stsc.u32(chunks).u32(last).u32(1);
          }
        });
    stbl.box(
        Mp4Layout.STSZ,
        stsz -> {
          stsz.u32(0).u32(0).u32(rows.size());
          rows.forEach(sample -> stsz.u32(sample.data().length));
        });
    stbl.box(
        Mp4Layout.STCO,
        stco -> {
          stco.u32(0).u32(chunks);
          int offset = dataOffset;
          for (int i = 0; i < rows.size(); i++) {
            if (i % CHUNK == 0) {
              stco.u32(offset);
            }
            offset += rows.get(i).data().length;
          }
        });
    if (listed) {
      stbl.box(
          Mp4Layout.STSS,
          stss -> {
            stss.u32(0).u32((int) rows.stream().filter(Sample::sync).count());
            for (int i = 0; i < rows.size(); i++) {
              if (rows.get(i).sync()) {
                stss.u32(i + 1);
              }
            }
          });
    }
  }

  /// Frames of a chunk.
  private static final int CHUNK = 10;

  private void entry(BoxBytes avc1) {
    avc1.zeros(6).u16(1).zeros(16).u16(width).u16(height);
    avc1.u32(0x48_0000).u32(0x48_0000).u32(0).u16(1).zeros(32).u16(0x18).u16(0xFFFF);
    avc1.box(
        Mp4Layout.AVCC,
        avcc -> {
          avcc.u8(1).u8(sps[1]).u8(sps[2]).u8(sps[3]).u8(0xFF).u8(0xE1);
          avcc.u16(sps.length).bytes(sps).u8(1).u16(pps.length).bytes(pps);
        });
  }

  private static void matrix(BoxBytes out) {
    out.u32(UNITY).zeros(12).u32(UNITY).zeros(12).u32(0x4000_0000);
  }
}
