package dev.lockstep.labels;

import dev.lockstep.model.LabelSet;

/// What a writer should know besides the labels.
///
/// @param name name of the sequence; files are called after it
/// @param frameRateHertz rate of frames, 0 for the one that the labels declare or show
/// @param imageWidth width of the images, pixels, 0 for the one that the labels declare
/// @param imageHeight height of the images, pixels, 0 for the one that the labels declare
public record LabelWriteOptions(
    String name, double frameRateHertz, int imageWidth, int imageHeight) {
  /// Only what the labels say themselves.
  public static LabelWriteOptions of(LabelSet labels) {
    return new LabelWriteOptions(fileName(labels.name()), 0, 0, 0);
  }

  /// Letters, digits, dots, dashes and underscores of a name; other characters become `_`.
  public static String fileName(String name) {
    String safe = name.replaceAll("[^A-Za-z0-9._-]+", "_").replaceAll("^[._]+", "");
    return safe.isEmpty() ? "labels" : safe;
  }

  /// Width of the images; 0 if nobody says.
  public int widthOf(LabelSet labels) {
    return imageWidth > 0 ? imageWidth : labels.details().imageWidth();
  }

  /// Height of the images; 0 if nobody says.
  public int heightOf(LabelSet labels) {
    return imageHeight > 0 ? imageHeight : labels.details().imageHeight();
  }

  /// Rate of frames: asked for, declared, or shown by frame numbers and stamps; 0 if none.
  public double rateOf(LabelSet labels) {
    if (frameRateHertz > 0) {
      return frameRateHertz;
    }
    if (labels.details().frameRateHertz() > 0) {
      return labels.details().frameRateHertz();
    }
    int last = labels.size() - 1;
    if (last <= 0 || labels.frames()[0] < 0) {
      return 0;
    }
    long frames = labels.frames()[last] - labels.frames()[0];
    double seconds = (labels.stampsNs()[last] - labels.stampsNs()[0]) / 1e9;
    return frames > 0 && seconds > 0 ? frames / seconds : 0;
  }

  /// Frame numbers of the rows, where the first frame of the recording has number `first`: their
  /// own; without any, the stamps at the rate that was asked for; without one, the instants of the
  /// set in order.
  public long[] framesOf(LabelSet labels, int first) {
    int shift = first - labels.details().firstFrame();
    long[] frames = new long[labels.size()];
    long[] stamps = labels.stampsNs();
    long instant = 0;
    for (int row = 0; row < frames.length; row++) {
      if (row > 0 && stamps[row] != stamps[row - 1]) {
        instant++;
      }
      if (labels.frames()[row] >= 0) {
        frames[row] = labels.frames()[row] + shift;
      } else if (frameRateHertz > 0) {
        double seconds = (stamps[row] - stamps[0]) * 1e-9;
        frames[row] = first + Math.round(seconds * frameRateHertz);
      } else {
        frames[row] = first + instant;
      }
    }
    return frames;
  }

  /// Track ids as whole numbers: those that are keep theirs, others are numbered from above the
  /// largest one in order of appearance.
  public static long[] wholeIds(LabelSet labels) {
    long[] ids = new long[labels.trackCount()];
    long largest = 0;
    for (int t = 0; t < ids.length; t++) {
      String name = labels.trackName(t);
      ids[t] = name.matches("0|[1-9]\\d{0,8}") ? Long.parseLong(name) : -1;
      largest = Math.max(largest, ids[t]);
    }
    for (int t = 0; t < ids.length; t++) {
      if (ids[t] < 0) {
        ids[t] = ++largest;
      }
    }
    return ids;
  }
}
