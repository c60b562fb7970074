package dev.lockstep.source.mcap;

import dev.lockstep.source.SourceFormat;
import dev.lockstep.testing.SourceFormatContract;
import java.nio.file.Path;

class McapContractTest implements SourceFormatContract {
  @Override
  public SourceFormat format() {
    return new McapFormat();
  }

  /// Chunks and summary have sums of their own; what lies between is stored twice, in indexes.
  @Override
  public boolean underChecksum(Path file) {
    return true;
  }
}
