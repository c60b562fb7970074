package dev.lockstep.check.lidar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class IntensityStuckTest implements StreamCheckContract {
  @Override
  public StreamCheck check() {
    return new IntensityStuck();
  }

  @Override
  public MessageBatch clean() {
    return SweepSeries.of(60, (i, sweep) -> sweep.intensities = true);
  }

  @Override
  public MessageBatch violating() {
    return SweepSeries.of(
        60,
        (i, sweep) -> {
          sweep.intensities = true;
          sweep.varied = i < 30 || i > 35;
        });
  }

  @Override
  public String expected() {
    return """
    warning LID015 intensity-stuck: all points of the sweep have the same intensity: intensities of the points looked at one (expected different ones, as in sweeps before)
      at /lidar, messages 30..35, stamps 1700000003000000000..1700000003500000000 ns\
    """;
  }

  @Test
  void saysNothingOfALidarThatMeasuresNone() {
    assertThat(
            StreamCheckContract.run(
                    check(),
                    SweepSeries.of(
                        60,
                        (i, sweep) -> {
                          sweep.intensities = true;
                          sweep.varied = false;
                        }))
                .findings()
                .text())
        .isEmpty();
  }
}
