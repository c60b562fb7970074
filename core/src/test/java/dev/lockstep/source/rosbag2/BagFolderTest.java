package dev.lockstep.source.rosbag2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.codec.ZstdEncoder;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Severity;
import dev.lockstep.source.Probe;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.synth.Injector;
import dev.lockstep.synth.Rosbag2Output;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.testing.ReaderDriver;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is wrong with the folder of a recording and with what it says of itself.
class BagFolderTest {
  private static final int MESSAGES = 120;

  @TempDir Path folder;
  private Path bag;
  private Path yaml;

  @BeforeEach
  void write() throws IOException {
    bag = folder.resolve("drive");
    yaml = bag.resolve("metadata.yaml");
    SynthOptions options =
        SynthOptions.DEFAULT
            .withSeed(5)
            .withCloud(4, 36)
            .withImages(32, 32)
            .withRange(32)
            .withRates(50, 20)
            .withSeconds(1);
    try (Rosbag2Output out = new Rosbag2Output(bag, 4096, 50)) {
      Injector.drive(out, options, List.of());
    }
  }

  private List<String> defects() throws IOException {
    ReaderDriver.Read read =
        new ReaderDriver(new Rosbag2Format(new McapFormat())).threads(2).read(bag);
    return read.defects().stream().map(BagFolderTest::brief).toList();
  }

  private static String brief(Defect defect) {
    return defect.severity().label()
        + " "
        + defect.kind()
        + " "
        + defect.evidence().what()
        + " "
        + defect.evidence().observed();
  }

  private void replace(String from, String to) throws IOException {
    String text = Files.readString(yaml);
    assertThat(text).contains(from);
    Files.writeString(yaml, text.replaceFirst(java.util.regex.Pattern.quote(from), to));
  }

  @Test
  void aSoundRecordingIsReadThroughAllParts() throws Exception {
    assertThat(defects()).isEmpty();
    ReaderDriver.Read read =
        new ReaderDriver(new Rosbag2Format(new McapFormat())).steps(1, 2).read(bag);
    assertThat(read.messageCount()).isEqualTo(MESSAGES);
    assertThat(read.examined(DefectKind.BAG_METADATA)).isGreaterThan(10);
    assertThat(read.messages("/imu").file(0)).isEqualTo("drive_0.db3");
  }

  @Test
  void wrongCountsAreErrors() throws Exception {
    replace("message_count: 120", "message_count: 121");
    assertThat(defects()).containsExactly("error BAG_METADATA message count 121");
  }

  @Test
  void countsThatDifferForOneReasonAreOneFinding() throws Exception {
    replace("message_count: 120", "message_count: 121");
    replace("message_count: 50", "message_count: 51");
    assertThat(defects())
        .singleElement()
        .satisfies(one -> assertThat(one).isEqualTo("error BAG_METADATA message count 121"));
  }

  @Test
  void aNumberOfMoreThan64BitsAndATypeThatIsAnotherAreTold() throws Exception {
    replace("type: sensor_msgs/msg/Imu", "type: std_msgs/msg/Header");
    assertThat(defects()).containsExactly("warning BAG_METADATA type of /imu std_msgs/msg/Header");
    replace("message_count: 120", "message_count: 9223372036854775808");
    assertThat(defects())
        .containsExactly(
            "error BAG_METADATA metadata.yaml message_count is 9223372036854775808, not a whole"
                + " number of 64 bits");
  }

  @Test
  void streamsBehindAPartThatIsMissingAreMarked() throws Exception {
    Files.delete(bag.resolve("drive_1.db3"));
    ReaderDriver.Read read = new ReaderDriver(new Rosbag2Format(new McapFormat())).read(bag);
    byte[] flags = read.messages("/imu").flags();
    int marked = 0;
    for (int i = 0; i < read.messages("/imu").size(); i++) {
      marked += (flags[i] & dev.lockstep.model.MessageBatch.AFTER_LOSS) == 0 ? 0 : 1;
    }
    assertThat(marked).isEqualTo(1);
  }

  @Test
  void pagesOfZerosInARowAreToldTogether() throws Exception {
    bag = folder.resolve("long");
    SynthOptions options =
        SynthOptions.DEFAULT.withSeed(6).withCloud(4, 36).withImages(32, 32).withSeconds(4);
    try (Rosbag2Output out = new Rosbag2Output(bag, 4096, 100_000)) {
      Injector.drive(out, options, List.of());
    }
    Path part = bag.resolve("long_0.db3");
    byte[] content = Files.readAllBytes(part);
    Arrays.fill(content, content.length / 4 / 4096 * 4096, content.length / 2, (byte) 0);
    Files.write(part, content);
    List<String> pages =
        defects().stream().filter(one -> one.startsWith("error RECORD_MALFORMED")).toList();
    assertThat(pages).hasSizeBetween(1, 6).anyMatch(one -> one.contains(" times in a row"));
  }

