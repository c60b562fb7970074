package dev.lockstep.source.matroska;

import static dev.lockstep.source.matroska.MatroskaLayout.*;

import dev.lockstep.checksum.Crc32;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes a short H.264 video as a Matroska file, for test data. The video is held in memory.
public final class MatroskaWriter {
  private static final int DOC_TYPE = 0x4282;
  private static final int VIDEO_SETTINGS = 0xE0;
  private static final int PIXEL_WIDTH = 0xB0;
  private static final int PIXEL_HEIGHT = 0xBA;
  private static final int CUE_TIME = 0xB3;
  private static final int CUE_TRACK = 0xF7;

  private final int width;
  private final int height;
  private final byte[] sps;
  private final byte[] pps;
  private final List<Frame> frames = new ArrayList<>();

  private record Frame(byte[] data, int timeMs, boolean keyframe) {}

  /// A video without frames.
  ///
  /// @param width in pixels
  /// @param height in pixels
  /// @param sps sequence parameter set, a NAL unit without prefix
  /// @param pps picture parameter set, a NAL unit without prefix
  public MatroskaWriter(int width, int height, byte[] sps, byte[] pps) {
    this.width = width;
    this.height = height;
    this.sps = sps.clone();
    this.pps = pps.clone();
  }

  /// Adds the next frame in the order of decoding.
  ///
  /// @param data NAL units behind their lengths of four bytes
  /// @param timeMs when it is shown
  public void add(byte[] data, int timeMs, boolean keyframe) {
    frames.add(new Frame(data.clone(), timeMs, keyframe));
  }

  /// The file in clusters of so many frames each, with checksums and cues, in simple blocks.
  public byte[] file(int framesACluster) {
    byte[] head = summed(INFO, element(TIMESTAMP_SCALE, number(DEFAULT_SCALE_NS)));
    byte[] tracks = summed(TRACKS, track());
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    // Positions of all that SeekHead names depend on its length, but not the other way round.
    int seekBytes = seekHead(0, 0, 0).length;
    List<byte[]> clusters = new ArrayList<>();
    ByteArrayOutputStream points = new ByteArrayOutputStream();
    int at = seekBytes + head.length + tracks.length;
    for (int from = 0; from < frames.size(); from += framesACluster) {
      List<Frame> part = frames.subList(from, Math.min(frames.size(), from + framesACluster));
      byte[] cluster = summed(CLUSTER, cluster(part, true));
      points.writeBytes(cue(part.getFirst().timeMs(), at));
      clusters.add(cluster);
      at += cluster.length;
    }
    body.writeBytes(seekHead(seekBytes, seekBytes + head.length, at));
    body.writeBytes(head);
    body.writeBytes(tracks);
    clusters.forEach(body::writeBytes);
    body.writeBytes(summed(CUES, points.toByteArray()));
    return joined(ebml(), element(SEGMENT, body.toByteArray()));
  }

  /// The file as a live stream: nothing says how long it is, and blocks stand in groups.
  public byte[] live(int framesACluster) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(unknown(SEGMENT));
    body.writeBytes(element(INFO, element(TIMESTAMP_SCALE, number(DEFAULT_SCALE_NS))));
    body.writeBytes(element(TRACKS, track()));
    for (int from = 0; from < frames.size(); from += framesACluster) {
      List<Frame> part = frames.subList(from, Math.min(frames.size(), from + framesACluster));
      body.writeBytes(unknown(CLUSTER));
      body.writeBytes(cluster(part, false));
    }
    return joined(ebml(), body.toByteArray());
  }

  private static byte[] ebml() {
    return element(EBML, element(DOC_TYPE, "matroska".getBytes(StandardCharsets.US_ASCII)));
  }

  private byte[] track() {
    ByteArrayOutputStream avcc = new ByteArrayOutputStream();
    avcc.writeBytes(new byte[] {1, sps[1], sps[2], sps[3], (byte) 0xFF, (byte) 0xE1});
    avcc.writeBytes(new byte[] {(byte) (sps.length >> 8), (byte) sps.length});
    avcc.writeBytes(sps);
    avcc.writeBytes(new byte[] {1, (byte) (pps.length >> 8), (byte) pps.length});
    avcc.writeBytes(pps);
    return element(
        TRACK_ENTRY,
        joined(
            element(TRACK_NUMBER, number(1)),
            element(TRACK_TYPE, number(VIDEO)),
            element(CODEC_ID, "V_MPEG4/ISO/AVC".getBytes(StandardCharsets.US_ASCII)),
            element(CODEC_PRIVATE, avcc.toByteArray()),
            element(
                VIDEO_SETTINGS,
                joined(
                    element(PIXEL_WIDTH, number(width)), element(PIXEL_HEIGHT, number(height))))));
  }

  private static byte[] cluster(List<Frame> part, boolean simple) {
    int base = part.getFirst().timeMs();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(element(TIMESTAMP, number(base)));
    for (Frame frame : part) {
      int flags = simple && frame.keyframe() ? KEYFRAME_FLAG : 0;
      byte[] block = block(1, frame.timeMs() - base, flags, frame.data());
      if (simple) {
        out.writeBytes(element(SIMPLE_BLOCK, block));
      } else {
        byte[] refers = frame.keyframe() ? new byte[0] : element(REFERENCE_BLOCK, number(1));
        out.writeBytes(element(BLOCK_GROUP, joined(element(BLOCK, block), refers)));
      }
    }
    return out.toByteArray();
  }

  /// Head and content of a block.
  static byte[] block(int track, int ticks, int flags, byte[] content) {
    byte[] head = {(byte) (0x80 | track), (byte) (ticks >> 8), (byte) ticks, (byte) flags};
    return joined(head, content);
  }

  private static byte[] cue(int timeMs, int position) {
    byte[] positions = joined(element(CUE_TRACK, number(1)), element(CUE_CLUSTER, fixed(position)));
    return element(
        CUE_POINT, joined(element(CUE_TIME, number(timeMs)), element(CUE_POSITIONS, positions)));
  }

  private static byte[] seekHead(int info, int tracks, int cues) {
    return summed(SEEK_HEAD, joined(seek(INFO, info), seek(TRACKS, tracks), seek(CUES, cues)));
  }

  private static byte[] seek(int id, int position) {
    return element(
        SEEK, joined(element(SEEK_ID, fixed(id)), element(SEEK_POSITION, fixed(position))));
  }

  /// An element that begins with the checksum of the rest.
  static byte[] summed(int id, byte[] body) {
    int sum = Crc32.of(MemorySegment.ofArray(body));
    byte[] stored = {(byte) sum, (byte) (sum >> 8), (byte) (sum >> 16), (byte) (sum >> 24)};
    return element(id, joined(element(CRC_32, stored), body));
  }

  static byte[] element(int id, byte[] body) {
    // Short sizes take a byte, all others four.
    byte[] size =
        body.length < 0x7F
            ? new byte[] {(byte) (0x80 | body.length)}
            : fixed(0x1000_0000 | body.length);
    return joined(id(id), size, body);
  }

  private static byte[] unknown(int id) {
    byte[] size = {1, -1, -1, -1, -1, -1, -1, -1};
    return joined(id(id), size);
  }

  private static byte[] id(int id) {
    byte[] whole = fixed(id);
    int skip = Integer.numberOfLeadingZeros(id) / Byte.SIZE;
    return Arrays.copyOfRange(whole, skip, whole.length);
  }

  private static byte[] fixed(int value) {
    return new byte[] {
      (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
    };
  }

  static byte[] number(long value) {
    return fixed((int) value);
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
