package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.payload.DecoderConfiguration;
import dev.lockstep.payload.PayloadFile;
import dev.lockstep.payload.PayloadProfile;
import java.lang.foreign.MemorySegment;
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
    DecoderConfiguration decoder =
        DecoderConfiguration.of(file.asSlice(configuration.body(), configuration.length()), !avc);
    Evidence fault = decoder.fault();
    if (fault != null) {
      faults.add(
          DefectKind.RECORD_MALFORMED,
          configuration.at(),
          configuration.end() - configuration.at(),
          fault);
    }
    return new SampleEntry(
        box.type(),
        codec,
        PayloadProfile.ofVideo(!avc, decoder.prefixBytes()),
        "",
        decoder.sets(),
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
      if (box.type() == type && box.length() >= DecoderConfiguration.leastBytes(type == HVCC)) {
        return box;
      }
    }
    return null;
  }
}
