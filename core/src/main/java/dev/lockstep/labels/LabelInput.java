package dev.lockstep.labels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// A label file that is to be read.
///
/// @param path where it is; formats look at files beside it only where their pages say so
/// @param bytes its content
/// @param file how locations call it
/// @param setName name of the label set, if the file does not name one
/// @param frameRateHertz rate of frames where the file gives none; 0 for the format's usual one
public record LabelInput(
    Path path, MemorySegment bytes, String file, String setName, double frameRateHertz) {

  /// A file under its own name.
  public static LabelInput of(Path path, MemorySegment bytes) {
    Path name = path.getFileName();
    String file = name == null ? path.toString() : name.toString();
    return new LabelInput(path, bytes, file, stem(file), 0);
  }

  private static String stem(String file) {
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }

  /// The same with a rate of frames.
  public LabelInput withFrameRate(double hertz) {
    return new LabelInput(path, bytes, file, setName, hertz);
  }

  /// The rate of frames: the one that was asked for, or `usual`.
  public double frameRateOr(double usual) {
    return frameRateHertz > 0 ? frameRateHertz : usual;
  }

  /// A copy of the content on the heap.
  public byte[] array() {
    return bytes.toArray(ValueLayout.JAVA_BYTE);
  }
}
