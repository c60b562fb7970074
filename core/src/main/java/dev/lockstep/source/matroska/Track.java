package dev.lockstep.source.matroska;

import static dev.lockstep.source.matroska.MatroskaLayout.*;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.payload.DecoderConfiguration;
import dev.lockstep.payload.PayloadFile;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.source.FaultTally;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the file says of one track.
///
/// @param number by which blocks name it
/// @param type [MatroskaLayout#VIDEO], [MatroskaLayout#SOUND], ...
/// @param codecId as the file has it
/// @param codec short name for people (`h264`)
/// @param profile how frames are read, or null where they are taken as they are
/// @param reason why they are taken as they are; empty if they are not
/// @param parameters parameter sets outside of the frames
/// @param frameNs how long a frame lasts, ns; 0 where unknown
/// @param delayNs what decoders hold back at first, ns
record Track(
    long number,
    int type,
    String codecId,
    String codec,
    @Nullable PayloadProfile profile,
    String reason,
    List<byte[]> parameters,
    long frameNs,
    long delayNs) {
  /// Longest codec name that is taken (judged: the longest known have 26 letters).
  private static final int MAX_CODEC = 64;

  boolean isVideo() {
    return type == VIDEO;
  }

  /// Name of the track's stream: what it holds, and its number.
  String name() {
    String kind =
        switch (type) {
          case VIDEO -> "video";
          case SOUND -> "audio";
          case SUBTITLE -> "subtitle";
          default -> "track";
        };
    return kind + "/" + number;
  }

  /// Reads a track, or null if it has no number.
  static @Nullable Track of(MemorySegment file, Element entry, long limit, FaultTally faults) {
    long number = -1;
    long type = 0;
    long frameNs = 0;
    long delayNs = 0;
    String codecId = "";
    Element configuration = null;
    boolean encoded = false;
    Children children = new Children(file, entry, limit, faults);
    for (Element child = children.next(); child != null; child = children.next()) {
      switch (child.id()) {
        case TRACK_NUMBER -> number = child.unsigned(file);
        case TRACK_TYPE -> type = child.unsigned(file);
        case DEFAULT_DURATION -> frameNs = child.unsigned(file);
        case CODEC_DELAY -> delayNs = child.unsigned(file);
        case CODEC_ID -> codecId = text(file, child);
        case CODEC_PRIVATE -> configuration = child;
        case CONTENT_ENCODINGS -> encoded = true;
        default -> {}
      }
    }
    if (number <= 0) {
      faults.add(
          DefectKind.RECORD_MALFORMED,
          entry.at(),
          entry.end(limit) - entry.at(),
          new Evidence.Violation("number of a track", number < 0 ? "none" : "0", "at least 1"));
      return null;
    }
    Coding coding = coding(file, codecId, configuration, encoded, type == VIDEO, faults);
    boolean sane = frameNs > 0 && frameNs < MAX_FRAME_NS;
    return new Track(
        number,
        Math.clamp(type, 0, Byte.MAX_VALUE),
        codecId,
        coding.codec,
        coding.profile,
        coding.reason,
        coding.parameters,
        sane ? frameNs : 0,
        delayNs > 0 && delayNs < MAX_FRAME_NS ? delayNs : 0);
  }

  /// Longer than any frame or delay; judged.
  private static final long MAX_FRAME_NS = 1L << 42;

  private record Coding(
      String codec, @Nullable PayloadProfile profile, String reason, List<byte[]> parameters) {
    static Coding plain(String codec, String reason) {
      return new Coding(codec, null, reason, List.of());
    }
  }

  private static Coding coding(
      MemorySegment file,
      String codecId,
      @Nullable Element configuration,
      boolean encoded,
      boolean video,
      FaultTally faults) {
    String codec = shortName(codecId);
    if (!video) {
      return Coding.plain(codec, "");
    }
    if (encoded) {
      return Coding.plain(codec, "frames are compressed or encrypted by the container");
    }
    return switch (codec) {
      case "h264", "h265" -> nal(file, codec, configuration, faults);
      case "vp8", "vp9" ->
          new Coding(codec, PayloadProfile.ofVpx(codec.equals("vp9")), "", List.of());
      case "jpeg" -> new Coding(codec, PayloadProfile.ofFile(PayloadFile.JPEG), "", List.of());
      default -> Coding.plain(codec, "frames of " + codecId + " are not interpreted");
    };
  }

  private static Coding nal(
      MemorySegment file, String codec, @Nullable Element configuration, FaultTally faults) {
    boolean h265 = codec.equals("h265");
    if (configuration == null || configuration.size() < DecoderConfiguration.leastBytes(h265)) {
      return Coding.plain(codec, "no decoder configuration");
    }
    DecoderConfiguration decoder =
        DecoderConfiguration.of(file.asSlice(configuration.body(), configuration.size()), h265);
    Evidence fault = decoder.fault();
    if (fault != null) {
      faults.add(
          DefectKind.RECORD_MALFORMED,
          configuration.at(),
          configuration.body() + configuration.size() - configuration.at(),
          fault);
    }
    return new Coding(
        codec, PayloadProfile.ofVideo(h265, decoder.prefixBytes()), "", decoder.sets());
  }

  private static String shortName(String codecId) {
    return switch (codecId) {
      case "V_MPEG4/ISO/AVC" -> "h264";
      case "V_MPEGH/ISO/HEVC" -> "h265";
      case "V_MJPEG" -> "jpeg";
      default -> codecId.substring(codecId.indexOf('_') + 1).toLowerCase(Locale.ROOT);
    };
  }

  private static String text(MemorySegment file, Element element) {
    int length = Math.clamp(element.size(), 0, MAX_CODEC);
    String text =
        new String(file.asSlice(element.body(), length).toArray(U8), StandardCharsets.US_ASCII);
    int zero = text.indexOf(0);
    return zero < 0 ? text : text.substring(0, zero);
  }
}
