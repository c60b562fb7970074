package dev.lockstep.synth;

import dev.lockstep.synth.encode.LabelCoding;
import dev.lockstep.synth.fault.StreamSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// Writes synthetic recordings to MCAP files: drives with truth, and bulk data for benchmarks.
public final class SynthRun {
  /// Name of the metadata that says how a drive was made.
  public static final String METADATA = "lockstep.synth";

  /// Name of the attachment that holds the mounting of all sensors.
  public static final String CALIBRATION = "calibration.json";

  private SynthRun() {}

  /// What was written.
  ///
  /// @param messages number of messages
  /// @param payloadBytes bytes of all payloads
  /// @param fileBytes length of the file
  public record Result(long messages, long payloadBytes, long fileBytes) {}

  /// Writes a drive.
  ///
  /// @throws IllegalArgumentException if the options contradict each other, in words for a user
  /// @throws IOException if the file cannot be written
  public static Result drive(Path file, SynthOptions options, McapSettings settings)
      throws IOException {
    return drive(file, options, settings, LabelCoding.JSON);
  }

  /// Writes a drive.
  ///
  /// @param labels what its labels are written as
  /// @throws IllegalArgumentException if the options contradict each other, in words for a user
  /// @throws IOException if the file cannot be written
  public static Result drive(
      Path file, SynthOptions options, McapSettings settings, LabelCoding labels)
      throws IOException {
    Drive drive = new Drive(options);
    return write(drive, options, new RecodedLabels(new McapOutput(file, settings), labels));
  }

  /// Writes a drive with the topics in which ROS tells where sensors sit: `/tf_static` and a
  /// `CameraInfo` with each image.
  ///
  /// @param labels what its labels are written as
  /// @throws IllegalArgumentException if the options contradict each other, in words for a user
  /// @throws IOException if the file cannot be written
  public static Result calibratedDrive(
      Path file, SynthOptions options, McapSettings settings, LabelCoding labels)
      throws IOException {
    Drive drive = new Drive(options);
    RecordingOutput out = new RecodedLabels(new McapOutput(file, settings), labels);
    return write(drive, options, new CalibratedOutput(out, drive));
  }

  private static Result write(Drive drive, SynthOptions options, RecordingOutput to)
      throws IOException {
    long[] counts = new long[2];
    try (RecordingOutput out = to) {
      begin(out, drive, options);
      try {
        drive.forEach(message -> {
          counts[0]++;
          counts[1] += message.payload().length;
          write(out, message);
        });
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      return new Result(counts[0], counts[1], out.finish());
    }
  }

  /// Declares the streams of a drive, its metadata and its calibration.
  static void begin(RecordingOutput out, Drive drive, SynthOptions options) throws IOException {
    for (StreamSpec spec : drive.streams()) {
      out.stream(spec);
    }
    out.metadata(METADATA, description(options));
    out.attachment(
        options.startNs(), options.startNs(), CALIBRATION, "application/json", calibration(drive));
  }

  static Map<String, String> description(SynthOptions options) {
    return Map.of("seed", Long.toString(options.seed()), "options", options.text());
  }

  static byte[] calibration(Drive drive) {
    return drive.calibrationJson().getBytes(StandardCharsets.UTF_8);
  }

  private static void write(RecordingOutput out, DriveMessage message) {
    try {
      out.message(
          message.stream(),
          message.sequence(),
          message.logTimeNs(),
          message.publishTimeNs(),
          ByteBuffer.wrap(message.payload()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes bulk data: the mix of [BulkDrive].
  ///
  /// @throws IOException if the file cannot be written
  public static Result bulk(Path file, BulkDrive bulk, McapSettings settings) throws IOException {
    try (McapOutput out = new McapOutput(file, settings)) {
      Result written = bulk.writeTo(out);
      return new Result(written.messages(), written.payloadBytes(), out.finish());
    }
  }
}
