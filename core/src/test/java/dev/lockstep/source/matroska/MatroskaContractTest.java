package dev.lockstep.source.matroska;

import dev.lockstep.source.SourceFormat;
import dev.lockstep.synth.VideoClip;
import dev.lockstep.testing.SourceFormatContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class MatroskaContractTest implements SourceFormatContract {
  @Override
  public SourceFormat format() {
    return new MatroskaFormat();
  }

  /// Sizes of a live stream are unknown: a cut behind any block leaves a whole one.
  @Override
  public boolean tellsItsLength(Path file) {
    return !file.toString().contains("live");
  }

  @Override
  public void make(Path folder) throws IOException {
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.write(other.resolve("other.webm"), new VideoClip(11, 30, 10).matroska().file(7));
  }
}
