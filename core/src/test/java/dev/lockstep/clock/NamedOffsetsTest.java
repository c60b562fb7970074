package dev.lockstep.clock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.clock.NamedOffsets.Match;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedOffsetsTest {

  private static final long SECOND = 1_000_000_000L;

  @ParameterizedTest
  @CsvSource({
    "37000000000, tai-utc",
    "36000000000, tai-utc-36",
    "35000000000, tai-utc-35",
    "19000000000, tai-gps",
    "18000000000, gps-utc",
    "15000000000, gps-utc-15",
    "1000000000, second",
    "3600000000000, hours-1",
    "28800000000000, hours-8",
    "900000000000, zone-15",
    "20700000000000, zone-345",
    "4294967296000, wrap-32-us",
    "2147483648000, wrap-31-us",
    "4294967296, wrap-32-ns",
    "4294967296000000, wrap-32-ms",
    "2147483648000000, wrap-31-ms",
    "16777216000, wrap-24-us",
    "604800000000000, gps-week",
    "619315200000000000, gps-rollover",
    "315964800000000000, gps-epoch",
    "946684800000000000, year-2000",
  })
  void namesKnownOffsetsOfEitherSign(long offsetNs, String id) {
    for (long error : new long[] {0, 15_000_000, -15_000_000}) {
      Match ahead = NamedOffsets.nearest(offsetNs + error, 0, 0);
      assertThat(ahead).isNotNull();
      assertThat(ahead.id()).isEqualTo(id);
      assertThat(ahead.nominalNs()).isEqualTo(offsetNs);
      assertThat(ahead.differenceNs()).isEqualTo(error);
      Match behind = NamedOffsets.nearest(-offsetNs - error, 0, 0);
      assertThat(behind).isNotNull();
      assertThat(behind.id()).isEqualTo(id);
      assertThat(behind.nominalNs()).isEqualTo(-offsetNs);
    }
  }

  @Test
  void namesWholePeriods() {
    Match one = NamedOffsets.nearest(-100_500_000, 0, 100e6);
    assertThat(one).isNotNull();
    assertThat(one.id()).isEqualTo("periods-1");
    assertThat(one.sentence()).isEqualTo("one period: messages are paired with their neighbour");
    Match three = NamedOffsets.nearest(300_000_000, 0, 100e6);
    assertThat(three).isNotNull();
    assertThat(three.id()).isEqualTo("periods-3");
    assertThat(NamedOffsets.nearest(400_000_000, 0, 100e6)).isNull();
    assertThat(NamedOffsets.nearest(108_000_000, 0, 100e6)).isNull();
    assertThat(NamedOffsets.nearest(108_000_000, 2e6, 100e6)).isNotNull();
    assertThat(NamedOffsets.nearest(100_000_000, 0, 0)).isNull();
  }

  @Test
  void namesNothingForUnknownOrSmallOffsets() {
    assertThat(NamedOffsets.nearest(0, 0, 0)).isNull();
    assertThat(NamedOffsets.nearest(19_000_000, 0, 0)).isNull();
    assertThat(NamedOffsets.nearest(25 * SECOND, 0, 0)).isNull();
    assertThat(NamedOffsets.nearest(37 * SECOND + 50_000_000, 0, 0)).isNull();
    assertThat(NamedOffsets.nearest(37 * SECOND + 50_000_000, 11e6, 0)).isNotNull();
    assertThat(NamedOffsets.nearest(Long.MIN_VALUE, 0, 0)).isNull();
  }

  @Test
  void namesFewOffsetsByChance() {
    Random random = new Random(4);
    int named = 0;
    for (int i = 0; i < 100_000; i++) {
      long offset = (long) (random.nextDouble() * 50_000 * SECOND);
      named += NamedOffsets.nearest(offset, 0, 0) == null ? 0 : 1;
    }
    assertThat(named).as("of 100,000 random offsets up to 50,000 s").isLessThan(20);
  }

  @Test
  void saysItInWords() {
    Match match = NamedOffsets.nearest(4_294_967_296_000L, 0, 0);
    assertThat(match).isNotNull();
    assertThat(match.sentence()).isEqualTo("4294.967 s: a 32-bit microsecond counter rolled over");
  }
}
