package dev.lockstep.synth.encode;

import java.io.ByteArrayOutputStream;

/// A minimal H.264 video (ITU-T H.264, constrained baseline, CAVLC) as an Annex B byte stream, one
/// access unit a call: a keyframe is SPS, PPS and an IDR slice of raw (I_PCM) macroblocks; between
/// keyframes, P slices skip all macroblocks but the few that changed most, which are raw again.
///
/// Output order is decoding order (picture order count type 2), every picture is a reference, and
/// `frame_num` counts from each keyframe. Any decoder shows it; nobody would store video so.
public final class H264Encoder {
  private static final int BLOCK = 16;
  private static final int PCM_BYTES = 384;
  private static final int NAL_SLICE = 0x41;
  private static final int NAL_IDR = 0x65;
  private static final int NAL_SPS = 0x67;
  private static final int NAL_PPS = 0x68;

  /// log2_max_frame_num.
  private static final int FRAME_NUM_BITS = 8;

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

  /// Whether frame number `index` is a keyframe.
  public boolean keyframe(long index) {
    return index % keyframeInterval == 0;
  }

  /// Encodes the next frame. Frames must be given in order, from a keyframe on.
  ///
  /// @param index number of the frame in the video
  /// @param pixels gray levels, row by row
  public byte[] encode(long index, byte[] pixels) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (keyframe(index)) {
      frameNum = 0;
      idrId = (int) ((index / keyframeInterval) & 1);
      System.arraycopy(pixels, 0, shown, 0, shown.length);
      unit(out, NAL_SPS, sequenceParameters());
      unit(out, NAL_PPS, pictureParameters());
      unit(out, NAL_IDR, keySlice());
    } else {
      frameNum = (frameNum + 1) & ((1 << FRAME_NUM_BITS) - 1);
      unit(out, NAL_SLICE, deltaSlice(pixels));
    }
    return out.toByteArray();
  }

  private byte[] sequenceParameters() {
    BitWriter out = new BitWriter();
    out.bits(66, 8); // profile_idc: baseline
    out.bits(0xC0, 8); // constraint_set0 and 1: constrained baseline
    out.bits(blocks <= 99 ? 10 : 40, 8); // level_idc
    out.ue(0); // seq_parameter_set_id
    out.ue(FRAME_NUM_BITS - 4);
    out.ue(2); // pic_order_cnt_type
    out.ue(1); // max_num_ref_frames
    out.bits(0, 1); // gaps_in_frame_num_value_allowed_flag
    out.ue(columns - 1);
    out.ue(height / BLOCK - 1);
    out.bits(1, 1); // frame_mbs_only_flag
    out.bits(1, 1); // direct_8x8_inference_flag
    out.bits(0, 1); // frame_cropping_flag
    out.bits(0, 1); // vui_parameters_present_flag
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
    out.bits(0, 2); // no_output_of_prior_pics_flag, long_term_reference_flag
    sliceTail(out);
    for (int block = 0; block < blocks; block++) {
      raw(out, I_PCM, block);
    }
    return trailed(out);
  }

  private byte[] deltaSlice(byte[] pixels) {
    boolean[] fresh = freshest(pixels);
    BitWriter out = new BitWriter();
    sliceHead(out, SLICES_P);
    out.bits(0, 1); // num_ref_idx_active_override_flag
    out.bits(0, 1); // ref_pic_list_modification_flag_l0
    out.bits(0, 1); // adaptive_ref_pic_marking_mode_flag
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
