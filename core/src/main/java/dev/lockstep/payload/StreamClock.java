package dev.lockstep.payload;

import static dev.lockstep.payload.SeiLayout.*;

import dev.lockstep.model.CodedFrames;
import dev.lockstep.model.Times;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The clock that a coded video carries along in supplemental information: precision time stamps
/// (MISB ST 0604), or time codes, which count frames (pic_timing of H.264, time_code of H.265).
/// Used in the order of decoding, by one thread.
final class StreamClock {
  /// Bytes of a message's payload that are looked at.
  private static final int MAX_PAYLOAD = 64;

  private static final long SECONDS_OF_DAY = 86_400;

  /// How long the frames of a time code are, and what stands in front of it.
  ///
  /// @param scale ticks in a second, 0 where unknown
  /// @param unit ticks of a field, or of a frame in H.265
  /// @param delayBits bits in front of pic_struct
  /// @param pictureStructure whether there is a pic_struct, and with it clock stamps
  /// @param offsetBits bits of the offset behind a clock stamp (H.264)
  record Timing(long scale, long unit, int delayBits, boolean pictureStructure, int offsetBits) {
    static final Timing UNKNOWN = new Timing(0, 0, 0, false, 0);
  }

  private final byte[] payload = new byte[MAX_PAYLOAD];

  // Supplemental information of the frame under way.
  private byte @Nullable [] bytes;
  private final int[] from = new int[4];
  private final int[] to = new int[4];
  private int units;

  private long timeNs = Times.NONE;
  private byte marks;

  // The time code before.
  private int hours = -1;
  private int minutes = -1;
  private int seconds = -1;
  private long lastCodeNs = Times.NONE;

  /// Whether the unit in `[from, to)`, from its header on, may tell a time.
  static boolean tellsTime(byte[] bytes, int from, int to, boolean h265) {
    NalBits in = new NalBits(bytes, from + (h265 ? 2 : 1), to);
    byte[] id = new byte[IDENTIFIER_BYTES];
    while (true) {
      int type = number(in);
      int size = number(in);
      if (in.ended()) {
        return false;
      }
      if (type == (h265 ? H265_TIME_CODE : H264_PICTURE_TIMING)) {
        return true;
      }
      read(in, size, id);
      if (type == USER_DATA && size == PRECISION_BYTES && isPrecision(id)) {
        return true;
      }
    }
  }

  private static boolean isPrecision(byte[] id) {
    return Arrays.equals(id, H264_MICROSECONDS)
        || Arrays.equals(id, H265_MICROSECONDS)
        || Arrays.equals(id, H265_NANOSECONDS);
  }

  /// A number in bytes of which all but the last are FF.
  private static int number(NalBits in) {
    int sum = 0;
    int next = 0xFF;
    while (next == 0xFF && !in.ended()) {
      next = in.bits(8);
      sum += next;
    }
    return sum;
  }

  /// Reads `size` bytes, of which the first are kept.
  private static void read(NalBits in, int size, byte[] into) {
    for (int i = 0; i < size && !in.ended(); i++) {
      int next = in.bits(8);
      if (i < into.length) {
        into[i] = (byte) next;
      }
    }
  }

  /// A frame begins.
  void begin() {
    units = 0;
    timeNs = Times.NONE;
    marks = 0;
  }

  /// Takes supplemental information, from its header on, until the picture that it belongs to.
  void supplement(byte[] bytes, int from, int to) {
    if (units < this.from.length) {
      this.bytes = bytes;
      this.from[units] = from;
      this.to[units] = to;
      units++;
    }
  }

  /// Tells the time of the picture that has come, the first of its message only.
  void picture(Timing timing, boolean h265) {
    byte[] kept = bytes;
    for (int i = 0; i < units && kept != null; i++) {
      NalBits in = new NalBits(kept, from[i] + (h265 ? 2 : 1), to[i]);
      while (true) {
        int type = number(in);
        int size = number(in);
        if (in.ended()) {
          break;
        }
        read(in, size, payload);
        if (in.ended()) {
          break;
        }
        message(type, Math.min(size, MAX_PAYLOAD), timing, h265);
      }
    }
    units = 0;
  }

  private void message(int type, int size, Timing timing, boolean h265) {
    if (type == USER_DATA && size == PRECISION_BYTES) {
      precision();
    } else if (timeNs == Times.NONE && type == (h265 ? H265_TIME_CODE : H264_PICTURE_TIMING)) {
      code(NalBits.plain(payload, 0, size), timing, h265);
    }
  }