  @Test
  void countsThatFollowFromDamageAreTold() throws Exception {
    Path part = bag.resolve("drive_1.db3");
    Files.write(part, new byte[0]);
    List<String> found = defects();
    assertThat(found.getFirst()).startsWith("error FILE_EMPTY");
    assertThat(found.subList(1, found.size()))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("info BAG_METADATA"));
  }

  @Test
  void wrongTimesAreWarnings() throws Exception {
    String start = Files.readString(yaml).lines().toList().get(6).strip();
    replace(start, "nanoseconds_since_epoch: 17");
    assertThat(defects())
        .containsExactly("warning BAG_METADATA starting time of the recording (ns) 17");
  }

  @Test
  void aWrongStorageIsAnError() throws Exception {
    replace("storage_identifier: sqlite3", "storage_identifier: mcap");
    assertThat(defects()).containsExactly("error BAG_METADATA storage identifier mcap");
  }

  @Test
  void aMissingPartIsNamedAndTheOthersAreRead() throws Exception {
    Files.delete(bag.resolve("drive_1.db3"));
    assertThat(defects())
        .containsExactly("error FILE_MISSING file that metadata.yaml lists missing");
  }

  @Test
  void aPartThatIsNotListedIsReadAndNamed() throws Exception {
    replace("    - drive_2.db3\n", "");
    assertThat(defects()).containsExactly("warning BAG_METADATA file drive_2.db3 not listed");
  }

  @Test
  void partsInTheWrongOrderAreAnError() throws Exception {
    replace("    - drive_0.db3\n    - drive_1.db3\n", "    - drive_1.db3\n    - drive_0.db3\n");
    assertThat(defects())
        .containsExactly("error BAG_METADATA order of parts drive_0.db3 lies before drive_1.db3");
  }

  @Test
  void missingMetadataAreAWarning() throws Exception {
    Files.delete(yaml);
    assertThat(new Rosbag2Format(new McapFormat()).match(Probe.of(bag)).claimed()).isTrue();
    assertThat(defects()).containsExactly("warning FILE_MISSING metadata.yaml missing");
  }

  @Test
  void unreadableMetadataAreAnErrorAndThePartsAreRead() throws Exception {
    Files.writeString(yaml, "rosbag2_bagfile_information: [\n");
    assertThat(defects()).hasSize(1).first().asString().startsWith("error BAG_METADATA");
  }

  @Test
  void messagesCompressedOneByOneAreRead() throws Exception {
    for (int part = 0; part < 3; part++) {
      try (Connection connection = Databases.open(bag.resolve("drive_" + part + ".db3"));
          PreparedStatement update =
              connection.prepareStatement("UPDATE messages SET data=? WHERE id=?");
          ResultSet rows =
              connection.createStatement().executeQuery("SELECT id, data FROM messages")) {
        while (rows.next()) {
          update.setBytes(1, zstd(rows.getBytes(2)));
          update.setLong(2, rows.getLong(1));
          update.addBatch();
        }
        update.executeBatch();
      }
    }
    replace("compression_format: \"\"", "compression_format: zstd");
    replace("compression_mode: \"\"", "compression_mode: MESSAGE");
    assertThat(defects()).isEmpty();
  }

  @Test
  void partsCompressedAsAWholeAreRead() throws Exception {
    for (int part = 0; part < 3; part++) {
      Path plain = bag.resolve("drive_" + part + ".db3");
      Files.write(bag.resolve("drive_" + part + ".db3.zstd"), zstd(Files.readAllBytes(plain)));
      Files.delete(plain);
    }
    String text = Files.readString(yaml);
    Files.writeString(yaml, text.replace(".db3", ".db3.zstd"));
    assertThat(defects()).isEmpty();
  }

  private static byte[] zstd(byte[] plain) {
    try (ZstdEncoder encoder = new ZstdEncoder(3, true)) {
      MemorySegment out =
          java.lang.foreign.Arena.ofAuto().allocate(encoder.maxCompressedBytes(plain.length));
      long length = encoder.compress(MemorySegment.ofArray(plain), out);
      return out.asSlice(0, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }
  }

  @Test
  void damageNeverThrowsAndIsAlwaysLocated() throws Exception {
    Path part = bag.resolve("drive_1.db3");
    byte[] sound = Files.readAllBytes(part);
    for (int round = 0; round < 100; round++) {
      SplittableRandom random = new SplittableRandom(round);
      byte[] bytes = sound.clone();
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        int at = random.nextInt(bytes.length);
        Arrays.fill(
            bytes,
            at,
            Math.min(bytes.length, at + random.nextInt(1, 200)),
            (byte) random.nextInt());
      }
      Files.write(part, Arrays.copyOf(bytes, random.nextInt(1, bytes.length + 1)));
      ReaderDriver.Read read =
          new ReaderDriver(new Rosbag2Format(new McapFormat())).threads(2).read(bag);
      for (Defect defect : read.defects(Severity.INFO)) {
        assertThat(defect.location().file()).as("round " + round).isNotNull();
      }
      assertThat(read.defects()).as("round " + round).isNotEmpty();
    }
  }
}
