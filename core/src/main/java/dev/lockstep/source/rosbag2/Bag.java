package dev.lockstep.source.rosbag2;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Order;
import dev.lockstep.model.Severity;
import dev.lockstep.source.Part;
import dev.lockstep.source.PartsReader;
import dev.lockstep.source.PartsSink;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The folder of a recording: which parts it has, in which order, and what is wrong with the list.
final class Bag {
  private static final Pattern NUMBER = Pattern.compile("_(?<number>[0-9]{1,9})\\.");

  private final Path folder;
  private final @Nullable BagMetadata metadata;
  private final List<Defect> defects = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private int missing;
  private int unlisted;

  /// Parts in front of which one is missing.
  private final Set<String> behindMissing = new HashSet<>();

  private Bag(Path folder, @Nullable BagMetadata metadata) {
    this.folder = folder;
    this.metadata = metadata;
  }

  static RecordingReader open(Path folder, SourceFormat otherParts, ReadOptions options)
      throws IOException {
    Bag bag = new Bag(folder, BagMetadata.read(folder.resolve(BagMetadata.NAME)));
    bag.list(otherParts, options);
    return new PartsReader(bag.parts, bag::finish);
  }

  private void list(SourceFormat otherParts, ReadOptions options) throws IOException {
    BagMetadata said = metadata;
    Set<String> names = new LinkedHashSet<>();
    List<String> present = present();
    if (said == null) {
      defects.add(
          new Defect(
              DefectKind.FILE_MISSING,
              Severity.WARNING,
              Location.file(BagMetadata.NAME),
              new Evidence.Violation(
                  "metadata.yaml", "missing", "one a recording; `ros2 bag reindex` makes it")));
    } else {
      String wrong = said.wrong();
      if (wrong != null) {
        metadata(Severity.ERROR, new Evidence.Violation("metadata.yaml", wrong, "readable YAML"));
      }
      boolean lost = false;
      for (String path : said.paths()) {
        String name = Rosbag2Format.fileName(path);
        if (present.contains(name)) {
          names.add(name);
          if (lost) {
            behindMissing.add(name);
          }
          lost = false;
        } else {
          lost = true;
          missing++;
          defects.add(
              Defect.of(
                  DefectKind.FILE_MISSING,
                  Location.file(name),
                  new Evidence.Violation("file that metadata.yaml lists", "missing", "a file")));
        }
      }
      storage(said, names);
      for (String name : present) {
        if (wrong == null && !names.contains(name)) {
          unlisted++;
          metadata(
              Severity.WARNING,
              new Evidence.Violation("file " + name, "not listed", "all parts of the recording"));
        }
      }
    }
    names.addAll(present);
    boolean messages = said != null && said.compressionMode().equalsIgnoreCase("message");
    for (String name : names) {
      Path file = folder.resolve(name);
      if (Rosbag2Format.isDb3(name)) {
        parts.add(new Part(name, () -> new Db3Reader(Db3Bytes.open(file), options, messages)));
      } else if (name.endsWith(Db3Bytes.COMPRESSED)) {
        parts.add(
            new Part(
                name,
                () -> {
                  throw new IOException("compressed as a whole; zstd -d makes it readable");
                }));
      } else {
        parts.add(new Part(name, () -> otherParts.open(file, options)));
      }
      if (behindMissing.contains(name)) {
        parts.getLast().afterLoss();
      }
    }
  }

  /// The parts in the folder, in order of their numbers.
  private List<String> present() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (Rosbag2Format.isPart(name) && !Files.isDirectory(file)) {
          names.add(name);
        }
      }
    }
    names.sort(Order.byLong(Bag::number).thenComparing(Comparator.naturalOrder()));
    return names;
  }

  /// The last number in the name of a part, -1 if there is none.
  static long number(String name) {
    Matcher number = NUMBER.matcher(name);
    long last = -1;
    while (number.find()) {
      last = Long.parseLong(number.group("number"));
    }
    return last;
  }

  private void storage(BagMetadata said, Set<String> names) {
    String storage = said.storage();
    if (said.wrong() != null) {
      return;
    }
    for (String name : names) {
      String is = Rosbag2Format.isDb3(name) ? "sqlite3" : "mcap";
      if (!storage.equals(is)) {
        metadata(
            Severity.ERROR,
            new Evidence.Violation("storage identifier", storage, is + " (" + name + ")"));
        return;
      }
    }
    String format = said.compressionFormat();
    if (!format.isEmpty() && !format.equals("zstd")) {
      metadata(
          Severity.ERROR, new Evidence.Violation("compression format", format, "zstd or none"));
    }
  }

  private void metadata(Severity severity, Evidence evidence) {
    defects.add(
        new Defect(DefectKind.BAG_METADATA, severity, Location.file(BagMetadata.NAME), evidence));
  }

  private void finish(PartsSink read, RecordingSink sink) {
    defects.forEach(sink::defect);
    sink.examined(DefectKind.FILE_MISSING, parts.size() + 1L + missing);
    BagMetadata said = metadata;
    if (said == null) {
      sink.unexamined(DefectKind.BAG_METADATA, "metadata.yaml is missing");
    } else if (said.wrong() != null) {
      sink.examined(DefectKind.BAG_METADATA, 1);
    } else if (missing > 0 || unlisted > 0) {
      // That counts differ then follows.
      sink.examined(DefectKind.BAG_METADATA, 1);
    } else {
      new MetadataCheck(said, parts, read, sink).run();
    }
  }
}
