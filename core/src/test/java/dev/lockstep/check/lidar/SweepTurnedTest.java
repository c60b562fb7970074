package dev.lockstep.check.lidar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class SweepTurnedTest implements StreamCheckContract {
  @Override
  public StreamCheck check() {
    return new SweepTurned();
  }

  @Override
  public MessageBatch clean() {
    return SweepSeries.of(60, (i, sweep) -> sweep.height = -1 + i % 5 * 0.01);
  }

  @Override
  public MessageBatch violating() {
    return SweepSeries.of(
        80,
        (i, sweep) -> {
          sweep.turned = i == 20 || i == 21 ? 90 : 0;
          sweep.mirrored = i >= 30 && i < 35;
          sweep.factor = i == 50 ? 100 : 1;
          sweep.height = i >= 60 ? 1 : -1;
        });
  }

  @Override
  public String expected() {
    return """
    error LID013 sweep-turned: the sweep is turned: distances on all sides those of the sweep before, turned by 90 degrees counter-clockwise (expected those of the sweep before)
      at /lidar, messages 20..21, stamps 1700000002000000000..1700000002100000000 ns
    error LID013 sweep-turned: the sweep is mirrored: distances on all sides those of the sweep before, mirrored (expected those of the sweep before)
      at /lidar, messages 30..34, stamps 1700000003000000000..1700000003400000000 ns
    error LID013 sweep-turned: the sweep is in another unit of length: distances on all sides those of the sweep before times 100 (expected those of the sweep before)
      at /lidar, message 50, stamp 1700000005000000000 ns
    error LID013 sweep-turned: the sweep lies at another height: mean height of the points 2.00 m above the sweep before (expected within 0.5 m of it)
      at /lidar, messages 60..79, stamps 1700000006000000000..1700000007900000000 ns\
    """;
  }

  private String found(SweepSeries.Change change) {
    return StreamCheckContract.run(check(), SweepSeries.of(60, change)).findings().text();
  }

  @Test
  void takesATurnThatGoesOnForTheVehicles() {
    assertThat(found((i, sweep) -> sweep.turned = Math.max(0, i - 30) * 10)).isEmpty();
  }

  @Test
  void comparesNothingAcrossAPause() {
    assertThat(
            found((i, sweep) -> {
              sweep.turned = i >= 30 ? 90 : 0;
              sweep.stampNs += i >= 30 ? SweepSeries.TURN_NS * 5 : 0;
            }))
        .isEmpty();
  }

  @Test
  void leavesTurnsToTheBeamWhereItsTimesAreKnown() {
    assertThat(
            found((i, sweep) -> {
              sweep.beam = true;
              sweep.turned = i == 30 ? 90 : 0;
            }))
        .isEmpty();
  }
}
