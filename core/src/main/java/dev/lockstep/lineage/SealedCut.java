package dev.lockstep.lineage;

import dev.lockstep.engine.Engine;
import dev.lockstep.manifest.BlockBuilder;
import dev.lockstep.manifest.BlockFeed;
import dev.lockstep.manifest.BlockLimits;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.manifest.ManifestHeader;
import dev.lockstep.manifest.ManifestReader;
import dev.lockstep.manifest.ManifestWriter;
import dev.lockstep.model.Block;
import dev.lockstep.model.MessageCrcs;
import dev.lockstep.model.MessagePlaces;
import dev.lockstep.model.Span;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.RecordingCutter.Plan;
import dev.lockstep.source.RecordingCutter.Window;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Cuts messages of a sealed recording together with what its manifest says of them: each message
/// is a block of its own in the manifest of the cut, with the checksum that was stored for it.
///
/// A message stays whole: its checksum is of all of it.
final class SealedCut {
  private final RecordingCutter cutter;
  private final SourceFormat format;
  private final Engine engine;
  private final ReportedFinding target;
  private final Path recording;
  private int tries;

  SealedCut(
      RecordingCutter cutter,
      SourceFormat format,
      Engine engine,
      ReportedFinding target,
      Path recording) {
    this.cutter = cutter;
    this.format = format;
    this.engine = engine;
    this.target = target;
    this.recording = recording;
  }

  /// Number of cuts that were tried.
  int tries() {
    return tries;
  }

  /// The smallest cut that gives the finding, in `folder`; null if none does.
  ///
  /// @throws IOException if it cannot be read or written
  @Nullable Path search(Path folder) throws IOException {
    Path manifest = ManifestFiles.of(recording);
    if (!Files.exists(manifest)) {
      return null;
    }
    return switch (ManifestReader.open(manifest)) {
      case ManifestReader.Opened.Damaged _ -> besideDamaged(manifest, folder);
      case ManifestReader.Opened.Whole whole -> {
        try (ManifestReader rows = whole.manifest()) {
          yield of(rows, folder);
        }
      }
    };
  }

  /// What a damaged manifest says does not depend on the recording: one message will do.
  private @Nullable Path besideDamaged(Path manifest, Path folder) throws IOException {
    List<String> streams = cutter.streams();
    if (streams.isEmpty()) {
      return null;
    }
    String stream = streams.getFirst();
    long at = cutter.axisOf(stream, 0);
    Reproduction.empty(folder);
    Path cut = cutter.cut(new Plan(Set.of(stream), new Window(at, at), false), folder);
    Files.copy(manifest, ManifestFiles.of(cut));
    return gives(cut) ? cut : null;
  }

  private @Nullable Path of(ManifestReader rows, Path folder) throws IOException {
    String stream = target.location().stream();
    Span messages = target.location().messages();
    if (stream == null || messages == null || !cutter.streams().contains(stream)) {
      return null;
    }
    long count = rows.messages(stream);
    for (long more = 0; ; more = Math.max(1, 2 * more)) {
      long first = Math.max(0, messages.first() - more);
      long last = Math.min(count - 1, messages.last() + more);
      if (first > last) {
        return null;
      }
      Window window = new Window(cutter.axisOf(stream, first), cutter.axisOf(stream, last));
      Reproduction.empty(folder);
      Path cut = cutter.cut(new Plan(Set.of(stream), window, false), folder);
      writeManifest(cut, rows, stream, first, last);
      if (gives(cut)) {
        return cut;
      }
      if (first == 0 && last == count - 1) {
        return null;
      }
    }
  }

  private boolean gives(Path cut) throws IOException {
    tries++;
    return Reproduction.matching(engine.check(cut, ManifestFiles.name(cut), format), target, false)
        != null;
  }

  /// Writes what the manifest says of messages `first` to `last` beside the cut that holds them.
  private void writeManifest(Path cut, ManifestReader rows, String stream, long first, long last)
      throws IOException {
    BlockLimits single = new BlockLimits(1, Integer.MAX_VALUE);
    List<Block> computed = new ArrayList<>();
    engine.check(
        cut,
        ManifestFiles.name(cut),
        format,
        _ -> {},
        (_, _) -> {},
        List.of(new BlockFeed(single, computed::add)));
    ManifestHeader header =
        new ManifestHeader(
            single, ManifestFiles.name(cut), format.name(), ManifestFiles.sizeBytes(cut));
    try (ManifestWriter writer = ManifestWriter.create(ManifestFiles.of(cut), header)) {
      int chained = 0;
      for (Block block : computed) {
        long message = first + block.index();
        if (block.stream().equals(stream) && message <= last) {
          Block sealed = rows.block(stream, rows.blockOf(stream, message));
          int crc = sealed.messageCrc32c().get((int) (message - sealed.firstMessage()));
          chained = BlockBuilder.chain(crc, stream, block.index(), block.firstStampNs(), chained);
          writer.add(withSum(block, crc, chained));
        }
      }
      writer.commit();
    }
  }

  private static Block withSum(Block block, int crc, int chained) {
    return new Block(
        block.stream(),
        block.index(),
        block.firstMessage(),
        block.positionBytes(),
        block.firstStampNs(),
        block.lastStampNs(),
        block.bytes(),
        crc,
        chained,
        new MessageCrcs(new int[] {crc}, 1),
        MessagePlaces.NONE);
  }
}
