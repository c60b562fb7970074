package dev.lockstep.source.folder;

import dev.lockstep.payload.BoundedPattern;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The paths of a layout: relative, `/` between folders, in each part `*`, `?` and `[abc]`, `**`
/// for folders of any depth, and `{stream}` for the name of the stream.
final class Paths {
  /// Stands for the name of a stream.
  static final String STREAM = "{stream}";

  /// Folders below one another that `**` follows; as the search for recordings does.
  private static final int MAX_DEPTH = 16;

  /// Names that a message repeats.
  private static final int SHOWN = 4;

  private Paths() {}

  /// A file of the recording.
  ///
  /// @param name its path relative to the recording
  record Found(String name, Path path) {
    /// Last part of the name.
    String last() {
      return name.substring(name.lastIndexOf('/') + 1);
    }

    /// Last part without its end.
    String stem() {
      return stemOf(last());
    }

    String extension() {
      String last = last();
      int dot = last.lastIndexOf('.');
      return dot < 0 ? "" : last.substring(dot + 1);
    }
  }

  /// A name without folder and end.
  static String stemOf(String name) {
    String last = name.substring(name.lastIndexOf('/') + 1);
    int dot = last.lastIndexOf('.');
    return dot <= 0 ? last : last.substring(0, dot);
  }

  /// Whether a path cannot leave the folder.
  static boolean isInside(String path) {
    if (path.startsWith("/") || path.indexOf('\\') >= 0 || path.indexOf('\0') >= 0) {
      return false;
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals("..") || part.equals(".")) {
        return false;
      }
    }
    return true;
  }

  static boolean isPattern(String name) {
    return name.indexOf('*') >= 0 || name.indexOf('?') >= 0 || name.indexOf('[') >= 0;
  }

  /// The path of a stream.
  static String of(String path, String stream) {
    return path.replace(STREAM, stream);
  }

  /// The files that a pattern fits, in natural order of their names.
  ///
  /// @throws IOException if a folder may not be read
  static List<Found> files(Path root, String pattern) throws IOException {
    List<Found> found = new ArrayList<>();
    walk(root, "", pattern.split("/", -1), 0, true, 0, found);
    found.sort((a, b) -> natural(a.name(), b.name()));
    return found;
  }

  /// The names for which a pattern of names fits where `path` has `{stream}`.
  ///
  /// @throws IOException if a folder may not be read
  static List<String> streams(Path root, String path, String names) throws IOException {
    int at = path.indexOf(STREAM);
    if (at < 0) {
      return List.of();
    }
    int slash = path.indexOf('/', at);
    String head = slash < 0 ? path : path.substring(0, slash);
    List<Found> found = new ArrayList<>();
    walk(root, "", of(head, names).split("/", -1), 0, slash < 0, 0, found);
    String regex = regex(head.substring(0, at)) + "(" + regex(names) + ")";
    int behind = head.indexOf(STREAM, at + 1) < 0 ? at + STREAM.length() : head.length();
    BoundedPattern pattern = BoundedPattern.compile(regex + regex(head.substring(behind)));
    TreeSet<String> result = new TreeSet<>(Paths::natural);
    for (Found each : found) {
      MatchResult match = pattern.matchAll(each.name());
      if (match != null) {
        result.add(match.group(1));
      }
    }
    return List.copyOf(result);
  }

  private static void walk(
      Path folder,
      String prefix,
      String[] parts,
      int part,
      boolean wantFiles,
      int depth,
      List<Found> found)
      throws IOException {
    String name = parts[part];
    boolean last = part == parts.length - 1;
    if (name.equals("**")) {
      if (last) {
        String[] any = {"*"};
        walk(folder, prefix, any, 0, wantFiles, depth, found);
      } else {
        walk(folder, prefix, parts, part + 1, wantFiles, depth, found);
      }
      if (depth < MAX_DEPTH) {
        for (String child : children(folder)) {
          Path below = folder.resolve(child);
          if (Files.isDirectory(below) && !Files.isSymbolicLink(below)) {
            walk(below, prefix + child + "/", parts, part, wantFiles, depth + 1, found);
          }
        }
      }
      return;
    }
    List<String> names = isPattern(name) ? fitting(folder, name) : List.of(name);
    for (String child : names) {
      Path below;
      try {
        below = folder.resolve(child);
      } catch (InvalidPathException e) {
        continue;
      }
      boolean directory = Files.isDirectory(below);
      if (last) {
        if (wantFiles ? Files.isRegularFile(below) : directory) {
          found.add(new Found(prefix + child, below));
        }
      } else if (directory) {
        walk(below, prefix + child + "/", parts, part + 1, wantFiles, depth, found);
      }
    }
  }

  private static List<String> fitting(Path folder, String pattern) throws IOException {
    BoundedPattern regex = BoundedPattern.compile(regex(pattern));
    List<String> names = new ArrayList<>();
    for (String child : children(folder)) {
      boolean hidden = child.startsWith(".") && !pattern.startsWith(".");
      if (!hidden && regex.matchAll(child) != null) {
        names.add(child);
      }
    }
    return names;
  }

  private static List<String> children(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
        entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    names.sort(null);
    return names;
  }

  /// The regular expression of a pattern; an open bracket stands for itself.
  private static String regex(String pattern) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      int close = c == '[' ? pattern.indexOf(']', i + 2) : -1;
      if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (close > 0) {
        String set = pattern.substring(i + 1, close);
        boolean not = set.startsWith("!");
        regex.append(not ? "[^/" : "[");
        regex
            .append((not ? set.substring(1) : set).replaceAll("[\\\\\\[\\]^&]", "\\\\$0"))
            .append(']');
        i = close;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.toString();
  }

  /// What is there in place of what a pattern does not find, in words.
  static String whatIsThere(Path root, String pattern) {
    Path folder = root;
    String prefix = "";
    for (String part : pattern.split("/", -1)) {
      Path below = isPattern(part) ? folder.resolve("?") : folder.resolve(part);
      if (!Files.isDirectory(below)) {
        break;
      }
      folder = below;
      prefix += part + "/";
    }
    String where = prefix.isEmpty() ? "the folder" : prefix;
    try {
      List<String> there = children(folder);
      if (there.isEmpty()) {
        return where + " is empty";
      }
      String names = String.join(", ", there.subList(0, Math.min(SHOWN, there.size())));
      int more = there.size() - SHOWN;
      return where + " holds " + names + (more > 0 ? " and " + more + " more" : "");
    } catch (IOException e) {
      return where + " cannot be read";
    }
  }

  /// Order of names in which numbers count by their size: `9.png` before `10.png`.
  static int natural(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      char c = a.charAt(i);
      char d = b.charAt(j);
      if (!isDigit(c) || !isDigit(d)) {
        if (c != d) {
          return c - d;
        }
        i++;
        j++;
        continue;
      }
      int p = endOfDigits(a, i);
      int q = endOfDigits(b, j);
      int from = i;
      int other = j;
      while (from < p - 1 && a.charAt(from) == '0') {
        from++;
      }
      while (other < q - 1 && b.charAt(other) == '0') {
        other++;
      }
      int order = Integer.compare(p - from, q - other);
      if (order == 0) {
        order = a.substring(from, p).compareTo(b.substring(other, q));
      }
      if (order != 0) {
        return order;
      }
      i = p;
      j = q;
    }
    int order = Integer.compare(a.length() - i, b.length() - j);
    return order != 0 ? order : a.compareTo(b);
  }

  private static int endOfDigits(String text, int from) {
    int at = from;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
