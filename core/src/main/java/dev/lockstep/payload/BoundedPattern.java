package dev.lockstep.payload;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A regular expression from a source that is not trusted: a match gets only so many steps.
/// Immutable.
public final class BoundedPattern {
  /// Characters that one match may look at (judged: a thousand times the length of texts seen).
  private static final int MAX_STEPS = 1_000_000;

  private final Pattern pattern;

  private BoundedPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /// The pattern that `regex` describes.
  ///
  /// @throws java.util.regex.PatternSyntaxException if it describes none
  public static BoundedPattern compile(String regex) {
    return new BoundedPattern(Pattern.compile(regex));
  }

  /// Whether the pattern has a group of that name.
  public boolean hasGroup(String name) {
    return pattern.namedGroups().containsKey(name);
  }

  /// The first match in `text`, or null.
  ///
  /// @throws IllegalStateException if that takes too many steps
  public @Nullable MatchResult find(CharSequence text) {
    Matcher matcher = matcher(text);
    return matcher.find() ? matcher.toMatchResult() : null;
  }

  /// The match of all of `text`, or null where it does not match or takes too many steps to.
  public @Nullable MatchResult matchAll(CharSequence text) {
    try {
      Matcher matcher = matcher(text);
      return matcher.matches() ? matcher.toMatchResult() : null;
    } catch (IllegalStateException | StackOverflowError e) {
      return null;
    }
  }

  private Matcher matcher(CharSequence text) {
    return pattern.matcher(new CountedText(text, new int[1]));
  }

  /// The pattern as it was written.
  @Override
  public String toString() {
    return pattern.pattern();
  }

  /// Text that ends a match that takes too long.
  @SuppressWarnings("ArrayRecordComponent") // shared on purpose, never compared
  private record CountedText(CharSequence text, int[] steps) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++steps[0] > MAX_STEPS) {
        throw new IllegalStateException("pattern takes too many steps");
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new CountedText(text.subSequence(start, end), steps);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
