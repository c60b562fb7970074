package dev.lockstep.cli;

import dev.lockstep.catalog.Formats;
import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Found;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.source.folder.FolderFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `--layout`: paths are folders that a layout describes. Without it, recordings are looked for.
final class LayoutOption {
  static final String DESCRIPTION =
      "Paths are folders as this YAML file says, or a known layout (see 'lockstep layout').";

  private final @Nullable FolderFormat format;

  private LayoutOption(@Nullable FolderFormat format) {
    this.format = format;
  }

  /// Reads the layout that is named, a file or a known one, or none.
  ///
  /// @throws IOException if the file cannot be read
  /// @throws IllegalArgumentException if it cannot be used
  static LayoutOption of(@Nullable String named) throws IOException {
    if (named == null) {
      return new LayoutOption(null);
    }
    boolean known = FolderFormat.presets().contains(named);
    Path file = Path.of(named);
    if (!known && !Files.exists(file)) {
      throw new IllegalArgumentException(
          "--layout: neither a file nor a known layout: "
              + named
              + " (known: "
              + String.join(", ", FolderFormat.presets())
              + ")");
    }
    String text = known ? FolderFormat.preset(named) : SmallText.read(file, "a layout in YAML");
    return new LayoutOption(FolderFormat.of(text, named, LabelFormats.ALL));
  }

  /// The recordings at `path`.
  ///
  /// @throws IOException if it does not exist or may not be read
  /// @throws IllegalArgumentException if it is not what a layout can describe
  Found find(Path path) throws IOException {
    if (path.toString().isEmpty()) {
      // As a variable that is not set leaves it. It would be the current folder.
      throw new IllegalArgumentException(
          "'': an empty path (expected a file or folder; '.' is the current one)");
    }
    if (format == null) {
      return new RecordingFinder(Formats.ALL).find(path);
    }
    if (!Files.isDirectory(path)) {
      throw new IllegalArgumentException(path + ": no folder, which --layout describes");
    }
    return new Found(List.of(new Recording(path, format, path.toString())), List.of(), List.of());
  }
}
