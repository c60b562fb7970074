package dev.lockstep.sidecar;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

/// A recorder of rosbag2 in a process of its own: SQLite itself, which copies what another
/// recording holds in transactions of random lengths, as it is told to on its standard input.
///
/// ```text
/// write N     N messages or a few more, as far as there are any
/// rest        all that is left of the part
/// hang        begins a transaction, writes more than its cache holds, and does not end it
/// close       closes the part; the next command begins the next
/// ```
final class DatabaseRecorder {
  private static final List<String> TABLES =
      List.of("schema", "metadata", "topics", "message_definitions");

  private final Random random;
  private final Connection to;
  private final boolean log;
  private final List<Object[]> messages = new ArrayList<>();
  private int written;

  private DatabaseRecorder(Path source, Path target, String mode, long seed) throws SQLException {
    random = new Random(seed);
    log = mode.equals("WAL");
    boolean begun = Files.exists(target);
    to = DriverManager.getConnection("jdbc:sqlite:" + target);
    // Little memory and a short log: pages go out before their transaction ends, and the log is
    // begun anew every few transactions.
    run("PRAGMA page_size=1024");
    run("PRAGMA journal_mode=" + mode);
    run("PRAGMA synchronous=OFF");
    run("PRAGMA cache_size=5");
    run("PRAGMA wal_autocheckpoint=40");
    try (Connection from =
        DriverManager.getConnection(
            "jdbc:sqlite:file:" + source.toAbsolutePath() + "?immutable=1")) {
      if (!begun) {
        tables(from);
      }
      try (Statement read = from.createStatement();
          ResultSet rows =
              read.executeQuery("SELECT id, topic_id, timestamp, data FROM messages ORDER BY id")) {
        while (rows.next()) {
          messages.add(
              new Object[] {rows.getInt(1), rows.getInt(2), rows.getLong(3), rows.getBytes(4)});
        }
      }
    }
    try (Statement read = to.createStatement();
        ResultSet count = read.executeQuery("SELECT count(*) FROM messages")) {
      written = count.next() ? count.getInt(1) : 0;
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = to.createStatement()) {
      statement.execute(sql);
    }
  }

  private void tables(Connection from) throws SQLException {
    try (Statement read = from.createStatement()) {
      try (ResultSet made =
          read.executeQuery("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")) {
        while (made.next()) {
          run(made.getString(1));
        }
      }
      for (String table : TABLES) {
        try (ResultSet rows = read.executeQuery("SELECT * FROM " + table)) {
          int columns = rows.getMetaData().getColumnCount();
          String marks = "?,".repeat(columns - 1) + "?";
          while (rows.next()) {
            try (PreparedStatement insert =
                to.prepareStatement("INSERT INTO " + table + " VALUES(" + marks + ")")) {
              for (int i = 1; i <= columns; i++) {
                insert.setObject(i, rows.getObject(i));
              }
              insert.execute();
            }
          }
        } catch (SQLException e) {
          if (!String.valueOf(e.getMessage()).contains("no such table")) {
            throw e;
          }
        }
      }
    }
  }

  private boolean transaction(int rows, boolean commit) throws SQLException {
    to.setAutoCommit(false);
    try (PreparedStatement insert =
        to.prepareStatement("INSERT INTO messages(id,topic_id,timestamp,data) VALUES(?,?,?,?)")) {
      for (int i = 0; i < rows && written < messages.size(); i++, written++) {
        Object[] message = messages.get(written);
        for (int column = 0; column < message.length; column++) {
          insert.setObject(column + 1, message[column]);
        }
        insert.execute();
      }
    }
    if (commit) {
      to.commit();
      to.setAutoCommit(true);
      if (log && random.nextInt(12) == 0) {
        run(
            "PRAGMA wal_checkpoint("
                + List.of("PASSIVE", "RESTART", "TRUNCATE").get(random.nextInt(3))
                + ")");
      }
    }
    return written < messages.size();
  }

  private void obey(String[] command) throws SQLException {
    switch (command[0]) {
      case "write" -> {
        int until = written + Integer.parseInt(command[1]);
        boolean more = true;
        while (more && written < until) {
          more = transaction(1 + random.nextInt(6), true);
        }
      }
      case "rest" -> {
        boolean more = true;
        while (more) {
          more = transaction(1 + random.nextInt(6), true);
        }
      }
      case "hang" -> {
        boolean _ = transaction(60, false);
      }
      case "close" -> to.close();
      default -> throw new IllegalArgumentException(command[0]);
    }
  }

  /// Records the parts of `args[0]` into `args[1]` with journal mode `args[2]` and seed `args[3]`;
  /// at the end the list of parts, which is written last.
  public static void main(String[] args) throws IOException, SQLException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Path source = Path.of(args[0]);
    Path target = Path.of(args[1]);
    for (int part = 0; part < 2; part++) {
      String name = "drive_" + part + ".db3";
      DatabaseRecorder recorder =
          new DatabaseRecorder(
              source.resolve(name), target.resolve(name), args[2], Long.parseLong(args[3]) + part);
      out.println("open");
      for (boolean open = true; open; ) {
        String line = in.readLine();
        if (line == null) {
          return;
        }
        recorder.obey(line.split(" "));
        open = !line.equals("close");
        out.println(line);
      }
    }
    Files.copy(source.resolve("metadata.yaml"), target.resolve("metadata.yaml"));
    out.println("end");
  }
}
