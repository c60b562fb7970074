package dev.lockstep.synth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.source.rosbag2.Rosbag2Format;
import dev.lockstep.synth.encode.Schema;
import dev.lockstep.synth.fault.StreamSpec;
import dev.lockstep.testing.ReaderDriver;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Our writer of databases, by the judgement of SQLite.
class Rosbag2OutputTest {
  @TempDir Path folder;

  private void write(Path bag, int pageSize, int count, int maxBytes, int perPart)
      throws Exception {
    try (Rosbag2Output out = new Rosbag2Output(bag, pageSize, perPart)) {
      out.stream(new StreamSpec("/a", new Schema("x_msgs/msg/A", "ros2msg", "raw", new byte[0])));
      for (int i = 0; i < count; i++) {
        byte[] data = new byte[(i * 7919) % (maxBytes + 1)];
        out.message(0, 0, 1_700_000_000_000_000_000L + i, 0, ByteBuffer.wrap(data));
      }
      out.finish();
    }
  }

  private static String ask(Path file, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getString(1) : "";
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 4096, 65536})
  void writesDatabasesThatSqliteFindsWhole(int pageSize) throws Exception {
    int count = 4000;
    Path bag = folder.resolve("bag");
    write(bag, pageSize, count, 3000, count);
    Path file = bag.resolve("bag_0.db3");
    assertThat(ask(file, "PRAGMA integrity_check")).isEqualTo("ok");
    assertThat(ask(file, "SELECT count(*) FROM messages")).isEqualTo("" + count);
    assertThat(
            ask(
                file,
                "SELECT count(*) FROM messages INDEXED BY timestamp_idx"
                    + " WHERE timestamp >= 1700000000000000000"))
        .isEqualTo("" + count);
    assertThat(ask(file, "SELECT sum(length(data)) FROM messages"))
        .isEqualTo(
            ""
                + java.util.stream.IntStream.range(0, count)
                    .map(i -> i * 7919 % 3001)
                    .asLongStream()
                    .sum());
  }

  @Test
  void splitsAsItsMetadataSay() throws Exception {
    Path bag = folder.resolve("bag");
    write(bag, 4096, 1000, 300, 400);
    ReaderDriver.Read read =
        new ReaderDriver(new Rosbag2Format(new McapFormat())).threads(2).read(bag);
    assertThat(read.messageCount()).isEqualTo(1000);
    assertThat(read.defects()).isEmpty();
    assertThat(read.messages("/a").file(999)).isEqualTo("bag_2.db3");
  }

  @Test
  void writesAnEmptyRecording() throws Exception {
    Path bag = folder.resolve("bag");
    write(bag, 4096, 0, 1, 400);
    assertThat(ask(bag.resolve("bag_0.db3"), "PRAGMA integrity_check")).isEqualTo("ok");
    assertThat(new ReaderDriver(new Rosbag2Format(new McapFormat())).read(bag).defects()).isEmpty();
  }
}
