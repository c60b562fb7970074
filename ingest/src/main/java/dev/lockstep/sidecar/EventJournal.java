package dev.lockstep.sidecar;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// All that the sidecar has said, one JSON object a line in `events.jsonl`: its memory, and what a
/// reader of its output can catch up from.
///
/// An event is first appended here and then printed. A process that is killed at any point leaves
/// whole lines, and perhaps a torn one, which is cut off; what was appended and not known to be
/// printed is printed again by the next process, under the same `seq`. Nothing is appended twice.
///
/// Where the disk takes no more, events wait in memory, at most [#MAX_WAITING]; [#isStuck] then
/// tells the sidecar to look at nothing new until they could be written.
///
/// Used by one thread.
final class EventJournal implements AutoCloseable {
  /// Events that wait for the disk.
  static final int MAX_WAITING = 10_000;

  private static final JsonFactory JSON = new JsonFactory();

  private final FileChannel lines;
  private final FileChannel printed;
  private final FileChannel lockFile;
  private final InstantSource clock;
  private final Consumer<String> out;
  private final ArrayDeque<String> waiting = new ArrayDeque<>();
  private long seq;
  private long length;
  private String failure = "";

  private EventJournal(
      FileChannel lines,
      FileChannel printed,
      FileChannel lockFile,
      InstantSource clock,
      Consumer<String> out) {
    this.lines = lines;
    this.printed = printed;
    this.lockFile = lockFile;
    this.clock = clock;
    this.out = out;
  }

  /// Opens the journal in `folder`, which is made if it is not there, tells `reader` of every event
  /// in it, and prints what has not been printed.
  ///
  /// @param out takes lines, without line ends
  /// @param reader gets the text fields and numbers of each event
  /// @throws IOException if the folder cannot be used, or another process uses it
  static EventJournal open(
      Path folder, InstantSource clock, Consumer<String> out, Consumer<Map<String, String>> reader)
      throws IOException {
    Files.createDirectories(folder);
    FileChannel lockFile = channel(folder.resolve("lock"));
    FileLock lock;
    try {
      lock = lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      lockFile.close();
      throw new IOException(folder + ": is in use by another sidecar");
    }
    EventJournal journal =
        new EventJournal(
            channel(folder.resolve("events.jsonl")),
            channel(folder.resolve("printed")),
            lockFile,
            clock,
            out);
    try {
      journal.recover(reader);
      return journal;
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  private static FileChannel channel(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private void recover(Consumer<Map<String, String>> reader) throws IOException {
    long seen = readPrinted();
    lines.position(0);
    BufferedReader text =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(lines), StandardCharsets.UTF_8));
    long size = lines.size();
    if (size == 0) {
      return;
    }
    for (String line = text.readLine(); line != null; line = text.readLine()) {
      long end = length + line.getBytes(StandardCharsets.UTF_8).length + 1;
      Map<String, String> event = end > size ? Map.of() : fields(line);
      if (!event.containsKey("seq")) {
        // Torn by a kill or a loss of power: nothing behind it can be relied on either.
        break;
      }
      length = end;
      seq = Long.parseLong(event.get("seq"));
      reader.accept(event);
      if (seq > seen) {
        print(line);
      }
    }
    lines.truncate(length);
  }

  private long readPrinted() throws IOException {
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
    return printed.read(number, 0) == Long.BYTES ? number.flip().getLong() : 0;
  }

  /// The fields of a line that are texts, numbers or truths; none if it is not JSON.
  private static Map<String, String> fields(String line) {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Map.of();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (value.isScalarValue()) {
          fields.put(name, json.getText());
        } else {
          json.skipChildren();
        }
      }
      return json.currentToken() == JsonToken.END_OBJECT ? fields : Map.of();
    } catch (IOException e) {
      return Map.of();
    }
  }

  /// Tells `reader` of every event of `recording` again.
  ///
  /// @throws IOException if the journal cannot be read
  void replay(String recording, Consumer<Map<String, String>> reader) throws IOException {
    lines.position(0);
    BufferedReader text =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(lines), StandardCharsets.UTF_8));
    long at = 0;
    for (String line = text.readLine(); line != null && at < length; line = text.readLine()) {
      at += line.getBytes(StandardCharsets.UTF_8).length + 1;
      Map<String, String> event = fields(line);
      if (recording.equals(event.get("recording"))) {
        reader.accept(event);
      }
    }
  }

  /// Adds an event and prints it.
  ///
  /// @param event its kind
  /// @param fields its other fields as JSON, without the braces around them
  void append(String event, String fields) {
    waiting.add(
        "{\"seq\":"
            + ++seq
            + ",\"event\":\""
            + event
            + "\",\"at\":\""
            + clock.instant()
            + "\""
            + (fields.isEmpty() ? "" : ",")
            + fields
            + "}");
    flush();
  }

  /// Tries to write what waits.
  void flush() {
    while (!waiting.isEmpty()) {
      String line = waiting.element();
      try {
        write(line);
      } catch (IOException e) {
        failure = String.valueOf(e.getMessage());
        return;
      }
      waiting.remove();
      failure = "";
      print(line);
    }
  }

  private void write(String line) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
    long end = length + bytes.remaining();
    long at = length;
    while (bytes.hasRemaining()) {
      // At its place, so that what a failed attempt left behind is overwritten.
      at += lines.write(bytes, at);
    }
    length = end;
  }

  private void print(String line) {
    out.accept(line);
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES).putLong(0, seq(line));
    try {
      printed.write(number, 0);
    } catch (IOException e) {
      // Then it is printed once more after a restart.
      failure = String.valueOf(e.getMessage());
    }
  }

  private static long seq(String line) {
    return Long.parseLong(line.substring("{\"seq\":".length(), line.indexOf(',')));
  }

  /// Makes everything durable that was appended.
  ///
  /// @throws IOException if the system refuses
  void force() throws IOException {
    lines.force(false);
  }

  /// Why the last write failed; empty if it did not.
  String failure() {
    return failure;
  }

  /// Whether so many events wait that no more may come.
  boolean isStuck() {
    return waiting.size() >= MAX_WAITING / 2;
  }

  @Override
  public void close() throws IOException {
    lines.close();
    printed.close();
    lockFile.close();
  }
}
