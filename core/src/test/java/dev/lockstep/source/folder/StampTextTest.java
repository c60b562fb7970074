package dev.lockstep.source.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.Times;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StampTextTest {
  @ParameterizedTest
  @CsvSource({
    "1574859771.744660272, SECONDS, 1574859771744660272",
    "1305031102.175304, SECONDS, 1305031102175304000",
    "1403715273262142976, NANOSECONDS, 1403715273262142976",
    "1598986495.5, MILLISECONDS, 1598986495500000",
    "1606417097528152, MICROSECONDS, 1606417097528152000",
    "-0.5, SECONDS, -500000000",
    "1.305031102175304000e+09, SECONDS, 1305031102175304000",
    "1.4037152732621430E+18, NANOSECONDS, 1403715273262143000",
    "+12.0000000005, SECONDS, 12000000001",
    "-12.0000000005, SECONDS, -12000000001",
    "0.1, NANOSECONDS, 0",
    "9223372036854775807, NANOSECONDS, 9223372036854775807",
    "9223372036.854775807, SECONDS, 9223372036854775807",
    "2019-11-27T13:02:51.744660272Z, ISO, 1574859771744660272",
    "2019-11-27 14:02:51.7+01:00, ISO, 1574859771700000000",
    "2019-11-27T13:02:51, ISO, 1574859771000000000"
  })
  void readsDecimalsExactly(String text, StampUnit unit, long ns) {
    assertThat(StampText.parse(text, unit)).isEqualTo(ns);
    assertThat(StampText.parse(" \"" + text + "\"\r", unit)).isEqualTo(ns);
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775808, NANOSECONDS",
    "9223372036.854775808, SECONDS",
    "99999999999999999999999, SECONDS",
    "1e999999999, SECONDS",
    "1e30, SECONDS",
    "abc, SECONDS",
    "'', SECONDS",
    "-, SECONDS",
    ".5, NANOSECONDS_",
    "nan, SECONDS",
    "1 2, SECONDS",
    "0x10, SECONDS",
    "2019-11-27T13:02:61Z, ISO",
    "2019-02-30T13:02:01Z, ISO",
    "2019-11-27T13:02:51+1, ISO",
    "27.11.2019 13:02, ISO"
  })
  void takesNothingElseForAStamp(String text, String unit) {
    StampUnit parsed = unit.endsWith("_") ? StampUnit.NANOSECONDS : StampUnit.valueOf(unit);
    long stampNs = StampText.parse(text, parsed);
    // A point without digits in front is a number all the same.
    assertThat(stampNs).isEqualTo(unit.endsWith("_") ? 1 : Times.NONE);
  }

  @Test
  void agreesWithExactArithmetic() {
    Random random = new Random(4);
    for (int i = 0; i < 20_000; i++) {
      BigDecimal number =
          new BigDecimal(random.nextLong(4_000_000_000_000_000_000L))
              .movePointLeft(random.nextInt(19));
      String text = number.toPlainString();
      StampUnit unit = StampUnit.values()[random.nextInt(4)];
      BigDecimal exact = number.movePointRight(unit.power()).setScale(0, RoundingMode.HALF_UP);
      long expected =
          exact.toBigInteger().bitLength() < Long.SIZE ? exact.longValueExact() : Times.NONE;
      assertThat(StampText.parse(text, unit)).as(text + " " + unit).isEqualTo(expected);
    }
  }
}
