package dev.lockstep.source.nuscenes;

import dev.lockstep.source.Match;
import dev.lockstep.source.PieceCutter;
import dev.lockstep.source.Probe;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The nuScenes family: a folder of linked tables with the files that they name, or the files
/// alone, whose names hold channel and stamp.
public final class NuscenesFormat implements SourceFormat {
  /// Tables that must be there to tell a folder of tables from others.
  private static final int LEAST_TABLES = 2;

  /// Folders above one of files in which tables are looked for: `samples`, channel, root.
  private static final int ABOVE = 3;

  @Override
  public String name() {
    return "nuscenes";
  }

  @Override
  public String summary() {
    return "nuScenes, Lyft and T4 sets (linked JSON tables, sweeps, radar, images, poses,"
        + " annotations), or their files without tables";
  }

  @Override
  public Match match(Probe probe) {
    if (!probe.isDirectory()) {
      return Match.no("no folder");
    }
    Path folder = probe.path();
    if (holdsTables(folder)) {
      return Match.yes("tables of a nuScenes set");
    }
    if (onlyTables(probe) != null) {
      return Match.yes("a folder of tables of a nuScenes set");
    }
    return LooseFiles.isChannels(folder, probe.children()) && !belongsToTables(folder)
        ? Match.yes("files with nuScenes names")
        : Match.no("neither nuScenes tables nor files named like them");
  }

  private static boolean holdsTables(Path folder) {
    return NuscenesLayout.TELLING.stream()
            .filter(name -> Files.isRegularFile(folder.resolve(name + NuscenesLayout.SUFFIX)))
            .count()
        >= LEAST_TABLES;
  }

  /// The one folder of tables in a folder, or null.
  private static @Nullable Path onlyTables(Probe probe) {
    List<Path> found = new ArrayList<>();
    for (String child : probe.children()) {
      if (holdsTables(probe.path().resolve(child))) {
        found.add(probe.path().resolve(child));
      }
    }
    return found.size() == 1 ? found.getFirst() : null;
  }

  private static boolean belongsToTables(Path folder) {
    Path above = folder.toAbsolutePath().normalize().getParent();
    for (int i = 0; i < ABOVE && above != null; i++) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(above, Files::isDirectory)) {
        for (Path child : children) {
          if (holdsTables(child)) {
            return true;
          }
        }
      } catch (IOException | java.nio.file.DirectoryIteratorException e) {
        return false;
      }
      above = above.getParent();
    }
    return false;
  }

  /// Of a folder of tables the files that lie beside it.
  @Override
  public List<Path> dependsOn(Path path) {
    Path parent = path.toAbsolutePath().normalize().getParent();
    return parent == null || !holdsTables(path)
        ? List.of()
        : List.of(parent.resolve(NuscenesLayout.SAMPLES), parent.resolve(NuscenesLayout.SWEEPS));
  }

  @Override
  public RecordingReader open(Path path, ReadOptions options) throws IOException {
    if (holdsTables(path)) {
      Path parent = path.toAbsolutePath().normalize().getParent();
      return DataSet.open(path, parent == null ? path : parent, "", "../", options);
    }
    Path tables = onlyTables(Probe.of(path));
    return tables == null
        ? LooseFiles.open(path, options)
        : DataSet.open(tables, path, tables.getFileName() + "/", "", options);
  }

  /// Sets of tables are cut row by row; files without tables are not.
  @Override
  public @Nullable RecordingCutter cutter(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    SetPieces pieces;
    if (holdsTables(absolute)) {
      Path parent = absolute.getParent();
      pieces = SetPieces.open(absolute, absolute, parent == null ? absolute : parent);
    } else {
      Path tables = onlyTables(Probe.of(absolute));
      pieces = tables == null ? null : SetPieces.open(absolute, tables, absolute);
    }
    return pieces == null ? null : new PieceCutter(pieces);
  }
}
