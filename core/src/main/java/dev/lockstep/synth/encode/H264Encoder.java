package dev.lockstep.synth.encode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// A minimal H.264 video (ITU-T H.264, constrained baseline, CAVLC) as an Annex B byte stream, one
/// access unit a call: a keyframe is SPS, PPS and an IDR slice of raw (I_PCM) macroblocks; between
/// keyframes, P slices skip all macroblocks but the few that changed most, which are raw again.
///
/// Output order is decoding order (picture order count type 2), every picture is a reference, and
/// `frame_num` counts from each keyframe, unless [#disposable] makes nobody refer to every second
/// one. Any decoder shows it; nobody would store video so.
public final class H264Encoder {
  private static final int BLOCK = 16;
  private static final int PCM_BYTES = 384;
  private static final int NAL_SLICE = 0x41;
  private static final int NAL_DISPOSABLE = 0x01;
  private static final int NAL_SEI = 0x06;
  private static final int NAL_IDR = 0x65;
  private static final int NAL_SPS = 0x67;
  private static final int NAL_PPS = 0x68;

  /// log2_max_frame_num.
  private static final int FRAME_NUM_BITS = 8;

  /// log2_max_pic_order_cnt_lsb.
  private static final int ORDER_BITS = 8;

  /// mb_type of I_PCM in I slices (table 7-11) and in P slices, where 5 types come before.
  private static final int I_PCM = 25;

  private static final int I_PCM_IN_P = 30;

  /// slice_type: all slices of the picture are P or I (table 7-6).
  private static final int SLICES_P = 5;

  private static final int SLICES_I = 7;

  private final int width;
  private final int height;
  private final int columns;
  private final int blocks;
  private final int keyframeInterval;
  private final int freshBlocks;
  private final byte[] shown;
  private int frameNum;
  private int idrId;
  private boolean disposable;
  private Clock clock = Clock.NONE;
  private int framesPerSecond = 25;
  private boolean freeNumber;
  private int order;

  /// What time frames bear in supplemental information.
  public enum Clock {
    /// None.
    NONE,
    /// Microseconds since 1970 (MISB ST 0604).
    PRECISION,
    /// Hours, minutes, seconds and frames (pic_timing).
    TIME_CODE
  }

  /// A video.
  ///
  /// @param width in pixels, a multiple of 16
  /// @param height in pixels, a multiple of 16
  /// @param keyframeInterval frames from one keyframe to the next, at most 256
  /// @param freshBlocks macroblocks that a frame between keyframes may renew
  /// @throws IllegalArgumentException if the size is no multiple of 16
  public H264Encoder(int width, int height, int keyframeInterval, int freshBlocks) {
    if (width % BLOCK != 0 || height % BLOCK != 0) {
      throw new IllegalArgumentException(
          "video size: " + width + "x" + height + " (expected multiples of 16)");
    }
    this.width = width;
    this.height = height;
    this.keyframeInterval = keyframeInterval;
    this.freshBlocks = freshBlocks;
    columns = width / BLOCK;
    blocks = columns * (height / BLOCK);
    shown = new byte[width * height];
  }

  /// Makes no frame refer to every second one, and gives all frames an order count.
  public H264Encoder disposable() {
    disposable = true;
    return this;
  }

  /// Makes frames bear the time that [#encode(long, byte[], long)] is told.
  ///
  /// @param framesPerSecond how time codes count
  public H264Encoder clock(Clock clock, int framesPerSecond) {
    this.clock = clock;
    this.framesPerSecond = framesPerSecond;
    return this;
  }

  /// Whether frame number `index` is a keyframe.
  public boolean keyframe(long index) {
    return index % keyframeInterval == 0;
  }

  /// Encodes the next frame. Frames must be given in order, from a keyframe on.
  ///
  /// @param index number of the frame in the video
  /// @param pixels gray levels, row by row
  public byte[] encode(long index, byte[] pixels) {
    return encode(index, pixels, 0);
  }