  private void precision() {
    byte[] id = Arrays.copyOf(payload, IDENTIFIER_BYTES);
    if (!isPrecision(id)) {
      return;
    }
    long value = 0;
    for (int i = IDENTIFIER_BYTES + 1; i < PRECISION_BYTES; i++) {
      boolean guard = (i - IDENTIFIER_BYTES) % 3 == 0;
      if (!guard) {
        value = value << 8 | (payload[i] & 0xFF);
      } else if ((payload[i] & 0xFF) != GUARD) {
        return;
      }
    }
    long perUnit = Arrays.equals(id, H265_NANOSECONDS) ? 1 : Times.MICROSECOND;
    if (value <= 0 || value > Long.MAX_VALUE / perUnit) {
      return;
    }
    boolean jumped = (payload[IDENTIFIER_BYTES] & DISCONTINUITY) != 0;
    timeNs = value * perUnit;
    marks = (byte) (CodedFrames.ABSOLUTE | (jumped ? CodedFrames.RESTARTS : 0));
  }

  private void code(NalBits in, Timing timing, boolean h265) {
    if (h265) {
      if (in.bits(2) == 0) {
        return;
      }
    } else {
      if (!timing.pictureStructure()) {
        return;
      }
      for (int i = 0; i < timing.delayBits(); i++) {
        in.bit();
      }
      if (in.bits(4) >= CLOCK_STAMPS.length) {
        return;
      }
    }
    if (!in.flag()) {
      return;
    }
    if (!h265) {
      in.bits(2);
    }
    boolean fields = in.flag();
    int counting = in.bits(5);
    boolean full = in.flag();
    boolean jumped = in.flag();
    in.bit();
    int frames = in.bits(h265 ? 9 : 8);
    clockFace(in, full);
    int offsetBits = h265 ? in.bits(5) : timing.offsetBits();
    long offset = signed(in, offsetBits);
    if (in.ended()) {
      return;
    }
    if (timing.scale() <= 0 || timing.unit() <= 0) {
      marks |= CodedFrames.UNSCALED;
      return;
    }
    long perFrame = timing.unit() * (fields ? 2 : 1);
    long nominal = (timing.scale() + perFrame - 1) / perFrame;
    if (hours < 0 || frames >= nominal) {
      marks |= CodedFrames.UNSCALED;
      return;
    }
    long minute = hours * 60L + minutes;
    long count = (minute * 60 + seconds) * nominal + frames;
    long daily = SECONDS_OF_DAY * nominal;
    if (counting == COUNTING_DROPS) {
      long dropped = nominal / 15;
      count -= dropped * (minute - minute / 10);
      daily -= dropped * (SECONDS_OF_DAY / 60 - SECONDS_OF_DAY / 600);
    }
    long ns = ticksToNs(count, perFrame, timing.scale()) + ticksToNs(offset, 1, timing.scale());
    timeNs = unwrapped(ns, ticksToNs(daily, perFrame, timing.scale()));
    marks = jumped ? CodedFrames.RESTARTS : 0;
  }

  /// Hours, minutes and seconds; those that are not told are as they were.
  private void clockFace(NalBits in, boolean full) {
    if (full) {
      seconds = in.bits(6);
      minutes = in.bits(6);
      hours = in.bits(5);
    } else if (in.flag()) {
      seconds = in.bits(6);
      if (in.flag()) {
        minutes = in.bits(6);
        if (in.flag()) {
          hours = in.bits(5);
        }
      }
    }
  }

  private static long signed(NalBits in, int bits) {
    if (bits <= 0) {
      return 0;
    }
    long value = in.bits(bits) & 0xFFFF_FFFFL;
    return value << (Long.SIZE - bits) >> (Long.SIZE - bits);
  }

  /// Times `count` of `perCount` ticks, of which `scale` are a second.
  private static long ticksToNs(long count, long perCount, long scale) {
    // Counts of a day at 2^9 frames a second and ticks of 2^33 stay below 2^63.
    long ticks = Math.multiplyExact(count, perCount);
    return ticks / scale * Times.SECOND + ticks % scale * Times.SECOND / scale;
  }

  /// The time on the day that is nearest to the time before.
  private long unwrapped(long ns, long dayNs) {
    long time = ns;
    if (lastCodeNs != Times.NONE && dayNs > 0) {
      time += Math.round((double) (lastCodeNs - ns) / dayNs) * dayNs;
    }
    lastCodeNs = time;
    return time;
  }

  /// Time of the frame, ns, or [Times#NONE].
  long timeNs() {
    return timeNs;
  }

  /// Flags of [CodedFrames].
  byte marks() {
    return marks;
  }
}
