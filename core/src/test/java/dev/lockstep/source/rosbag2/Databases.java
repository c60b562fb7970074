package dev.lockstep.source.rosbag2;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

/// Bags made and read by SQLite itself.
final class Databases {
  static final String MESSAGES =
      "CREATE TABLE messages(id INTEGER PRIMARY KEY,topic_id INTEGER NOT NULL,"
          + "timestamp INTEGER NOT NULL, data BLOB NOT NULL)";
  static final String TOPICS =
      "CREATE TABLE topics(id INTEGER PRIMARY KEY,name TEXT NOT NULL,type TEXT NOT NULL,"
          + "serialization_format TEXT NOT NULL,offered_qos_profiles TEXT NOT NULL)";
  static final long START_NS = 1_700_000_000_000_000_000L;

  private Databases() {}

  static Connection open(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  static Connection openReadOnly(Path file) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:sqlite:file:" + file.toAbsolutePath() + "?immutable=1");
  }

  static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /// Makes the tables with two topics of a type that is not known.
  static void tables(Connection connection) throws SQLException {
    run(
        connection,
        TOPICS,
        MESSAGES,
        "CREATE INDEX timestamp_idx ON messages (timestamp ASC)",
        "INSERT INTO topics VALUES(1,'/a','x_msgs/msg/A','raw','')",
        "INSERT INTO topics VALUES(2,'/b','x_msgs/msg/B','raw','')");
  }

  /// Adds messages of 0 to `maxBytes` bytes.
  static void fill(Connection connection, int count, int maxBytes, long seed, int from)
      throws SQLException {
    Random random = new Random(seed);
    connection.setAutoCommit(false);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO messages(topic_id,timestamp,data) VALUES(?,?,?)")) {
      for (int i = 0; i < count; i++) {
        byte[] data = new byte[random.nextInt(maxBytes + 1)];
        random.nextBytes(data);
        insert.setInt(1, 1 + random.nextInt(2));
        insert.setLong(2, START_NS + (from + i) * 1_000_000L);
        insert.setBytes(3, data);
        insert.execute();
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  /// Topic, time, length and CRC-32 of every message, by SQLite.
  static List<String> messages(Connection connection) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet all =
            statement.executeQuery(
                "SELECT name, timestamp, data FROM messages JOIN topics ON topics.id = topic_id"
                    + " ORDER BY messages.id")) {
      while (all.next()) {
        byte[] data = all.getBytes(3);
        CRC32 crc = new CRC32();
        crc.update(data == null ? new byte[0] : data);
        rows.add(
            all.getString(1)
                + " "
                + all.getLong(2)
                + " "
                + (data == null ? 0 : data.length)
                + " "
                + Integer.toHexString((int) crc.getValue()));
      }
    }
    rows.sort(null);
    return rows;
  }

  static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? String.valueOf(result.getString(1)) : "";
    }
  }
}