  /// Encodes the next frame, taken at a time.
  ///
  /// @param timeNs what a [Clock] shows; since 1970, or since midnight
  public byte[] encode(long index, byte[] pixels, long timeNs) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean spare = disposable && (index % keyframeInterval) % 2 == 1;
    if (keyframe(index)) {
      frameNum = 0;
      order = 0;
      freeNumber = false;
      idrId = (int) ((index / keyframeInterval) & 1);
      System.arraycopy(pixels, 0, shown, 0, shown.length);
      unit(out, NAL_SPS, sequenceParameters());
      unit(out, NAL_PPS, pictureParameters());
      time(out, timeNs);
      unit(out, NAL_IDR, keySlice());
    } else {
      // The number of a frame that nobody refers to is used again.
      frameNum = (frameNum + (freeNumber ? 0 : 1)) & ((1 << FRAME_NUM_BITS) - 1);
      freeNumber = spare;
      order = (order + 2) & ((1 << ORDER_BITS) - 1);
      time(out, timeNs);
      unit(out, spare ? NAL_DISPOSABLE : NAL_SLICE, deltaSlice(pixels, spare));
    }
    return out.toByteArray();
  }

  /// Supplemental information that tells when a frame was taken, with a start code: to be put in
  /// front of the frame's first slice.
  public static byte[] precisionStamp(long timeNs) {
    BitWriter sei = new BitWriter();
    sei.bits(5, 8); // user_data_unregistered
    sei.bits(28, 8);
    byte[] name = "MISPmicrosectime".getBytes(StandardCharsets.ISO_8859_1);
    sei.raw(name, 0, name.length);
    sei.bits(0x1F, 8);
    long us = timeNs / 1000;
    for (int shift = 48; shift >= 0; shift -= 16) {
      sei.bits((int) (us >>> shift) & 0xFFFF, 16);
      if (shift > 0) {
        sei.bits(0xFF, 8);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    unit(out, NAL_SEI, trailed(sei));
    return out.toByteArray();
  }

  private void time(ByteArrayOutputStream out, long timeNs) {
    if (clock == Clock.PRECISION) {
      out.writeBytes(precisionStamp(timeNs));
    } else if (clock == Clock.TIME_CODE) {
      long frames = timeNs / 1000 * framesPerSecond / 1_000_000;
      long seconds = frames / framesPerSecond;
      BitWriter code = new BitWriter();
      code.bits(0, 4); // pic_struct: a frame
      code.bits(1, 1); // clock_timestamp_flag
      code.bits(0, 2); // ct_type: progressive
      code.bits(1, 1); // nuit_field_based_flag
      code.bits(0, 5); // counting_type
      code.bits(0b100, 3); // full_timestamp_flag, discontinuity_flag, cnt_dropped_flag
      code.bits((int) (frames % framesPerSecond), 8);
      code.bits((int) (seconds % 60), 6);
      code.bits((int) (seconds / 60 % 60), 6);
      code.bits((int) (seconds / 3600 % 24), 5);
      code.bits(0, 24); // time_offset
      code.bits(1, 1);
      code.align(0);
      byte[] payload = code.toBytes();
      BitWriter sei = new BitWriter();
      sei.bits(1, 8); // pic_timing
      sei.bits(payload.length, 8);
      sei.raw(payload, 0, payload.length);
      unit(out, NAL_SEI, trailed(sei));
    }
  }

  private byte[] sequenceParameters() {
    BitWriter out = new BitWriter();
    out.bits(66, 8); // profile_idc: baseline
    out.bits(0xC0, 8); // constraint_set0 and 1: constrained baseline
    out.bits(blocks <= 99 ? 10 : 40, 8); // level_idc
    out.ue(0); // seq_parameter_set_id
    out.ue(FRAME_NUM_BITS - 4);
    if (disposable) {
      out.ue(0); // pic_order_cnt_type
      out.ue(ORDER_BITS - 4);
    } else {
      out.ue(2); // pic_order_cnt_type
    }
    out.ue(1); // max_num_ref_frames
    out.bits(0, 1); // gaps_in_frame_num_value_allowed_flag
    out.ue(columns - 1);
    out.ue(height / BLOCK - 1);
    out.bits(1, 1); // frame_mbs_only_flag
    out.bits(1, 1); // direct_8x8_inference_flag
    out.bits(0, 1); // frame_cropping_flag
    out.bits(clock == Clock.TIME_CODE ? 1 : 0, 1); // vui_parameters_present_flag
    if (clock == Clock.TIME_CODE) {
      out.bits(0, 4); // no aspect ratio, overscan, signal type, chroma location
      out.bits(1, 1); // timing_info_present_flag
      out.bits(0, 16);
      out.bits(1, 16); // num_units_in_tick
      out.bits(0, 16);
      out.bits(2 * framesPerSecond, 16); // time_scale: fields
      out.bits(0b1_00_1_0, 5); // fixed rate; no hypothetical decoders; pic_struct; no restriction
    }
    return trailed(out);
  }

  private static byte[] pictureParameters() {
    BitWriter out = new BitWriter();
    out.ue(0); // pic_parameter_set_id
    out.ue(0); // seq_parameter_set_id
    out.bits(0, 1); // entropy_coding_mode_flag: CAVLC
    out.bits(0, 1); // bottom_field_pic_order_in_frame_present_flag
    out.ue(0); // num_slice_groups_minus1
    out.ue(0); // num_ref_idx_l0_default_active_minus1
    out.ue(0); // num_ref_idx_l1_default_active_minus1
    out.bits(0, 3); // weighted_pred_flag, weighted_bipred_idc
    out.ue(0); // pic_init_qp_minus26
    out.ue(0); // pic_init_qs_minus26
    out.ue(0); // chroma_qp_index_offset
    out.bits(1, 1); // deblocking_filter_control_present_flag
    out.bits(0, 2); // constrained_intra_pred_flag, redundant_pic_cnt_present_flag
    return trailed(out);
  }

  private byte[] keySlice() {
    BitWriter out = new BitWriter();
    sliceHead(out, SLICES_I);
    out.ue(idrId);
    orderCount(out);
    out.bits(0, 2); // no_output_of_prior_pics_flag, long_term_reference_flag
    sliceTail(out);
    for (int block = 0; block < blocks; block++) {
      raw(out, I_PCM, block);
    }
    return trailed(out);
  }

  private byte[] deltaSlice(byte[] pixels, boolean spare) {
    boolean[] fresh = freshest(pixels);
    BitWriter out = new BitWriter();
    sliceHead(out, SLICES_P);
    orderCount(out);
    out.bits(0, 1); // num_ref_idx_active_override_flag
    out.bits(0, 1); // ref_pic_list_modification_flag_l0
    if (!spare) {
      out.bits(0, 1); // adaptive_ref_pic_marking_mode_flag
    }
    sliceTail(out);
    int skipped = 0;
    for (int block = 0; block < blocks; block++) {
      if (fresh[block]) {
        out.ue(skipped);
        skipped = 0;
        raw(out, I_PCM_IN_P, block);
      } else {
        skipped++;
      }
    }
    if (skipped > 0) {
      out.ue(skipped);
    }
    return trailed(out);
  }

  private void sliceHead(BitWriter out, int type) {
    out.ue(0); // first_mb_in_slice
    out.ue(type);
    out.ue(0); // pic_parameter_set_id
    out.bits(frameNum, FRAME_NUM_BITS);
  }

  private void orderCount(BitWriter out) {
    if (disposable) {
      out.bits(order, ORDER_BITS);
    }
  }

  private static void sliceTail(BitWriter out) {
    out.ue(0); // slice_qp_delta
    out.ue(1); // disable_deblocking_filter_idc: off, so that raw pixels stay as they are
  }

  private void raw(BitWriter out, int type, int block) {
    out.ue(type);
    out.align(0);
    byte[] samples = new byte[PCM_BYTES];
    int corner = block / columns * BLOCK * width + block % columns * BLOCK;
    for (int y = 0; y < BLOCK; y++) {
      System.arraycopy(shown, corner + y * width, samples, y * BLOCK, BLOCK);
    }
    java.util.Arrays.fill(samples, BLOCK * BLOCK, PCM_BYTES, (byte) 128);
    out.raw(samples, 0, PCM_BYTES);
  }

  /// The macroblocks that differ most from what is shown, at most [#freshBlocks]; takes them over.
  private boolean[] freshest(byte[] pixels) {
    boolean[] fresh = new boolean[blocks];
    long[] change = new long[blocks];
    for (int i = 0; i < pixels.length; i++) {
      int block = i / width / BLOCK * columns + i % width / BLOCK;
      change[block] += Math.abs((pixels[i] & 0xFF) - (shown[i] & 0xFF));
    }
    for (int n = 0; n < freshBlocks; n++) {
      int most = 0;
      for (int block = 1; block < blocks; block++) {
        if (change[block] > change[most]) {
          most = block;
        }
      }
      if (change[most] == 0) {
        break;
      }
      change[most] = 0;
      fresh[most] = true;
      int corner = most / columns * BLOCK * width + most % columns * BLOCK;
      for (int y = 0; y < BLOCK; y++) {
        System.arraycopy(pixels, corner + y * width, shown, corner + y * width, BLOCK);
      }
    }
    return fresh;
  }

  private static byte[] trailed(BitWriter out) {
    out.bits(1, 1);
    out.align(0);
    return out.toBytes();
  }

  /// Start code, header byte, payload with emulation prevention (annex B, section 7.4.1).
  private static void unit(ByteArrayOutputStream out, int head, byte[] payload) {
    out.write(0);
    out.write(0);
    out.write(0);
    out.write(1);
    out.write(head);
    int zeros = 0;
    for (byte b : payload) {
      if (zeros >= 2 && (b & 0xFC) == 0) {
        out.write(3);
        zeros = 0;
      }
      out.write(b);
      zeros = b == 0 ? zeros + 1 : 0;
    }
  }
}
