package dev.lockstep.source.folder;

import dev.lockstep.model.Times;
import dev.lockstep.payload.BoundedPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// What a layout says about names of files, or about lines of a list: where in them the stamp, the
/// number or the file's name stands.
final class NamePattern {
  private static final Pattern PLACE = Pattern.compile("\\{(\\w+)\\}|\\*");

  private static final Map<String, String> PLACES =
      Map.of(
          "stamp", "(?<stamp>[-+0-9.:,TZeE]+)",
          "seconds", "(?<seconds>[0-9]+)",
          "nanoseconds", "(?<nanoseconds>[0-9]+)",
          "number", "(?<number>[0-9]+)",
          "file", "(?<file>\\S+)");

  private final String written;
  private final BoundedPattern pattern;
  private final boolean parts;
  private final boolean stamp;
  private final boolean number;
  private final boolean file;

  private NamePattern(String written, BoundedPattern pattern) {
    this.written = written;
    this.pattern = pattern;
    parts = pattern.hasGroup("seconds") && pattern.hasGroup("nanoseconds");
    stamp = parts || pattern.hasGroup("stamp");
    number = pattern.hasGroup("number");
    file = pattern.hasGroup("file");
  }

  /// The pattern that a text with places in braces stands for.
  ///
  /// @throws IllegalArgumentException if it has none, or an unknown one
  static NamePattern template(String text, List<String> allowed) {
    StringBuilder regex = new StringBuilder();
    List<String> seen = new ArrayList<>();
    int at = 0;
    var places = PLACE.matcher(text);
    while (places.find()) {
      regex.append(Pattern.quote(text.substring(at, places.start())));
      at = places.end();
      String name = places.group(1);
      if (name == null) {
        regex.append(".*");
      } else if (allowed.contains(name) && !seen.contains(name)) {
        seen.add(name);
        regex.append(PLACES.get(name));
      } else {
        throw new IllegalArgumentException("{" + name + "}");
      }
    }
    regex.append(Pattern.quote(text.substring(at)));
    return new NamePattern(text, BoundedPattern.compile(regex.toString()));
  }

  /// The pattern that a regular expression with named groups stands for.
  ///
  /// @throws IllegalArgumentException if it is none
  static NamePattern regex(String regex) {
    try {
      return new NamePattern(regex, BoundedPattern.compile(regex));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getDescription() + " at " + e.getIndex(), e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("too deep", e);
    }
  }

  boolean givesStamp() {
    return stamp;
  }

  boolean givesNumber() {
    return number;
  }

  boolean givesFile() {
    return file;
  }

  @Nullable MatchResult match(String text) {
    return pattern.matchAll(text);
  }

  /// The stamp in a match, without its epoch, or [Times#NONE].
  long stampNs(MatchResult match, StampUnit unit) {
    if (!parts) {
      String text = match.group("stamp");
      return text == null ? Times.NONE : StampText.parse(text, unit);
    }
    long seconds = StampText.parse(match.group("seconds"), StampUnit.SECONDS);
    long nanos = StampText.parse(match.group("nanoseconds"), StampUnit.NANOSECONDS);
    return seconds == Times.NONE || nanos < 0 || nanos >= Times.SECOND
        ? Times.NONE
        : seconds + nanos;
  }

  /// The number in a match, or -1.
  static long number(MatchResult match) {
    String text = match.group("number");
    return text == null || text.length() > 18 ? -1 : Long.parseLong(text);
  }

  @Override
  public String toString() {
    return written;
  }
}
