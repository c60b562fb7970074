package dev.lockstep.source.nuscenes;

import dev.lockstep.source.SourceFormat;
import dev.lockstep.synth.NuscenesDrive;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.testing.SourceFormatContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class NuscenesContractTest implements SourceFormatContract {
  private static final SynthOptions SMALL =
      SynthOptions.DEFAULT.withSeed(3).withCloud(2, 24).withImages(32, 32);

  /// Enough for a keyframe behind the first.
  private static final int TURNS = NuscenesDrive.KEYFRAME_TURNS + 2;

  @Override
  public SourceFormat format() {
    return new NuscenesFormat();
  }

  /// Two scenes, the tables alone as T4 names their folder, and files without tables.
  @Override
  public void make(Path folder) throws IOException {
    new NuscenesDrive(SMALL, TURNS, true).make(2).write(folder.resolve("scenes"));
    Path tables = folder.resolve("tables");
    new NuscenesDrive(SMALL, TURNS, false).make(1).write(tables);
    Files.move(tables.resolve("v1.0-synth"), tables.resolve("annotation"));
    Path loose = folder.resolve("loose");
    new NuscenesDrive(SMALL, TURNS, true).make(1).write(loose);
    try (var files = Files.list(loose.resolve("v1.0-synth"))) {
      for (Path table : files.toList()) {
        Files.delete(table);
      }
    }
    Files.delete(loose.resolve("v1.0-synth"));
  }

  /// A list of points has no length of its own; tables and images end with a mark.
  @Override
  public boolean tellsItsLength(Path file) {
    return !file.toString().endsWith(".bin");
  }
}
