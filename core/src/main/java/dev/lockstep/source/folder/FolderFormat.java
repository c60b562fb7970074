package dev.lockstep.source.folder;

import dev.lockstep.labels.LabelFormat;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.source.CoverageTally;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.FileListReader;
import dev.lockstep.source.Match;
import dev.lockstep.source.PieceCutter;
import dev.lockstep.source.Probe;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.RecordingIndex;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.yaml.YamlException;
import dev.lockstep.yaml.YamlProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Any folder that a short YAML file describes: its layout.
///
/// A folder that holds a `lockstep.yaml` is a recording, whatever else it looks like. A layout can
/// also be given from outside, see [#of]. What it may say is fixed by [#schema]; layouts of known
/// data sets are [#presets].
public final class FolderFormat implements SourceFormat {
  /// Name of the layout in the folder that it describes.
  public static final String FILE_NAME = "lockstep.yaml";

  /// Longest layout that is read; judged: a thousand times the longest.
  private static final int MAX_BYTES = 1 << 20;

  private static final List<String> PRESETS =
      List.of("boreas", "comma2k19", "euroc", "radiate", "tum-rgbd");

  private final List<LabelFormat> formats;
  private final @Nullable Layout layout;

  /// The format of folders that hold their layout.
  ///
  /// @param formats label formats that layouts may name
  public FolderFormat(List<LabelFormat> formats) {
    this(formats, null);
  }

  private FolderFormat(List<LabelFormat> formats, @Nullable Layout layout) {
    this.formats = List.copyOf(formats);
    this.layout = layout;
  }

  /// The format of folders with the layout that `text` describes; they need not hold one.
  ///
  /// @param name name of the file that `text` comes from, for messages
  /// @param formats label formats that it may name
  /// @throws IllegalArgumentException if it cannot be used; the message tells each place, value and
  ///   what was expected, one a line
  public static FolderFormat of(String text, String name, List<LabelFormat> formats) {
    return new FolderFormat(formats, LayoutReader.read(text, name, formats));
  }

  /// The JSON Schema of layouts.
  public static String schema() {
    return LayoutSchema.text();
  }

  /// Names of the layouts that come with the program, in order.
  public static List<String> presets() {
    return PRESETS;
  }

  /// The layout of that name, as YAML.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists what there is
  public static String preset(String name) {
    if (!PRESETS.contains(name)) {
      throw new IllegalArgumentException(
          "unknown layout: " + name + " (known: " + String.join(", ", PRESETS) + ")");
    }
    return LayoutSchema.resource(name + ".yaml");
  }

  @Override
  public String name() {
    return "folder";
  }

  @Override
  public String summary() {
    return "any folder that a `lockstep.yaml` describes: files by patterns; stamps from names,"
        + " lists, CSV or `.npy` columns; labels, calibration";
  }

  @Override
  public Match match(Probe probe) {
    return probe.isDirectory() && probe.hasChild(FILE_NAME)
        ? Match.declared("holds " + FILE_NAME)
        : Match.no("no " + FILE_NAME);
  }

  @Override
  public RecordingReader open(Path path, ReadOptions options) throws IOException {
    if (layout != null) {
      return Folder.open(path, layout, options);
    }
    CoverageTally tally = new CoverageTally();
    byte[] bytes = {};
    try {
      bytes = read(path.resolve(FILE_NAME));
      String text = new String(bytes, StandardCharsets.UTF_8);
      return Folder.open(path, LayoutReader.read(text, FILE_NAME, formats), options);
    } catch (YamlException e) {
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      return reader(new BrokenLayout(text, e.problems(), tally), tally);
    } catch (IOException e) {
      if (Files.isReadable(path.resolve(FILE_NAME))) {
        throw e;
      }
      return reader(new Unreadable(e), tally);
    }
  }

  /// Message by message, where neither their order nor their number tells anything.
  @Override
  public @Nullable RecordingCutter cutter(Path path) throws IOException {
    Layout own = layout;
    if (own == null) {
      try {
        String text = new String(read(path.resolve(FILE_NAME)), StandardCharsets.UTF_8);
        own = LayoutReader.read(text, FILE_NAME, formats);
      } catch (YamlException e) {
        return null;
      }
    }
    if (!FolderPieces.canCut(own)) {
      return null;
    }
    try (RecordingIndex index = index(path)) {
      FolderPieces pieces = FolderPieces.of(path, index);
      return pieces == null ? null : new PieceCutter(pieces);
    }
  }

  private static RecordingReader reader(FileItem item, CoverageTally tally) {
    return new FileListReader(List.of(item), sink -> sink.coverage(tally.coverage()));
  }

  private static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new YamlException(
            FILE_NAME,
            List.of(
                new YamlProblem(
                    1, 1, "", "more than " + MAX_BYTES + " bytes", "a layout of a few lines")));
      }
      return bytes;
    }
  }

  /// A layout that the system refuses to read.
  private record Unreadable(IOException cause) implements FileItem {
    @Override
    public void scan() {}

    @Override
    public void commit(RecordingSink sink) {
      sink.defect(
          Defect.of(
              DefectKind.FILE_UNREADABLE,
              Location.file(FILE_NAME),
              new Evidence.Violation("file", Objects.toString(cause.getMessage(), ""), "")));
    }
  }
}
