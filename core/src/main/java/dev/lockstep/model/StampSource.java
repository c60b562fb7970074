package dev.lockstep.model;

/// Where the stamps of a stream come from, which decides what they can prove.
public enum StampSource {
  /// The sensor's own stamp inside the payload (ROS header, foxglove timestamp).
  HEADER("header stamp"),
  /// The file name of each message (Argoverse 2, nuScenes).
  FILE_NAME("file name"),
  /// A separate list of stamps, one line a message (KITTI `timestamps.txt`).
  LIST("stamp list"),
  /// A column of a table (Argoverse 2 poses and annotations).
  COLUMN("table column"),
  /// The recorder's log time: no sensor stamp was found.
  LOG_TIME("log time"),
  /// The time at which a player shows a frame, from the begin of its track: made by whoever wrote
  /// the file, from an assumed rate as a rule, and not measured at the sensor.
  MEDIA_TIME("media time"),
  /// A frame number times a declared rate: stamps that nobody measured.
  FRAME_NUMBER("frame number");

  private final String label;

  StampSource(String label) {
    this.label = label;
  }

  /// The source in words, for reports.
  public String label() {
    return label;
  }

  /// Whether somebody measured these stamps at the sensor, so that order and spacing are evidence
  /// about the sensor and not about the recorder.
  public boolean measuredAtSensor() {
    return this == HEADER || this == FILE_NAME || this == LIST || this == COLUMN;
  }
}
