package dev.lockstep.source;

import dev.lockstep.model.Order;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The files of a folder whose names are numbers: message numbers, frame numbers or stamps.
public final class NumberedFiles {
  /// At most 18 digits, so that every name fits a `long`.
  private static final Pattern NAME = Pattern.compile("(\\d{1,18})\\.(\\w+)");

  private final List<Entry> entries;
  private final int others;

  /// A file.
  ///
  /// @param number its name as a number
  /// @param path where it is
  /// @param extension last part of its name, without the dot
  public record Entry(long number, Path path, String extension) {}

  private NumberedFiles(List<Entry> entries, int others) {
    this.entries = entries;
    this.others = others;
  }

  /// Lists a folder; one that is absent holds nothing. Of files with the same number the first by
  /// name counts.
  ///
  /// @throws IOException if the folder may not be read
  public static NumberedFiles of(Path folder) throws IOException {
    List<Entry> found = new ArrayList<>();
    int others = 0;
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
          if (name.matches()) {
            found.add(new Entry(Long.parseLong(name.group(1)), file, name.group(2)));
          } else {
            others++;
          }
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    found.sort(Order.byLong(Entry::number).thenComparing(Entry::path));
    List<Entry> unique = new ArrayList<>();
    for (Entry entry : found) {
      if (unique.isEmpty() || unique.getLast().number() != entry.number()) {
        unique.add(entry);
      } else {
        others++;
      }
    }
    return new NumberedFiles(List.copyOf(unique), others);
  }

  /// The files, ascending by number.
  public List<Entry> entries() {
    return entries;
  }

  /// Their numbers, ascending.
  public long[] numbers() {
    return entries.stream().mapToLong(Entry::number).toArray();
  }

  /// Number of entries of the folder that are not among them.
  public int others() {
    return others;
  }
}
