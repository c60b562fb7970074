package dev.lockstep.source.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.Times;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EpochTest {
  private static long unixNs(String time) {
    return Instant.parse(time).getEpochSecond() * Times.SECOND;
  }

  private static long unix(Epoch epoch, long stampNs) {
    return stampNs + epoch.shiftNs(stampNs);
  }

  @Test
  void gpsTimeBecomesUnixTime() {
    // GPS week 2013 began at 2018-08-05T00:00:00 GPS, which is 23:59:42 UTC.
    long week = 2013 * StampUnit.WEEK_SECONDS * Times.SECOND;
    assertThat(unix(Epoch.GPS, week)).isEqualTo(unixNs("2018-08-04T23:59:42Z"));
    assertThat(unix(Epoch.GPS, 0)).isEqualTo(unixNs("1980-01-06T00:00:00Z"));
    // 2011: 15 s.
    long in2011 = unixNs("2011-09-26T13:00:00Z") - 315_964_800 * Times.SECOND;
    assertThat(unix(Epoch.GPS, in2011 + 15 * Times.SECOND))
        .isEqualTo(unixNs("2011-09-26T13:00:00Z"));
  }

  @Test
  void taiLosesItsLeapSeconds() {
    long tai = unixNs("2020-01-01T00:00:37Z");
    assertThat(unix(Epoch.TAI, tai)).isEqualTo(unixNs("2020-01-01T00:00:00Z"));
    assertThat(unix(Epoch.TAI, unixNs("2016-12-31T23:59:35Z") + 36 * Times.SECOND))
        .isEqualTo(unixNs("2016-12-31T23:59:35Z"));
    assertThat(unix(Epoch.TAI, unixNs("2017-01-01T00:00:00Z") + 37 * Times.SECOND))
        .isEqualTo(unixNs("2017-01-01T00:00:00Z"));
  }

  @Test
  void whatHasNoDateStaysAsItIs() {
    assertThat(Epoch.BOOT.shiftNs(5)).isZero();
    assertThat(Epoch.RELATIVE.shiftNs(5)).isZero();
    assertThat(Epoch.UNIX.shiftNs(5)).isZero();
  }
}
