package dev.lockstep.source.mcap;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Looks for the messages of one frame among messages whose frames have rising numbers.
final class FrameSearch {
  private static final int[] UNKNOWN = new int[0];
  private static final int[] NONE = {0, -1};

  private final int count;
  private final Frames frames;

  /// Reads a message.
  interface Frames {
    /// The numbers of the frames of its labels; none if it has no labels.
    long[] of(int message) throws IOException;
  }

  /// A message and the number of its frame.
  private record Known(int message, long frame) {}

  FrameSearch(int count, Frames frames) {
    this.count = count;
    this.frames = frames;
  }

  /// The first and the last message of a frame, the last before the first if there is none of it;
  /// empty if the numbers that halving sees do not rise: then only a read of all messages can tell.
  int[] messagesOf(long frame) throws IOException {
    Known low = from(0, count, 1);
    Known high = low == null ? null : from(count - 1, -1, -1);
    while (low != null && high != null) {
      if (low.frame() < 0 || high.frame() < low.frame()) {
        return UNKNOWN;
      }
      if (low.frame() == frame || high.frame() == frame) {
        return around(low.frame() == frame ? low.message() : high.message(), frame);
      }
      if (frame < low.frame() || frame > high.frame()) {
        return NONE;
      }
      int middle = low.message() + (high.message() - low.message()) / 2;
      Known between = from(Math.max(middle, low.message() + 1), high.message(), 1);
      between = between == null ? from(middle - 1, low.message(), -1) : between;
      if (between == null) {
        return NONE;
      }
      if (between.frame() < low.frame() || between.frame() > high.frame()) {
        return UNKNOWN;
      }
      if (between.frame() <= frame) {
        low = between;
      } else {
        high = between;
      }
    }
    return NONE;
  }

  /// From `message` on and up to before `end`, the first message with labels, or null; its frame is
  /// negative unless they all have the same, which has a number.
  private @Nullable Known from(int message, int end, int step) throws IOException {
    for (int i = message; step > 0 ? i < end : i > end; i += step) {
      long[] numbers = frames.of(i);
      if (numbers.length > 0) {
        return new Known(i, numbers.length == 1 ? numbers[0] : -1);
      }
    }
    return null;
  }

  private int[] around(int message, long frame) throws IOException {
    int first = message;
    while (first > 0 && isOf(first - 1, frame)) {
      first--;
    }
    int last = message;
    while (last < count - 1 && isOf(last + 1, frame)) {
      last++;
    }
    return new int[] {first, last};
  }

  private boolean isOf(int message, long frame) throws IOException {
    for (long number : frames.of(message)) {
      if (number == frame) {
        return true;
      }
    }
    return false;
  }
}
