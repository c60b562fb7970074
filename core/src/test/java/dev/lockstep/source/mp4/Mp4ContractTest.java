package dev.lockstep.source.mp4;

import dev.lockstep.source.SourceFormat;
import dev.lockstep.testing.SourceFormatContract;

class Mp4ContractTest implements SourceFormatContract {
  @Override
  public SourceFormat format() {
    return new Mp4Format();
  }
}
