package dev.lockstep.labels.mot;

import java.util.List;

/// A line of a MOTChallenge file, and what lies beside it.
///
/// ```text
/// ground truth of 2016 and later, 9 columns (motchallenge.net, "Instructions")
///   frame, id, left, top, width, height, flag, class, visibility
/// of 2015, and results of trackers and detectors of all years, 10 columns
///   frame, id, left, top, width, height, confidence, x, y, z
///
/// NAME/gt/gt.txt        the labels
/// NAME/gt/labels.txt    names of the classes, one a line, where they are others than below
/// NAME/seqinfo.ini      name, imDir, frameRate, seqLength, imWidth, imHeight, imExt
/// ```
///
/// Frames, ids and pixels count from 1. Flag 0 marks what an evaluation ignores; id -1 a detection
/// without a track; -1 in the last three columns "unknown". x, y, z are meters on the ground.
final class MotLayout {
  static final int TRUTH_COLUMNS = 9;
  static final int RESULT_COLUMNS = 10;

  static final String TRUTH_FOLDER = "gt";
  static final String TRUTH_FILE = "gt.txt";
  static final String CLASSES_FILE = "labels.txt";
  static final String SEQUENCE_FILE = "seqinfo.ini";

  /// Pixels of the first row and column.
  static final int FIRST_PIXEL = 1;

  static final List<String> COLUMNS =
      List.of("frame", "id", "left", "top", "width", "height", "flag", "class", "visibility");

  static final List<String> COLUMNS_OF_RESULTS =
      List.of("frame", "id", "left", "top", "width", "height", "confidence", "x", "y", "z");

  /// Classes 1 to 13 (MOT16 paper, table 3).
  static final List<String> CLASSES =
      List.of(
          "pedestrian",
          "person on vehicle",
          "car",
          "bicycle",
          "motorbike",
          "non motorized vehicle",
          "static person",
          "distractor",
          "occluder",
          "occluder on the ground",
          "occluder full",
          "reflection",
          "crowd");

  private MotLayout() {}
}
