package dev.lockstep.check.integrity;

import dev.lockstep.check.BlockCheck;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Block;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StoredBlocks;

/// INT040: the data is not what it was when the block manifest was made.
public final class BlockDiffers implements BlockCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "INT040",
          BlockDiffers.class,
          Severity.ERROR,
          "Messages were changed, exchanged, replayed, lost or added since the recording was"
              + " sealed.");

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public Observer open(String stream, StoredBlocks stored, CheckSink sink) {
    return stored.blocks(stream) == 0
        ? new Unknown(stream, sink)
        : new Comparison(stream, stored, sink);
  }

  /// A stream that was sealed.
  private static final class Comparison implements Observer {
    private final String stream;
    private final StoredBlocks stored;
    private final BlockAlignment alignment;
    private long compared;

    Comparison(String stream, StoredBlocks stored, CheckSink sink) {
      this.stream = stream;
      this.stored = stored;
      this.alignment = new BlockAlignment(stream, stored, sink);
    }

    @Override
    public void onBlock(Block computed) {
      compared++;
      alignment.accept(computed);
    }

    @Override
    public Conclusion onEnd() {
      alignment.end();
      return new Conclusion.Examined(Math.max(compared, stored.blocks(stream)));
    }
  }

  /// A stream that the manifest does not know.
  private static final class Unknown implements Observer {
    private final String stream;
    private final CheckSink sink;
    private long blocks;

    Unknown(String stream, CheckSink sink) {
      this.stream = stream;
      this.sink = sink;
    }

    @Override
    public void onBlock(Block computed) {
      if (blocks++ == 0) {
        sink.report(
            Severity.ERROR,
            "stream was added after sealing",
            Location.stream(stream),
            new Evidence.Violation("manifest", "does not know it", "every stream"));
      }
    }

    @Override
    public Conclusion onEnd() {
      return Conclusion.examined(blocks, "the stream has no messages");
    }
  }
}
