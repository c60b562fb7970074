package dev.lockstep.labels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A label file that is to be read.
///
/// @param path where it is; formats look at files beside it only where their pages say so
/// @param bytes its content
/// @param file how locations call it
/// @param setName name of the label set, if the file does not name one
/// @param stamps stamps of the frames, where the file gives none, or null for evenly spaced ones of
///   the format's usual rate
public record LabelInput(
    Path path, MemorySegment bytes, String file, String setName, @Nullable FrameStamps stamps) {

  /// A file under its own name.
  public static LabelInput of(Path path, MemorySegment bytes) {
    Path name = path.getFileName();
    String file = name == null ? path.toString() : name.toString();
    return new LabelInput(path, bytes, file, stem(file), null);
  }

  private static String stem(String file) {
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }

  /// The same with stamps of the frames.
  public LabelInput withStamps(FrameStamps known) {
    return new LabelInput(path, bytes, file, setName, known);
  }

  /// The stamps of the frames: those that are known, or evenly spaced ones of a `usual` rate.
  public FrameStamps frames(double usualHertz) {
    return stamps != null ? stamps : FrameStamps.at(usualHertz);
  }

  /// A copy of the content on the heap.
  public byte[] array() {
    return bytes.toArray(ValueLayout.JAVA_BYTE);
  }
}
