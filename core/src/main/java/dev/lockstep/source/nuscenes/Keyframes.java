package dev.lockstep.source.nuscenes;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Times;
import java.util.Arrays;

/// Holds rows of sensor data against the samples that they belong to: each sensor has one keyframe
/// in each sample, and no row lies further from its sample than the samples around that.
final class Keyframes {
  /// Share of the samples with a keyframe of a sensor from which on the others lack one. Judged: a
  /// sensor may join late or drop out.
  private static final double USUAL = 0.66;

  /// Share of a sensor's rows that lie off from which on its clock is meant. Judged.
  private static final double MANY = 0.2;

  private final Table samples;
  private final Table data;
  private final Faults faults;
  private final int[] sample;
  private final int[] prev;
  private final int[] next;

  Keyframes(Table samples, Table data, Faults faults) {
    this.samples = samples;
    this.data = data;
    this.faults = faults;
    this.sample = data.link("sample_token");
    this.prev = samples.link("prev");
    this.next = samples.link("next");
  }

  /// Looks at every row.
  ///
  /// @param channel number of the channel of each row, negative where unknown
  /// @param names names of the channels
  void examine(int[] channel, String[] names) {
    faults.examined(DefectKind.SAMPLE_PARTS, data.rows());
    int channels = names.length;
    long cells = (long) samples.rows() * channels;
    if (cells > Integer.MAX_VALUE - 8) {
      return;
    }
    int[] keyframe = new int[(int) cells];
    Arrays.fill(keyframe, -1);
    long[] held = new long[channels];
    boolean[] stray = new boolean[data.rows()];
    boolean[] shifted = shifted(channel, channels);
    for (int row = 0; row < data.rows(); row++) {
      int of = sample[row];
      if (of < 0 || channel[row] < 0) {
        continue;
      }
      stray[row] = isStray(row, of) && !shifted[channel[row]];
      if (stray[row]) {
        tell(
            row,
            "sample of the row",
            "of " + samples.stampsNs()[of] + " ns, further off than the samples around it",
            "one near its stamp, " + data.stampsNs()[row] + " ns");
      }
      if (data.number("is_key_frame", row) == 0) {
        continue;
      }
      int cell = of * channels + channel[row];
      if (keyframe[cell] < 0) {
        keyframe[cell] = row;
        held[channel[row]]++;
      } else if (!stray[row] && !stray[keyframe[cell]]) {
        tell(
            row,
            "keyframes of " + names[channel[row]] + " in one sample",
            "2, also " + data.text(keyframe[cell], "token"),
            "1");
      }
    }
    absent(keyframe, held, names);
  }

  /// Sensors of which many rows lie off: their clock is another, which other rules tell.
  private boolean[] shifted(int[] channel, int channels) {
    long[] rows = new long[channels];
    long[] strays = new long[channels];
    for (int row = 0; row < data.rows(); row++) {
      if (channel[row] >= 0 && sample[row] >= 0) {
        rows[channel[row]]++;
        strays[channel[row]] += isStray(row, sample[row]) ? 1 : 0;
      }
    }
    boolean[] shifted = new boolean[channels];
    for (int c = 0; c < channels; c++) {
      shifted[c] = strays[c] > MANY * rows[c];
    }
    return shifted;
  }

  private void absent(int[] keyframe, long[] held, String[] names) {
    for (int c = 0; c < names.length; c++) {
      if (held[c] == samples.rows() || held[c] < USUAL * samples.rows()) {
        continue;
      }
      for (int s = 0; s < samples.rows(); s++) {
        if (keyframe[s * names.length + c] < 0) {
          faults.add(
              "keyframe absent",
              Defect.of(
                  DefectKind.SAMPLE_PARTS,
                  samples.place(s),
                  new Evidence.Violation(
                      "keyframes of " + names[c] + " in sample " + samples.text(s, "token"),
                      "none",
                      "1, as in " + held[c] + " of " + samples.rows() + " samples")));
        }
      }
    }
  }

  /// Whether a row lies beyond the samples in front of and behind its own.
  private boolean isStray(int row, int of) {
    long stampNs = data.stampsNs()[row];
    long atNs = samples.stampsNs()[of];
    if (stampNs == Times.NONE || atNs == Times.NONE) {
      return false;
    }
    int other = stampNs < atNs ? prev[of] : next[of];
    if (other < 0 || samples.stampsNs()[other] == Times.NONE) {
      return false;
    }
    long gap = Math.abs(Times.difference(samples.stampsNs()[other], atNs));
    return Math.abs(Times.difference(stampNs, atNs)) > gap + gap / 4;
  }

  private void tell(int row, String what, String observed, String expected) {
    faults.add(
        what,
        Defect.of(
            DefectKind.SAMPLE_PARTS,
            data.place(row),
            new Evidence.Violation(
                what + ": sample_data " + data.text(row, "token"), observed, expected)));
  }
}
