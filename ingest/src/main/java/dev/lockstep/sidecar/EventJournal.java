package dev.lockstep.sidecar;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.lockstep.manifest.DurableFile;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// All that the sidecar has said, one JSON object a line in `events.jsonl`: its memory, and what a
/// reader of its output can catch up from.
///
/// An event is first appended here and then printed. A process that is killed at any point leaves
/// whole lines, and perhaps a torn one, which is cut off; what was appended and not known to be
/// printed is printed again by the next process, under the same `seq`. Nothing is appended twice.
///
/// Once it is longer than [#COMPACT_BYTES] and than twice what was left the last time, what counts
/// no more ([LastingEvents]) is left out: the rest is written to a new file that takes its place in
/// one step. Lines and their numbers stay as they were.
///
/// Where the disk takes no more, events wait in memory, at most [#MAX_WAITING]; [#isStuck] then
/// tells the sidecar to look at nothing new until they could be written.
///
/// Used by one thread.
final class EventJournal implements AutoCloseable {
  /// Events that wait for the disk.
  static final int MAX_WAITING = 10_000;

  /// Length from which leaving events out is worth the work. Judged: some 30,000 events.
  static final long COMPACT_BYTES = 16L << 20;

  private static final String LINES = "events.jsonl";
  private static final String NEW_LINES = "events.jsonl.new";
  private static final JsonFactory JSON = new JsonFactory();

  private final Path folder;
  private final long compactBytes;
  private FileChannel lines;
  private final FileChannel printed;
  private final FileChannel lockFile;
  private final InstantSource clock;
  private final Consumer<String> out;
  private final ArrayDeque<String> waiting = new ArrayDeque<>();
  private long seq;
  private long length;
  private long longBytes;
  private String failure = "";

  private EventJournal(
      Path folder,
      long compactBytes,
      FileChannel lines,
      FileChannel printed,
      FileChannel lockFile,
      InstantSource clock,
      Consumer<String> out) {
    this.folder = folder;
    this.compactBytes = compactBytes;
    this.longBytes = compactBytes;
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
    return open(folder, clock, out, reader, COMPACT_BYTES);
  }

  /// The same, which leaves out what counts no more from `compactBytes` on.
  static EventJournal open(
      Path folder,
      InstantSource clock,
      Consumer<String> out,
      Consumer<Map<String, String>> reader,
      long compactBytes)
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
    Files.deleteIfExists(folder.resolve(NEW_LINES));
    EventJournal journal =
        new EventJournal(
            folder,
            compactBytes,
            channel(folder.resolve(LINES)),
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
    long size = lines.size();
    if (size == 0) {
      return;
    }
    walk(
        size,
        (line, event) -> {
          if (!event.containsKey("seq")) {
            // Torn by a kill or a loss of power: nothing behind it can be relied on either.
            return false;
          }
          length += bytes(line);
          seq = Long.parseLong(event.get("seq"));
          reader.accept(event);
          if (seq > seen) {
            print(line);
          }
          return true;
        });
    lines.truncate(length);
  }

  private interface Visitor {
    /// @return whether to go on
    boolean visit(String line, Map<String, String> event) throws IOException;
  }

  /// Hands out the lines that end before `end`, with their fields; a torn one has none.
  private void walk(long end, Visitor visitor) throws IOException {
    lines.position(0);
    BufferedReader text =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(lines), StandardCharsets.UTF_8));
    long at = 0;
    for (String line = text.readLine(); line != null && at < end; line = text.readLine()) {
      at += bytes(line);
      if (!visitor.visit(line, at > end ? Map.of() : fields(line))) {
        return;
      }
    }
  }

  private static int bytes(String line) {
    return line.getBytes(StandardCharsets.UTF_8).length + 1;
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
    walk(
        length,
        (line, event) -> {
          if (recording.equals(event.get("recording"))) {
            reader.accept(event);
          }
          return true;
        });
  }

  /// Leaves out what counts no more. Killed at any point, either file is whole.
  ///
  /// @throws IOException if that fails; nothing has changed then
  void compact() throws IOException {
    LastingEvents lasting = new LastingEvents();
    walk(
        length,
        (line, event) -> {
          lasting.read(event);
          return true;
        });
    Set<Long> numbers = lasting.numbers();
    Path fresh = folder.resolve(NEW_LINES);
    FileChannel to = channel(fresh);
    long written;
    try {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(to));
      walk(
          length,
          (line, event) -> {
            if (numbers.contains(seq(line))) {
              out.write(line.getBytes(StandardCharsets.UTF_8));
              out.write('\n');
            }
            return true;
          });
      out.flush();
      to.force(true);
      written = to.position();
      Files.move(
          fresh,
          folder.resolve(LINES),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      to.close();
      Files.deleteIfExists(fresh);
      throw e;
    }
    lines.close();
    lines = to;
    length = written;
    DurableFile.syncFolder(folder);
  }

  private void compactIfLong() {
    if (length < longBytes) {
      return;
    }
    try {
      compact();
      longBytes = Math.max(compactBytes, 2 * length);
    } catch (IOException e) {
      // It only stays longer for now.
      longBytes = length + compactBytes;
      failure = String.valueOf(e.getMessage());
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
    compactIfLong();
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
