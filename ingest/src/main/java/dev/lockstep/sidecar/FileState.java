package dev.lockstep.sidecar;

import dev.lockstep.source.LabelledFormat;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How a recording looks from outside, with the files beside it that belong to it: equal states
/// mean that nobody has touched it since.
///
/// @param file identity in the file system (device and inode), the same under another name; that of
///   labels beside it and of what else it depends on, with their length and time, behind it
/// @param sizeBytes length, of all files in a folder
/// @param files number of files that hold something; 1 for a file alone
/// @param modifiedNs newest change, ns since 1970
record FileState(String file, long sizeBytes, long files, long modifiedNs) {
  /// The state of the file or folder at `path`, which `format` claims.
  ///
  /// @throws IOException if it is not there or cannot be looked at
  static FileState of(Path path, SourceFormat format) throws IOException {
    BasicFileAttributes top = Files.readAttributes(path, BasicFileAttributes.class);
    String file = top.fileKey() + labels(path, format) + others(path, format);
    List<Path> beside = format.beside(path);
    if (!top.isDirectory()) {
      FileState state = new FileState(file, top.size(), 1, ns(top));
      for (Path each : beside) {
        state = state.with(each);
      }
      return state;
    }
    long[] sums = sums(path, ns(top));
    return new FileState(file, sums[0], sums[1], sums[2]);
  }

  /// Bytes, files and the newest change of a folder.
  private static long[] sums(Path folder, long changedNs) throws IOException {
    long[] sums = {0, 0, changedNs};
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) {
            sums[0] += attributes.size();
            sums[1]++;
            sums[2] = Math.max(sums[2], ns(attributes));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path each, IOException e) {
            // Gone while it was looked at: the folder is changing, which the sums will show.
            return FileVisitResult.CONTINUE;
          }
        });
    return sums;
  }

  /// What the recording depends on and does not hold; empty where there is nothing of it.
  private static String others(Path path, SourceFormat format) throws IOException {
    StringBuilder others = new StringBuilder();
    for (Path other : format.dependsOn(path)) {
      BasicFileAttributes found;
      try {
        found = Files.readAttributes(other, BasicFileAttributes.class);
      } catch (IOException e) {
        others.append("+");
        continue;
      }
      long[] sums =
          found.isDirectory() ? sums(other, ns(found)) : new long[] {found.size(), 1, ns(found)};
      others.append("+%s:%d:%d:%d".formatted(found.fileKey(), sums[0], sums[1], sums[2]));
    }
    return others.toString();
  }

  private static String labels(Path path, SourceFormat format) throws IOException {
    Path labels = format instanceof LabelledFormat ? LabelledFormat.labelsOf(path) : null;
    if (labels == null) {
      return "";
    }
    BasicFileAttributes found = Files.readAttributes(labels, BasicFileAttributes.class);
    return "+%s:%d:%d".formatted(found.fileKey(), found.size(), ns(found));
  }

  /// An empty file is as good as none: whoever opens a database to read it may leave one.
  private FileState with(Path beside) {
    try {
      BasicFileAttributes other = Files.readAttributes(beside, BasicFileAttributes.class);
      return other.size() == 0
          ? this
          : new FileState(
              file, sizeBytes + other.size(), files + 1, Math.max(modifiedNs, ns(other)));
    } catch (IOException e) {
      return this;
    }
  }

  private static long ns(BasicFileAttributes attributes) {
    return attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
  }
}
