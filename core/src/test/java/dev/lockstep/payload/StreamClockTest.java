package dev.lockstep.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.CodedFrames;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.synth.VideoClip;
import dev.lockstep.synth.encode.H264Encoder.Clock;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class StreamClockTest {
  private static final String TRAILING = "1";
  private static final StreamClock.Timing NTSC = new StreamClock.Timing(30_000, 1001, 0, true, 24);

  private static String u(long value, int bits) {
    String text = Long.toBinaryString(value);
    return "0".repeat(bits - text.length()) + text;
  }

  /// Bytes of bits; those that break up zeros are put in.
  private static byte[] unit(String header, String bits) {
    String whole = bits + "0".repeat((8 - bits.length() % 8) % 8);
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    out.writeBytes(HexFormat.of().parseHex(header));
    int zeros = 0;
    for (int at = 0; at < whole.length(); at += 8) {
      int value = Integer.parseInt(whole.substring(at, at + 8), 2);
      if (zeros >= 2 && value <= 3) {
        out.write(3);
        zeros = 0;
      }
      out.write(value);
      zeros = value == 0 ? zeros + 1 : 0;
    }
    return out.toByteArray();
  }

  private static String message(int type, String bits) {
    String whole = bits.length() % 8 == 0 ? bits : bits + "1";
    whole += "0".repeat((8 - whole.length() % 8) % 8);
    return u(type, 8) + u(whole.length() / 8, 8) + whole;
  }

  /// time_code of H.265 with a full clock face.
  private static byte[] code(int counting, int h, int m, int s, int frames, boolean jump) {
    String face = u(s, 6) + u(m, 6) + u(h, 5);
    String stamp =
        "1" + "0" + u(counting, 5) + "1" + (jump ? "1" : "0") + "0" + u(frames, 9) + face;
    return unit("4e01", message(136, "01" + stamp + "00000") + TRAILING);
  }

  private static long timeNs(StreamClock clock, StreamClock.Timing timing, byte[] sei) {
    boolean h265 = sei[0] == 0x4E;
    assertThat(StreamClock.tellsTime(sei, 0, sei.length, h265)).isTrue();
    clock.begin();
    clock.supplement(sei, 0, sei.length);
    clock.picture(timing, h265);
    return clock.timeNs();
  }

  private static byte[] precision(String header, byte[] id, long value) {
    StringBuilder bits = new StringBuilder();
    for (byte b : id) {
      bits.append(u(b & 0xFF, 8));
    }
    bits.append(u(0x1F, 8));
    for (int shift = 48; shift >= 0; shift -= 16) {
      bits.append(u((value >>> shift) & 0xFFFF, 16)).append(shift > 0 ? "11111111" : "");
    }
    return unit(header, message(5, bits.toString()) + TRAILING);
  }

  @Test
  void readsPrecisionStampsOfEitherCodecAndUnit() {
    StreamClock clock = new StreamClock();
    byte[] text = "MISPmicrosectime".getBytes(StandardCharsets.ISO_8859_1);
    long us = 1_700_000_000_123_456L;
    assertThat(timeNs(clock, StreamClock.Timing.UNKNOWN, precision("06", text, us)))
        .isEqualTo(us * 1000);
    assertThat(clock.marks()).isEqualTo(CodedFrames.ABSOLUTE);
    byte[] micro = HexFormat.of().parseHex("a8687dd4d7593758a5cef0338b6545f1");
    assertThat(timeNs(clock, NTSC, precision("4e01", micro, us))).isEqualTo(us * 1000);
    byte[] nano = HexFormat.of().parseHex("cf848278ee23306c9265e8fef22fb8b8");
    assertThat(timeNs(clock, NTSC, precision("4e01", nano, us * 1000 + 7)))
        .isEqualTo(us * 1000 + 7);
    assertThat(timeNs(clock, NTSC, precision("4e01", micro, -1))).isEqualTo(Times.NONE);
  }

  @Test
  void aCodeCountsFramesAndNotSeconds() {
    StreamClock clock = new StreamClock();
    long perFrame = 1001L * Times.SECOND / 30_000;
    assertThat(timeNs(clock, NTSC, code(0, 0, 0, 0, 1, false))).isEqualTo(perFrame);
    // 30 frames a counted second, which lasts 1.001 s.
    assertThat(timeNs(clock, NTSC, code(0, 0, 0, 1, 0, false))).isEqualTo(1_001_000_000L);
    assertThat(timeNs(clock, NTSC, code(0, 1, 2, 3, 4, true)))
        .isEqualTo(
            BigInteger.valueOf((3723 * 30L + 4) * 1001)
                .multiply(BigInteger.valueOf(Times.SECOND))
                .divide(BigInteger.valueOf(30_000))
                .longValue());
    assertThat(clock.marks()).isEqualTo(CodedFrames.RESTARTS);
  }

  @Test
  void countingThatDropsNumbersGoesOnByOneFrame() {
    StreamClock clock = new StreamClock();
    long last = timeNs(clock, NTSC, code(4, 0, 0, 59, 29, false));
    long next = timeNs(clock, NTSC, code(4, 0, 1, 0, 2, false));
    assertThat(next - last).isBetween(33_366_666L, 33_366_667L);
    long ninth = timeNs(clock, NTSC, code(4, 0, 9, 59, 29, false));
    long tenth = timeNs(clock, NTSC, code(4, 0, 10, 0, 0, false));
    assertThat(tenth - ninth).isBetween(33_366_666L, 33_366_667L);
  }

  @Test
  void goesOnAcrossMidnightAndBackForFramesThatAreShownBefore() {
    StreamClock clock = new StreamClock();
    StreamClock.Timing film = new StreamClock.Timing(25, 1, 0, true, 24);
    long last = timeNs(clock, film, code(0, 23, 59, 59, 23, false));
    long first = timeNs(clock, film, code(0, 0, 0, 0, 1, false));
    long between = timeNs(clock, film, code(0, 23, 59, 59, 24, false));
    assertThat(first - last).isEqualTo(3 * 40L * Times.MILLISECOND);
    assertThat(between - last).isEqualTo(40L * Times.MILLISECOND);
  }

  @Test
  void partsThatAreNotToldAreAsTheyWere() {
    StreamClock clock = new StreamClock();
    StreamClock.Timing film = new StreamClock.Timing(25, 1, 0, true, 24);
    long before = timeNs(clock, film, code(0, 1, 2, 3, 4, false));
    byte[] short1 =
        unit(
            "4e01",
            message(136, "01" + "10" + u(0, 5) + "000" + u(6, 9) + "0" + "00000") + TRAILING);
    assertThat(timeNs(clock, film, short1) - before).isEqualTo(2 * 40L * Times.MILLISECOND);
  }

  @Test
  void aCodeWithoutARateOrBeyondItIsNoTime() {
    StreamClock clock = new StreamClock();
    byte[] code = code(0, 1, 2, 3, 4, false);
    assertThat(timeNs(clock, StreamClock.Timing.UNKNOWN, code)).isEqualTo(Times.NONE);
    assertThat(clock.marks()).isEqualTo(CodedFrames.UNSCALED);
    assertThat(timeNs(clock, NTSC, code(0, 1, 2, 3, 30, false))).isEqualTo(Times.NONE);
  }

  @Test
  void otherInformationTellsNoTime() {
    byte[] other = unit("06", message(5, u(0, 64) + u(1, 64) + u(2, 64)) + TRAILING);
    assertThat(StreamClock.tellsTime(other, 0, other.length, false)).isFalse();
    byte[] cut = Arrays.copyOf(code(0, 1, 2, 3, 4, false), 4);
    StreamClock clock = new StreamClock();
    clock.begin();
    clock.supplement(cut, 0, cut.length);
    clock.picture(NTSC, true);
    assertThat(clock.timeNs()).isEqualTo(Times.NONE);
  }

  /// Through parameter sets, slices and all.
  @Test
  void readsTheClocksOfOurOwnEncoder() {
    for (Clock kind : new Clock[] {Clock.TIME_CODE, Clock.PRECISION}) {
      VideoClip clip = new VideoClip(3, 45, 20, true, kind);
      FrameNumbers numbers = new FrameNumbers();
      clip.parameterSets().forEach(numbers::parameters);
      StreamInfo stream =
          StreamInfo.of(0, "video", Modality.VIDEO, StampSource.MEDIA_TIME, "h264", null);
      MessageBatch batch = new MessageBatch(stream, 45);
      FrameHeads heads = new FrameHeads();
      PayloadFacts facts = new PayloadFacts();
      for (int i = 0; i < 45; i++) {
        byte[] data = clip.samples().get(i).data();
        int row = batch.add(0, Times.NONE, Times.NONE, 0, data.length);
        facts.reset();
        PayloadProfile.ofVideo(false, 4)
            .reader()
            .read(MemorySegment.ofArray(data), 0, data.length, facts);
        heads.add(row, facts);
      }
      numbers.resolve(heads, batch);
      CodedFrames coded = batch.codedFrames();
      assertThat(coded).isNotNull();
      long begin = kind == Clock.PRECISION ? VideoClip.CLOCK_BEGIN_NS : 0;
      for (int i = 0; i < 45; i++) {
        assertThat(coded.timesNs()[i]).isEqualTo(begin + i * 50L * Times.MILLISECOND);
        assertThat(coded.orders()[i]).isEqualTo(i % 20 * 2);
      }
    }
  }
}
