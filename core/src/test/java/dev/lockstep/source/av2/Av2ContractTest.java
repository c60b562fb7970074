package dev.lockstep.source.av2;

import dev.lockstep.source.SourceFormat;
import dev.lockstep.testing.Feathers;
import dev.lockstep.testing.SourceFormatContract;
import java.io.IOException;
import java.nio.file.Path;

class Av2ContractTest implements SourceFormatContract {
  private static final long T = 315_966_265_000_000_000L;

  @Override
  public SourceFormat format() {
    return new Av2Format();
  }

  @Override
  public void make(Path folder) throws IOException {
    Path log = folder.resolve("log");
    long[] stamps = new long[5];
    for (int i = 0; i < stamps.length; i++) {
      stamps[i] = T + i * 100_000_000L;
      Feathers.sweep(200 + i).write(log.resolve("sensors/lidar/" + stamps[i] + ".feather"));
    }
    Feathers.poses(stamps).write(log.resolve("city_SE3_egovehicle.feather"));
    Feathers.annotations(
            new long[] {T, T, stamps[1], stamps[1]},
            new String[] {"a", "b", "a", "b"},
            new String[] {"BUS", "BOLLARD", "BUS", "BOLLARD"})
        .write(log.resolve("annotations.feather"));
  }
}
