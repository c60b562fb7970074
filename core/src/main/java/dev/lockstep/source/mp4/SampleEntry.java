package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.payload.FrameNumbers;
import dev.lockstep.payload.PayloadFile;
import dev.lockstep.payload.PayloadProfile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How samples are coded (8.5.2, ISO/IEC 14496-15).
///
/// @param format four letters (`avc1`)
/// @param codec short name for people (`h264`)
/// @param profile how samples are read, or null where they are taken as they are
/// @param reason why they are taken as they are; empty if they are not
/// @param parameters parameter sets of H.264 outside of the samples
/// @param reference number of the data reference, from 1
/// @param described whether the entry holds the configuration that its format must have
record SampleEntry(
    int format,
    String codec,
    @Nullable PayloadProfile profile,
    String reason,
    List<byte[]> parameters,
    int reference,
    boolean described) {
  /// Longest parameter set that is taken (judged).
  private static final int MAX_PARAMETERS = 1 << 16;

  /// Reads the entry in `box`.
  ///
  /// @param video whether it is one of a video track
  static SampleEntry of(MemorySegment file, Box box, boolean video, Faults faults) {
    int reference =
        box.end() - box.at() >= ENTRY_REFERENCE_OFFSET + 2
            ? u16(file, box.at() + ENTRY_REFERENCE_OFFSET)
            : 1;
    if (!video) {
      return plain(box, reference, "");
    }
    if (box.type() == ENCRYPTED_VIDEO) {
      return plain(box, reference, "frames are encrypted");
    }
    if (JPEG.contains(box.type())) {
      return new SampleEntry(
          box.type(),
          "jpeg",
          PayloadProfile.ofFile(PayloadFile.JPEG),
          "",
          List.of(),
          reference,
          true);
    }
    boolean avc = AVC.contains(box.type());
    if (!avc && !HEVC.contains(box.type())) {
      return plain(box, reference, "frames of " + box.name() + " are not interpreted");
    }
    Box configuration = configuration(file, box, avc ? AVCC : HVCC, faults);
    String codec = avc ? "h264" : "h265";
    if (configuration == null) {
      faults.add(
          DefectKind.RECORD_MALFORMED,
          box.at(),
          box.end() - box.at(),
          new Evidence.Violation(
              "sample entry " + box.name(), "no " + (avc ? "avcC" : "hvcC"), "a configuration"));
      return new SampleEntry(
          box.type(), codec, null, "no decoder configuration", List.of(), reference, false);
    }
    int lengthAt = avc ? 4 : 21;
    int prefix = (u8(file, configuration.body() + lengthAt) & 3) + 1;
    return new SampleEntry(
        box.type(),
        codec,
        PayloadProfile.ofVideo(!avc, prefix),
        "",
        avc ? parameterSets(file, configuration, faults) : h265Sets(file, configuration, faults),
        reference,
        true);
  }

  private static SampleEntry plain(Box box, int reference, String reason) {
    String codec =
        switch (box.name()) {
          case "av01" -> "av1";
          case "vp08", "vp09", "mp4v", "mp4a" -> box.name();
          default -> box.name().strip();
        };
    return new SampleEntry(box.type(), codec, null, reason, List.of(), reference, true);
  }

  private static @Nullable Box configuration(
      MemorySegment file, Box entry, int type, Faults faults) {
    if (entry.end() - entry.at() < VISUAL_ENTRY_BYTES) {
      return null;
    }
    Box.Walk walk =
        new Box.Walk(file, entry.at() + VISUAL_ENTRY_BYTES, entry.end(), entry.name(), faults);
    for (Box box = walk.next(); box != null; box = walk.next()) {
      if (box.type() == type && box.length() >= (type == AVCC ? 6 : 23)) {
        return box;
      }
    }
    return null;
  }

  /// Parameter sets of an `hvcC` (8.3.3.1): arrays of units of one type.
  private static List<byte[]> h265Sets(MemorySegment file, Box hvcc, Faults faults) {
    List<byte[]> sets = new ArrayList<>();
    long at = hvcc.body() + 22;
    int arrays = at < hvcc.end() ? u8(file, at++) : 0;
    for (int array = 0; array < arrays; array++) {
      int count = hvcc.end() - at < 3 ? 0 : u16(file, at + 1);
      at += 3;
      for (int i = 0; i < count; i++) {
        int length = hvcc.end() - at < 2 ? -1 : u16(file, at);
        if (length < 0 || length > hvcc.end() - at - 2) {
          faults.add(
              DefectKind.RECORD_MALFORMED,
              hvcc.at(),
              hvcc.end() - hvcc.at(),
              new Evidence.OutOfRange(
                  "parameter set " + i + " in hvcC", length, 0, hvcc.end() - at - 2, "bytes"));
          return sets;
        }
        at += 2;
        byte[] set =
            file.asSlice(at, Math.min(length, MAX_PARAMETERS)).toArray(ValueLayout.JAVA_BYTE);
        sets.add(FrameNumbers.h265(set));
        at += length;
      }
    }
    return sets;
  }

  /// Sequence and picture parameter sets of an `avcC` (5.3.3.1).
  private static List<byte[]> parameterSets(MemorySegment file, Box avcc, Faults faults) {
    List<byte[]> sets = new ArrayList<>();
    long at = avcc.body() + 5;
    for (int list = 0; list < 2; list++) {
      if (at >= avcc.end()) {
        break;
      }
      int count = u8(file, at++) & (list == 0 ? 0x1F : 0xFF);
      for (int i = 0; i < count; i++) {
        int length = avcc.end() - at < 2 ? -1 : u16(file, at);
        if (length < 0 || length > avcc.end() - at - 2) {
          faults.add(
              DefectKind.RECORD_MALFORMED,
              avcc.at(),
              avcc.end() - avcc.at(),
              new Evidence.OutOfRange(
                  "parameter set " + i + " in avcC", length, 0, avcc.end() - at - 2, "bytes"));
          return sets;
        }
        at += 2;
        sets.add(file.asSlice(at, Math.min(length, MAX_PARAMETERS)).toArray(ValueLayout.JAVA_BYTE));
        at += length;
      }
    }
    return sets;
  }
}
