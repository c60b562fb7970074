package dev.lockstep.payload;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import java.lang.foreign.MemorySegment;

/// Finds out how an image or a video frame is coded, by its own first bytes and by what the message
/// says, and examines it. Codings that are not examined (AV1, VP9, WebP, ...) are passed over.
final class CodedMedia {
  /// Bytes of a format text that are looked at; the longest of image_transport have under 50.
  private static final int MAX_FORMAT = 256;

  /// `compressedDepth` puts this in front of its PNG: format and two floats.
  private static final int DEPTH_HEADER_BYTES = 12;

  private CodedMedia() {}

  /// Examines the image in [Scratch#DATA], whose format stands in [Scratch#FORMAT].
  static void image(MemorySegment bytes, Scratch parts, PayloadFacts facts) {
    long at = parts.at[Scratch.DATA];
    int length = parts.count[Scratch.DATA];
    if (at < 0) {
      return;
    }
    if (Jpeg.begins(bytes, at, length)) {
      Jpeg.examine(bytes, at, length, facts);
      contradicts(bytes, parts, "JPEG", "png", facts);
    } else if (Png.begins(bytes, at, length)) {
      Png.examine(bytes, at, length, facts);
      contradicts(bytes, parts, "PNG", "jpeg", facts);
    } else if (says(bytes, parts, "compresseddepth")) {
      if (!says(bytes, parts, "rvl")) {
        int header = Math.min(length, DEPTH_HEADER_BYTES);
        Png.examine(bytes, at + header, length - header, facts);
      }
    } else if (says(bytes, parts, "jpeg") || says(bytes, parts, "jpg")) {
      Jpeg.examine(bytes, at, length, facts);
    } else if (says(bytes, parts, "png")) {
      Png.examine(bytes, at, length, facts);
    } else if (length == 0) {
      Jpeg.examine(bytes, at, length, facts);
    }
  }

  /// Reports a format that names `other` alone where the data are of the coding `coded`.
  private static void contradicts(
      MemorySegment bytes, Scratch parts, String coded, String other, PayloadFacts facts) {
    boolean jpeg = says(bytes, parts, "jpeg") || says(bytes, parts, "jpg");
    boolean png = says(bytes, parts, "png");
    boolean sound = facts.faults().stream().allMatch(f -> f.kind().severity() == Severity.INFO);
    if (sound && jpeg != png && (other.equals("png") ? png : jpeg)) {
      facts.fault(
          DefectKind.IMAGE_LAYOUT,
          new Evidence.Violation("format of a " + coded + " image", "'" + other + "'", coded));
    }
  }

  /// Examines the video frame in [Scratch#DATA], whose format stands in [Scratch#FORMAT].
  static void frame(
      MemorySegment bytes, Scratch parts, boolean needsParameters, PayloadFacts facts) {
    long at = parts.at[Scratch.DATA];
    int length = parts.count[Scratch.DATA];
    if (at < 0) {
      return;
    }
    boolean h265 =
        says(bytes, parts, "h265") || says(bytes, parts, "hevc") || says(bytes, parts, "h.265");
    if (h265 || says(bytes, parts, "h264") || says(bytes, parts, "h.264") || length == 0) {
      AnnexB.examine(bytes, at, length, h265, needsParameters, facts);
    }
  }

  private static boolean says(MemorySegment bytes, Scratch parts, String word) {
    long at = parts.at[Scratch.FORMAT];
    int length = Math.min(parts.count[Scratch.FORMAT], MAX_FORMAT);
    return at >= 0 && Texts.contains(bytes, at, length, word);
  }
}
