package dev.lockstep.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EpochClassTest {

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z, ZERO",
    "1969-12-31T23:59:59Z, NEGATIVE",
    "1970-01-01T00:00:12Z, UPTIME",
    "1980-01-06T03:31:05Z, GPS_EPOCH",
    "1980-01-05T23:59:59Z, PAST",
    "2000-01-01T00:00:00Z, YEAR_2000",
    "2001-08-01T00:00:00Z, PAST",
    "2001-09-09T01:46:40Z, UNIX",
    "2024-06-17T00:00:00Z, UNIX",
    "2049-12-31T23:59:59Z, UNIX",
    "2050-01-01T00:00:00Z, FAR_FUTURE",
  })
  void classifiesByDate(Instant date, EpochClass expected) {
    long stampNs = Math.multiplyExact(date.getEpochSecond(), 1_000_000_000L);
    assertThat(EpochClass.of(stampNs)).isEqualTo(expected);
  }

  @Test
  void classifiesTheExtremes() {
    assertThat(EpochClass.of(Long.MIN_VALUE)).isEqualTo(EpochClass.NEGATIVE);
    assertThat(EpochClass.of(Long.MAX_VALUE)).isEqualTo(EpochClass.FAR_FUTURE);
    for (EpochClass epoch : EpochClass.values()) {
      assertThat(epoch.sentence()).isNotBlank();
    }
  }
}
