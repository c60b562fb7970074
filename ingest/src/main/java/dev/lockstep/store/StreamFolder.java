package dev.lockstep.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.lockstep.source.Interruption;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One stream of one session: a folder that the server named, with the parts in it.
///
/// ```text
/// streams/<ULID>/stream.json        the names that the client gave
///                00000.mcap         part 0, as it came
///                00000.part.json    what was announced
///                00000.seal.json    there once the part is sealed: length, SHA-256, verdict
/// ```
///
/// Names of clients never become part of a path.
public final class StreamFolder {
  static final String NAMES = "stream.json";
  private static final String DATA = ".mcap";
  private static final String INFO = Interruption.NOTE_SUFFIX;
  private static final String SEAL = ".seal.json";

  private final Ulid id;
  private final Path folder;
  private final String session;
  private final String stream;

  /// By number; null while not sealed.
  private final TreeMap<Integer, @Nullable Part> parts = new TreeMap<>();

  StreamFolder(Ulid id, Path folder, String session, String stream) {
    this.id = id;
    this.folder = folder;
    this.session = session;
    this.stream = stream;
  }

  Ulid id() {
    return id;
  }

  /// Folder of the parts.
  public Path folder() {
    return folder;
  }

  /// Name of the session, as the client gave it.
  public String session() {
    return session;
  }

  /// Name of the stream, as the client gave it.
  public String stream() {
    return stream;
  }

  /// `session/stream`, for people.
  public String name() {
    return session + "/" + stream;
  }

  /// Number of the newest part, or -1.
  public synchronized int lastPart() {
    return parts.isEmpty() ? -1 : parts.lastKey();
  }

  /// The part that is not sealed, or null: if that is the newest, or an older one.
  public synchronized @Nullable Part unsealed(int number) {
    return parts.get(number);
  }

  /// All parts that are not sealed.
  public synchronized List<Part> unsealed() {
    return parts.values().stream().filter(Objects::nonNull).toList();
  }

  synchronized void put(int number, @Nullable Part part) {
    parts.put(number, part);
  }

  Path data(int number) {
    return file(number, DATA);
  }

  Path info(int number) {
    return file(number, INFO);
  }

  Path seal(int number) {
    return file(number, SEAL);
  }

  /// Where something about a part lies: its number and `suffix`, in the folder.
  public Path file(int number, String suffix) {
    return folder.resolve(String.format(Locale.ROOT, "%05d", number) + suffix);
  }

  /// Number of the part whose data file is called `name`, or -1.
  static int partOf(String name) {
    return name.matches("[0-9]{5}\\.mcap") ? Integer.parseInt(name.substring(0, 5)) : -1;
  }

  /// Number of the part whose seal is called `name`, or -1.
  static int sealedPartOf(String name) {
    return name.matches("[0-9]{5}\\.seal\\.json") ? Integer.parseInt(name.substring(0, 5)) : -1;
  }

  byte[] names() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = Seal.JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("session", session);
      json.writeStringField("stream", stream);
      json.writeEndObject();
    }
    out.write('\n');
    return out.toByteArray();
  }

  static StreamFolder of(Ulid id, Path folder, byte[] names) throws IOException {
    String session = "";
    String stream = "";
    try (JsonParser json = Seal.JSON.createParser(names)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "session" -> session = json.getText();
          case "stream" -> stream = json.getText();
          default -> json.skipChildren();
        }
      }
    }
    if (session.isEmpty() || stream.isEmpty()) {
      throw new IOException(NAMES + ": no names");
    }
    return new StreamFolder(id, folder, session, stream);
  }
}
