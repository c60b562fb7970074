package dev.lockstep.model;

import org.jspecify.annotations.Nullable;

/// One stream of a recording: ordered messages of one sensor or label source.
///
/// @param id dense number of the stream in its recording, in order of first appearance
/// @param name topic, sensor folder or label set name; unique in the recording
/// @param modality kind of sensor
/// @param stampSource where [MessageBatch#stampsNs] come from
/// @param encoding how payloads are coded (`cdr`, `protobuf`, `json`, `png`, ...); empty if unknown
/// @param schema name of the message type (`sensor_msgs/msg/PointCloud2`, ...); empty if none
/// @param stampStepNs finest step, ns, that the numbers which store the stamps allow: 239 for
///   seconds since 1970 in a 64-bit float; 1 for whole nanoseconds and where nothing is known
/// @param unit what one message of this stream is called in a sentence (`sweep`, `image`, ...)
public record StreamInfo(
    int id,
    String name,
    Modality modality,
    StampSource stampSource,
    String encoding,
    String schema,
    long stampStepNs,
    String unit) {

  /// A stream whose unit word follows from its modality.
  public static StreamInfo of(
      int id,
      String name,
      Modality modality,
      StampSource stampSource,
      @Nullable String encoding,
      @Nullable String schema) {
    return new StreamInfo(
        id,
        name,
        modality,
        stampSource,
        encoding == null ? "" : encoding,
        schema == null ? "" : schema,
        1,
        unitOf(modality));
  }

  /// The same stream with another number.
  public StreamInfo withId(int number) {
    return new StreamInfo(number, name, modality, stampSource, encoding, schema, stampStepNs, unit);
  }

  /// The same stream, whose stamps are stored in numbers with that step.
  public StreamInfo withStampStep(long stepNs) {
    return new StreamInfo(id, name, modality, stampSource, encoding, schema, stepNs, unit);
  }

  private static String unitOf(Modality modality) {
    return switch (modality) {
      case LIDAR -> "sweep";
      case CAMERA -> "image";
      case VIDEO -> "frame";
      case LABELS -> "label frame";
      case RADAR, IMU, GNSS, POSE, OTHER -> "message";
    };
  }
}
