package dev.lockstep.shadow;

import dev.lockstep.model.Times;
import dev.lockstep.shadow.SecondRead.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// Reads messages that lie in files of their own again, by plain reads, and takes their stamps from
/// the names of the files (AV2) or the list beside them (KITTI raw).
final class FileSecondRead {
  private static final int PIECE_BYTES = 1 << 16;

  /// Nanoseconds since 1970: 18 digits from 1973 on, 19 from 2001 on.
  private static final Pattern NANOSECONDS = Pattern.compile("[0-9]{18,19}");

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");

  private final Path recording;
  private final CRC32C crc32c = new CRC32C();
  private final Map<Path, List<String>> lists = new HashMap<>();

  FileSecondRead(Path recording) {
    this.recording = recording;
  }

  /// Reads the bytes of a message again.
  ///
  /// @throws IOException if the file cannot be read or is shorter
  Message read(String stream, String name, long position, int lengthBytes) throws IOException {
    try (PlainFile file = new PlainFile(recording.resolve(name))) {
      crc32c.reset();
      for (int done = 0; done < lengthBytes; ) {
        int length = Math.min(PIECE_BYTES, lengthBytes - done);
        ByteBuffer piece = file.bytes(position + done, length);
        crc32c.update(piece);
        done += length;
      }
    }
    long stampNs = stampNs(recording.resolve(name));
    return new Message(
        stream,
        position,
        lengthBytes,
        (int) crc32c.getValue(),
        Times.NONE,
        stampNs,
        stampNs != Times.NONE,
        null);
  }

  private long stampNs(Path file) throws IOException {
    String full = String.valueOf(file.getFileName());
    int dot = full.indexOf('.');
    String name = dot < 0 ? full : full.substring(0, dot);
    if (NANOSECONDS.matcher(name).matches()) {
      return Long.parseLong(name);
    }
    Path folder = file.getParent();
    if (folder == null
        || !"data".equals(String.valueOf(folder.getFileName()))
        || !NUMBER.matcher(name).matches()) {
      return Times.NONE;
    }
    Path list = folder.resolveSibling("timestamps.txt");
    List<String> lines = lists.get(list);
    if (lines == null) {
      lines = Files.exists(list) ? Files.readAllLines(list) : List.of();
      lists.put(list, lines);
    }
    long number = Long.parseLong(name);
    if (number >= lines.size()) {
      return Times.NONE;
    }
    try {
      String line = lines.get((int) number).strip().replace(' ', 'T');
      Instant at = LocalDateTime.parse(line).toInstant(ZoneOffset.UTC);
      return at.getEpochSecond() * Times.SECOND + at.getNano();
    } catch (DateTimeParseException e) {
      return Times.NONE;
    }
  }
}
