package dev.lockstep.source.rosbag2;

import dev.lockstep.source.Growth;
import dev.lockstep.source.Match;
import dev.lockstep.source.PieceCutter;
import dev.lockstep.source.Probe;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// rosbag2: a folder with `metadata.yaml` and the parts that it lists, a folder of numbered `.db3`
/// parts whose `metadata.yaml` is missing, or a single `.db3`.
///
/// A folder is one recording whose parts are read in order. A single part is a recording of its own
/// where only it is named.
public final class Rosbag2Format implements SourceFormat {
  static final String DB3 = ".db3";

  private static final Pattern NUMBERED =
      Pattern.compile("(?<prefix>.+)_[0-9]{1,9}\\.db3(?:\\.zstd)?");

  private final SourceFormat otherParts;

  /// The format.
  ///
  /// @param otherParts reads parts that are no SQLite files (MCAP)
  public Rosbag2Format(SourceFormat otherParts) {
    this.otherParts = otherParts;
  }

  @Override
  public String name() {
    return "rosbag2";
  }

  @Override
  public String summary() {
    return "rosbag2 folders (`metadata.yaml`, split or not, SQLite or MCAP, zstd) and single"
        + " `.db3` files, with the write-ahead log beside them";
  }

  @Override
  public Match match(Probe probe) {
    if (!probe.isDirectory()) {
      return isDb3(probe.fileName())
          ? Match.yes("name ends with .db3")
          : Match.no("name does not end with .db3");
    }
    if (probe.hasChild(BagMetadata.NAME)) {
      if (probe.children().stream().anyMatch(child -> isPart(child))
          || speaksOfBag(probe.path().resolve(BagMetadata.NAME))) {
        return Match.yes("metadata.yaml of rosbag2");
      }
      return Match.no("metadata.yaml of something else");
    }
    return isSplit(probe) ? Match.yes("numbered .db3 files") : Match.no("no metadata.yaml");
  }

  /// A single database is followed; a folder is read when all of its parts are there.
  @Override
  public Growth growth(Path path) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    return name.endsWith(DB3) && !Files.isDirectory(path) ? Growth.COMMITTED : Growth.UNREADABLE;
  }

  /// A recorder writes `metadata.yaml` when it has closed the last part.
  @Override
  public boolean saysItHasEnded(Path path) {
    return Files.isRegularFile(path.resolve(BagMetadata.NAME));
  }

  @Override
  public List<Path> beside(Path path) {
    return growth(path) == Growth.COMMITTED ? Db3Bytes.beside(path) : List.of();
  }

  private static boolean isSplit(Probe probe) {
    String prefix = null;
    for (String child : probe.children()) {
      if (!isDb3(child)) {
        continue;
      }
      Matcher numbered = NUMBERED.matcher(child);
      if (!numbered.matches() || prefix != null && !prefix.equals(numbered.group("prefix"))) {
        return false;
      }
      prefix = numbered.group("prefix");
    }
    return prefix != null;
  }

  private static boolean speaksOfBag(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String head = new String(in.readNBytes(Probe.HEAD_BYTES), StandardCharsets.UTF_8);
      return head.contains(BagMetadata.ROOT);
    } catch (IOException e) {
      return false;
    }
  }

  static boolean isDb3(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(DB3) || lower.endsWith(DB3 + Db3Bytes.COMPRESSED);
  }

  static boolean isMcap(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".mcap") || lower.endsWith(".mcap" + Db3Bytes.COMPRESSED);
  }

  static boolean isPart(String name) {
    return isDb3(name) || isMcap(name);
  }

  /// The last part of a path in `metadata.yaml`: early versions wrote the folder in front.
  static String fileName(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  }

  @Override
  public RecordingReader open(Path path, ReadOptions options) throws IOException {
    if (!Files.isDirectory(path)) {
      return new Db3Reader(Db3Bytes.open(path), options, false);
    }
    return Bag.open(path, otherParts, options);
  }

  /// Sound databases are cut message by message, other parts as their format does; compressed and
  /// damaged databases are not.
  @Override
  public @Nullable RecordingCutter cutter(Path path) throws IOException {
    BagParts parts = BagParts.open(path);
    return parts == null ? McapParts.open(path, otherParts) : new PieceCutter(parts);
  }
}
