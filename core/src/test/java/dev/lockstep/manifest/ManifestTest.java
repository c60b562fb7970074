package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.lockstep.checksum.Crc32c;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Block;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.MessagePlaces;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.testing.Golden;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  private static final StreamInfo LIDAR =
      StreamInfo.of(0, "/lidar", Modality.LIDAR, StampSource.HEADER, "cdr", "");
  private static final StreamInfo VIDEO =
      StreamInfo.of(1, "/vidéo", Modality.VIDEO, StampSource.HEADER, "cdr", "");

  @TempDir Path folder;

  /// Blocks of two streams, in turns, `messages` each.
  private static List<Block> blocks(int messages, BlockLimits limits) {
    List<Block> blocks = new ArrayList<>();
    for (StreamInfo stream : List.of(LIDAR, VIDEO)) {
      BlockBuilder builder = new BlockBuilder(stream, limits, blocks::add);
      MessageBatch batch = new MessageBatch(stream, messages);
      for (int i = 0; i < messages; i++) {
        long stampNs = stream == VIDEO && i == 0 ? Times.NONE : 1_700_000_000_000_000_000L + i;
        int row = batch.add(stampNs, i, i, i * 100L, 64 + i % 7);
        batch.setCrc32c(row, Crc32c.updateInt(stream.id(), i));
        if (i % 12 == 0) {
          batch.addFlags(row, MessageBatch.KEYFRAME);
        }
      }
      builder.accept(batch);
      builder.end();
    }
    blocks.sort((a, b) -> Long.compare(a.firstMessage(), b.firstMessage()));
    return blocks;
  }

  private Path write(String name, List<Block> blocks, BlockLimits limits) throws IOException {
    Path file = folder.resolve(name);
    ManifestHeader header = new ManifestHeader(limits, "drive.mcap", "mcap", 12345);
    try (ManifestWriter writer = ManifestWriter.create(file, header)) {
      for (Block block : blocks) {
        writer.add(block);
      }
      ManifestWriter.Written written = writer.commit();
      assertThat(written.blocks()).isEqualTo(blocks.size());
      assertThat(written.fileBytes()).isEqualTo(Files.size(file));
    }
    return file;
  }

  private static ManifestReader whole(Path file) throws IOException {
    return switch (ManifestReader.open(file)) {
      case ManifestReader.Opened.Whole whole -> whole.manifest();
      case ManifestReader.Opened.Damaged damaged -> fail(damaged.defect().toString());
    };
  }

  private static String damage(Path file) throws IOException {
    return switch (ManifestReader.open(file)) {
      case ManifestReader.Opened.Whole whole -> {
        whole.manifest().close();
        yield "";
      }
      case ManifestReader.Opened.Damaged damaged -> {
        var evidence = damaged.defect().evidence();
        yield evidence.what() + " " + evidence.observed();
      }
    };
  }

  private static Block withoutPlaces(Block b) {
    return new Block(
        b.stream(),
        b.index(),
        b.firstMessage(),
        b.positionBytes(),
        b.firstStampNs(),
        b.lastStampNs(),
        b.bytes(),
        b.crc32c(),
        b.chainedCrc32c(),
        b.messageCrc32c(),
        MessagePlaces.NONE);
  }

  @Test
  void theSchemaIsFrozen() throws IOException {
    Path file = write("golden.blocks.arrow", blocks(25, BlockLimits.DEFAULT), BlockLimits.DEFAULT);
    StringBuilder text = new StringBuilder();
    try (RootAllocator allocator = new RootAllocator();
        FileChannel channel = FileChannel.open(file);
        ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
      var root = reader.getVectorSchemaRoot();
      root.getSchema().getFields().forEach(field -> text.append(field).append('\n'));
      new java.util.TreeMap<>(root.getSchema().getCustomMetadata())
          .forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
      while (reader.loadNextBatch()) {
        for (int row = 0; row < root.getRowCount(); row++) {
          for (FieldVector column : root.getFieldVectors()) {
            Object value = column.getObject(row);
            text.append(value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value);
            text.append(' ');
          }
          text.append('\n');
        }
      }
    }
    Golden.assertMatches(
        ManifestTest.class, "manifest.txt", text.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void givesEveryBlockBackOverManyBatches() throws IOException {
    BlockLimits limits = new BlockLimits(3, 1000);
    List<Block> blocks = blocks(6001, limits);
    Path file = write("many.blocks.arrow", blocks, limits);
    try (ManifestReader manifest = whole(file)) {
      assertThat(manifest.header())
          .isEqualTo(new ManifestHeader(limits, "drive.mcap", "mcap", 12345));
      assertThat(manifest.streams()).containsExactly("/lidar", "/vidéo");
      assertThat(manifest.messages("/lidar")).isEqualTo(6001);
      assertThat(manifest.blocks("/none")).isZero();
      for (Block block : blocks) {
        assertThat(manifest.block(block.stream(), (int) block.index()))
            .isEqualTo(withoutPlaces(block));
        assertThat(manifest.blockOf(block.stream(), block.firstMessage()))
            .isEqualTo((int) block.index());
        assertThat(manifest.blockOf(block.stream(), block.lastMessage()))
            .isEqualTo((int) block.index());
      }
    }
  }

  @Test
  void aManifestOfNoBlocksIsWhole() throws IOException {
    try (ManifestReader manifest =
        whole(write("none.blocks.arrow", List.of(), BlockLimits.DEFAULT))) {
      assertThat(manifest.streams()).isEmpty();
    }
  }

  @Test
  void equalBlocksGiveEqualBytesAndNothingElseIsLeft() throws IOException {
    List<Block> blocks = blocks(500, BlockLimits.DEFAULT);
    Path first = write("a.blocks.arrow", blocks, BlockLimits.DEFAULT);
    Path second = write("b.blocks.arrow", blocks, BlockLimits.DEFAULT);
    assertThat(second).hasSameBinaryContentAs(first);
    ManifestHeader header = new ManifestHeader(BlockLimits.DEFAULT, "c", "mcap", 0);
    try (ManifestWriter writer = ManifestWriter.create(folder.resolve("c"), header)) {
      writer.add(blocks.getFirst());
    }
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(first, second);
    }
  }

  @Test
  void namesAChainThatBreaks() throws IOException {
    List<Block> blocks = new ArrayList<>(blocks(100, BlockLimits.DEFAULT));
    Block b = blocks.get(6);
    blocks.set(
        6,
        new Block(
            b.stream(),
            b.index(),
            b.firstMessage(),
            b.positionBytes(),
            b.firstStampNs(),
            b.lastStampNs(),
            b.bytes(),
            b.crc32c() ^ 1,
            b.chainedCrc32c(),
            b.messageCrc32c(),
            b.places()));
    assertThat(damage(write("chain.blocks.arrow", blocks, BlockLimits.DEFAULT)))
        .startsWith("chained CRC-32C of block " + b.index() + " of " + b.stream());
  }

  @Test
  void namesBlocksThatAreOutOfOrder() throws IOException {
    List<Block> blocks = new ArrayList<>(blocks(100, BlockLimits.DEFAULT));
    blocks.remove(5);
    assertThat(damage(write("order.blocks.arrow", blocks, BlockLimits.DEFAULT)))
        .startsWith("next block of ");
  }

  @Test
  void noDamageThrowsAndNoChangedValueIsBelieved() throws IOException {
    List<Block> blocks = blocks(300, BlockLimits.DEFAULT);
    byte[] sound = Files.readAllBytes(write("sound.blocks.arrow", blocks, BlockLimits.DEFAULT));
    List<Block> stored = blocks.stream().map(ManifestTest::withoutPlaces).toList();
    int mappings = MappedFile.openCount();
    Path file = folder.resolve("hurt.blocks.arrow");
    int refused = 0;
    for (long seed = 1; seed <= 1500; seed++) {
      Random random = new Random(seed);
      byte[] hurt = sound.clone();
      switch (random.nextInt(4)) {
        case 0 -> hurt[random.nextInt(hurt.length)] ^= (byte) (1 << random.nextInt(8));
        case 1 -> hurt = Arrays.copyOf(hurt, random.nextInt(hurt.length));
        case 2 -> {
          byte[] noise = new byte[1 + random.nextInt(16)];
          random.nextBytes(noise);
          System.arraycopy(noise, 0, hurt, random.nextInt(hurt.length - 16), noise.length);
        }
        default -> {
          int from = random.nextInt(hurt.length - 64);
          System.arraycopy(sound, random.nextInt(hurt.length - 64), hurt, from, 64);
        }
      }
      Files.write(file, hurt);
      switch (ManifestReader.open(file)) {
        case ManifestReader.Opened.Damaged damaged -> refused++;
        case ManifestReader.Opened.Whole whole -> {
          // Padding and redundant metadata may change; what the manifest says may not.
          try (ManifestReader manifest = whole.manifest()) {
            for (Block block : stored) {
              assertThat(manifest.block(block.stream(), (int) block.index()))
                  .as("seed %d", seed)
                  .isEqualTo(block);
            }
          }
        }
      }
    }
    assertThat(refused).isGreaterThan(700);
    assertThat(MappedFile.openCount()).isEqualTo(mappings);
  }

  /// Rows that are looked up are those that were sealed, or the damage shows.
  @Test
  void noDamageChangesWhatIsLookedUp() throws IOException {
    BlockLimits limits = new BlockLimits(1, 1000);
    List<Block> blocks = blocks(1300, limits);
    byte[] sound = Files.readAllBytes(write("sound.blocks.arrow", blocks, limits));
    List<Block> stored = blocks.stream().map(ManifestTest::withoutPlaces).toList();
    int mappings = MappedFile.openCount();
    Path file = folder.resolve("hurt.blocks.arrow");
    int[] counts = new int[3];
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      byte[] hurt = sound.clone();
      hurt[random.nextInt(hurt.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, hurt);
      switch (ManifestReader.openForLookUp(file)) {
        case ManifestReader.Opened.Damaged damaged -> {
          assertThat(damage(file)).as("seed %d", seed).isNotEmpty();
          counts[0]++;
        }
        case ManifestReader.Opened.Whole whole -> {
          try (ManifestReader manifest = whole.manifest()) {
            for (Block block : stored) {
              int found = manifest.blockOf(block.stream(), block.firstMessage());
              assertThat(manifest.block(block.stream(), found))
                  .as("seed %d", seed)
                  .isEqualTo(block);
            }
            counts[1]++;
          } catch (ManifestReader.UnsoundException e) {
            assertThat(damage(file)).as("seed %d", seed).isNotEmpty();
            counts[2]++;
          }
        }
      }
    }
    assertThat(counts[0]).isGreaterThan(50);
    assertThat(counts[2]).isGreaterThan(50);
    assertThat(MappedFile.openCount()).isEqualTo(mappings);
  }

  @Test
  void randomBytesAreRefused() throws IOException {
    Path file = folder.resolve("noise.blocks.arrow");
    for (long seed = 1; seed <= 50; seed++) {
      byte[] noise = new byte[new Random(seed).nextInt(300)];
      new Random(seed).nextBytes(noise);
      Files.write(file, noise);
      assertThat(damage(file)).as("seed %d", seed).isNotEmpty();
    }
  }

  @Test
  void theChainSeesExchangedBlocksOfEqualContent() {
    MemorySegment name = MemorySegment.ofArray("/lidar".getBytes(StandardCharsets.UTF_8));
    int first = BlockBuilder.chain(1, name, 0, 10, 0);
    assertThat(BlockBuilder.chain(1, name, 1, 10, first)).isNotEqualTo(first);
  }

  @Test
  void liesBesideFilesAndFolders() {
    assertThat(ManifestFiles.of(Path.of("/data/drive.mcap")))
        .isEqualTo(Path.of("/data/drive.mcap.blocks.arrow"));
    assertThat(ManifestFiles.of(Path.of("/data/kitti/./x/..")))
        .isEqualTo(Path.of("/data/kitti.blocks.arrow"));
  }
}
