package dev.lockstep.source.nuscenes;

import dev.lockstep.model.Modality;
import dev.lockstep.model.Order;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.CoverageTally;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.FileListReader;
import dev.lockstep.source.FileMessage;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.RecordingSink;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;

/// Files of a set without its tables: a folder of them, or `samples` and `sweeps` with a folder a
/// channel. Names hold log, channel and stamp; each log is a capture of its own.
final class LooseFiles {
  /// Names that are looked at to recognise a folder.
  private static final int PROBED = 16;

  private record Named(String log, long stampNs, Path path, String name) {}

  private LooseFiles() {}

  /// Whether a folder holds such files, or folders of them.
  static boolean isChannels(Path folder, List<String> children) {
    if (children.stream().limit(PROBED).anyMatch(LooseFiles::isName)) {
      return true;
    }
    for (String part : List.of(NuscenesLayout.SAMPLES, NuscenesLayout.SWEEPS)) {
      if (children.contains(part)) {
        try {
          for (Path channel : folders(folder.resolve(part))) {
            if (namesIn(channel).stream().limit(PROBED).anyMatch(LooseFiles::isName)) {
              return true;
            }
          }
        } catch (IOException e) {
          return false;
        }
      }
    }
    return false;
  }

  private static boolean isName(String name) {
    return NuscenesLayout.FILE_NAME.matcher(name).matches();
  }

  private static List<String> namesIn(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
        for (Path child : children) {
          names.add(String.valueOf(child.getFileName()));
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    names.sort(null);
    return names;
  }

  private static List<Path> folders(Path folder) throws IOException {
    return namesIn(folder).stream().map(folder::resolve).filter(Files::isDirectory).toList();
  }

  /// Opens the folder.
  ///
  /// @throws IOException if a folder may not be read
  static RecordingReader open(Path folder, ReadOptions options) throws IOException {
    Map<String, List<Named>> channels = new TreeMap<>();
    collect(folder, "", channels);
    for (String part : List.of(NuscenesLayout.SAMPLES, NuscenesLayout.SWEEPS)) {
      for (Path channel : folders(folder.resolve(part))) {
        collect(channel, part + "/" + channel.getFileName() + "/", channels);
      }
    }
    CoverageTally tally = new CoverageTally();
    List<FileItem> items = new ArrayList<>();
    List<StreamInfo> streams = new ArrayList<>();
    items.add(new Beginning(streams));
    channels.forEach((channel, files) -> {
      Modality modality = modality(channel);
      StreamInfo stream =
          StreamInfo.of(streams.size(), channel, modality, StampSource.FILE_NAME, null, null);
      streams.add(stream);
      plan(stream, files, items, options, tally);
    });
    return new FileListReader(
        items,
        sink -> {
          sink.note("no tables: stamps are those in the names, nothing is known but the files");
          sink.coverage(tally.coverage());
        });
  }

  private static void collect(Path folder, String prefix, Map<String, List<Named>> channels)
      throws IOException {
    for (String name : namesIn(folder)) {
      Matcher matcher = NuscenesLayout.FILE_NAME.matcher(name);
      if (matcher.matches()) {
        long stampNs = Long.parseLong(matcher.group(3)) * Times.MICROSECOND;
        channels
            .computeIfAbsent(matcher.group(2), c -> new ArrayList<>())
            .add(new Named(matcher.group(1), stampNs, folder.resolve(name), prefix + name));
      }
    }
  }

  private static Modality modality(String channel) {
    if (channel.startsWith("CAM")) {
      return Modality.CAMERA;
    }
    if (channel.startsWith("LIDAR")) {
      return Modality.LIDAR;
    }
    return channel.startsWith("RADAR") ? Modality.RADAR : Modality.OTHER;
  }

  private static void plan(
      StreamInfo stream,
      List<Named> files,
      List<FileItem> items,
      ReadOptions options,
      CoverageTally tally) {
    files.sort(Order.byLong(Named::stampNs).thenComparing(Named::name));
    long index = 0;
    String log = "";
    for (Named file : files) {
      FileMessage message =
          new FileMessage(
              stream,
              index,
              file.stampNs(),
              file.path(),
              file.name(),
              Contents.of(stream.modality(), file.name()),
              options,
              tally);
      items.add(index > 0 && !file.log().equals(log) ? message.beginsCapture() : message);
      log = file.log();
      index++;
    }
  }

  /// Declares the streams.
  private record Beginning(List<StreamInfo> streams) implements FileItem {
    @Override
    public void scan() {}

    @Override
    public void commit(RecordingSink sink) {
      streams.forEach(sink::stream);
    }
  }
}
