package dev.lockstep.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.FrameOrder;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameNumbersTest {
  private static final StreamInfo VIDEO =
      StreamInfo.of(0, "video", Modality.VIDEO, StampSource.MEDIA_TIME, "h264", null);

  /// Bits as text, filled up behind a stop bit, with a NAL unit header in front.
  private static byte[] unit(int header, String... bits) {
    StringBuilder all = new StringBuilder(String.join("", bits)).append('1');
    while (all.length() % 8 != 0) {
      all.append('0');
    }
    byte[] unit = new byte[1 + all.length() / 8];
    unit[0] = (byte) header;
    for (int i = 1; i < unit.length; i++) {
      unit[i] = (byte) Integer.parseInt(all.substring(8 * i - 8, 8 * i), 2);
    }
    return unit;
  }

  private static String u(int value, int count) {
    String bits = Integer.toBinaryString(value);
    return "0".repeat(count - bits.length()) + bits;
  }

  private static String ue(int value) {
    String bits = Integer.toBinaryString(value + 1);
    return "0".repeat(bits.length() - 1) + bits;
  }

  /// Baseline, order type 2, `log2` bits of frame_num.
  private static byte[] sps(int id, int log2, boolean gaps, boolean framesOnly) {
    return unit(
        0x67,
        u(66, 8),
        u(0, 8),
        u(30, 8),
        ue(id),
        ue(log2 - 4),
        ue(2),
        ue(1),
        gaps ? "1" : "0",
        ue(3),
        ue(2),
        framesOnly ? "1" : "00",
        "1",
        "00");
  }

  private static byte[] pps(int id, int sps) {
    return unit(
        0x68, ue(id), ue(sps), "00", ue(0), ue(0), ue(0), "000", ue(0), ue(0), ue(0), "100");
  }

  /// A P slice of `pps` that is a reference, with what stands behind frame_num.
  private static byte[] slice(int pps, String number, String... rest) {
    return unit(0x41, ue(0), ue(5), ue(pps), number, String.join("", rest));
  }

  /// No override, no modification, and the marking of references.
  private static String marking(String bits) {
    return "0" + "0" + bits;
  }

  private static List<Integer> orders(byte[]... messages) {
    FrameNumbers numbers = new FrameNumbers();
    MessageBatch batch = new MessageBatch(VIDEO, messages.length);
    FrameHeads heads = new FrameHeads();
    PayloadFacts facts = new PayloadFacts();
    for (byte[] message : messages) {
      int row = batch.add(0, Times.NONE, Times.NONE, 0, message.length);
      facts.reset();
      AnnexB.examine(MemorySegment.ofArray(message), 0, message.length, false, false, facts);
      heads.add(row, facts);
    }
    numbers.resolve(heads, batch);
    List<Integer> orders = new ArrayList<>();
    for (int row = 0; row < batch.size(); row++) {
      orders.add(batch.frameOrders().length == 0 ? 0 : batch.frameOrders()[row]);
    }
    return orders;
  }

  private static byte[] annexB(byte[]... units) {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    for (byte[] unit : units) {
      out.writeBytes(new byte[] {0, 0, 1});
      out.writeBytes(unit);
    }
    return out.toByteArray();
  }

  private static final int P = FrameOrder.KNOWN | FrameOrder.REFERENCE;

  @Test
  void followsParameterSetsFromMessageToMessage() {
    assertThat(
            orders(
                annexB(sps(0, 4, false, true), pps(0, 0), slice(0, u(9, 4), marking("0"))),
                annexB(slice(0, u(10, 4), marking("0"))),
                annexB(sps(0, 7, false, true), slice(0, u(100, 7), marking("0"))),
                annexB(sps(0, 7, true, true), slice(0, u(101, 7), marking("0")))))
        .containsExactly(
            FrameOrder.of(9, 4, P),
            FrameOrder.of(10, 4, P),
            FrameOrder.of(100, 7, P),
            FrameOrder.of(101, 7, P | FrameOrder.GAPS_ALLOWED));
  }

  @Test
  void keepsTheSetsOfSeveralNumbersApart() {
    assertThat(
            orders(
                annexB(sps(0, 4, false, true), sps(3, 8, false, true), pps(0, 0), pps(7, 3)),
                annexB(slice(7, u(200, 8), marking("0"))),
                annexB(slice(0, u(3, 4), marking("0")))))
        .containsExactly(0, FrameOrder.of(200, 8, P), FrameOrder.of(3, 4, P));
  }

  @Test
  void saysWhereParameterSetsAreMissing() {
    assertThat(
            orders(
                annexB(slice(0, u(1, 4), marking("0"))),
                annexB(pps(0, 0), slice(0, u(1, 4), marking("0"))),
                annexB(sps(0, 4, false, true), slice(0, u(1, 4), marking("0")))))
        .containsExactly(
            FrameOrder.PARAMETERS_MISSING, FrameOrder.PARAMETERS_MISSING, FrameOrder.of(1, 4, P));
  }

  @Test
  void knowsTheOperationThatResetsNumbers() {
    byte[] parameters = annexB(sps(0, 4, false, true), pps(0, 0));
    assertThat(
            orders(
                parameters,
                annexB(slice(0, u(4, 4), marking("1" + ue(1) + ue(0) + ue(5) + ue(0)))),
                annexB(slice(0, u(4, 4), marking("1" + ue(3) + ue(5) + ue(5) + ue(0)))),
                annexB(slice(0, u(4, 4), "0", "1" + ue(0) + ue(5) + ue(3), "0"))))
        .containsExactly(
            0,
            FrameOrder.of(4, 4, P | FrameOrder.RESETS),
            FrameOrder.of(4, 4, P),
            FrameOrder.of(4, 4, P));
  }

  @Test
  void twoFieldsInOneMessageAreOneFrameAndOneAloneIsAField() {
    byte[] parameters = annexB(sps(0, 4, false, false), pps(0, 0));
    byte[] top = slice(0, u(4, 4), "10", marking("0"));
    byte[] bottom = slice(0, u(4, 4), "11", marking("0"));
    byte[] next = slice(0, u(5, 4), "0", marking("0"));
    assertThat(orders(parameters, annexB(top, bottom), annexB(top), annexB(bottom, next)))
        .containsExactly(
            0,
            FrameOrder.of(4, 4, P),
            FrameOrder.of(4, 4, P | FrameOrder.FIELD),
            FrameOrder.of(5, 4, P | FrameOrder.SEVERAL));
  }

  @Test
  void laterSlicesOfAPictureAreNoPictures() {
    byte[] second = unit(0x41, ue(5), ue(5), ue(0), u(4, 4), marking("0"));
    assertThat(
            orders(
                annexB(sps(0, 4, false, true), pps(0, 0)),
                annexB(slice(0, u(4, 4), marking("0")), second)))
        .containsExactly(0, FrameOrder.of(4, 4, P));
  }

  @Test
  void headsOfAnythingAreBoundedAndNeverThrow() {
    java.util.Random random = new java.util.Random(5);
    for (int i = 0; i < 3000; i++) {
      byte[] sps = new byte[random.nextInt(200) + 1];
      byte[] slice = new byte[random.nextInt(60) + 1];
      random.nextBytes(sps);
      random.nextBytes(slice);
      sps[0] = (byte) (random.nextBoolean() ? 0x67 : 0x68);
      slice[0] = 0x41;
      FrameNumbers numbers = new FrameNumbers();
      numbers.parameters(sps);
      numbers.parameters(pps(0, 0));
      numbers.parameters(slice);
    }
  }
}
