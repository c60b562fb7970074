package dev.lockstep.shadow;

import dev.lockstep.labels.Decimals;
import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelField;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// 128 bits for all that a row says and both formats can: every digit in one format, else the
/// digits that both have.
///
/// Two lanes mix the same words in ways of their own (multiplication by odd constants of the golden
/// ratio and of SplitMix64, and rotation), so that rows that differ share a digest by chance of
/// 2^-128.
final class RowDigest {
  /// Single precision holds no more of thousands of pixels.
  private static final int PIXEL_DECIMALS = 3;

  private static final int DECIMALS = 9;

  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
  private static final long SPLIT_1 = 0xBF58_476D_1CE4_E5B9L;
  private static final long SPLIT_2 = 0x94D0_49BB_1331_11EBL;

  private final Side side;
  private final LabelCapabilities p;
  private final LabelCapabilities q;
  private final boolean everyDigit;
  private final int pixels;
  private final int meters;
  private final int angles;
  private final List<LabelField> fields = new ArrayList<>();
  private final boolean attributes;
  private long first;
  private long second;

  private RowDigest(Side side, Side a, Side b) {
    this.side = side;
    p = a.can();
    q = b.can();
    everyDigit = SameFormat.is(a, b);
    pixels = Math.min(PIXEL_DECIMALS, Math.min(p.pixelDecimals(), q.pixelDecimals()));
    meters = Math.min(DECIMALS, Math.min(p.meterDecimals(), q.meterDecimals()));
    angles = Math.min(DECIMALS, Math.min(p.angleDecimals(), q.angleDecimals()));
    for (LabelField field : Values.COMPARED) {
      if (p.carries(field) && q.carries(field)) {
        fields.add(field);
      }
    }
    attributes = p.carries(LabelField.ATTRIBUTES) && q.carries(LabelField.ATTRIBUTES);
  }

  /// Of the rows of `side`, which is one of `a` and `b`.
  static RowDigest of(Side side, Side a, Side b) {
    return new RowDigest(side, a, b);
  }

  /// Digests a row.
  void take(int row) {
    first = GOLDEN;
    second = SPLIT_2;
    LabelSet labels = side.labels();
    add(side.time()[row]);
    add(side.track(row));
    add(side.category(row));
    add((labels.has2d(row) ? 1 : 0) + (labels.has3d(row) ? 2 : 0));
    if (everyDigit) {
      exact(labels, row);
    } else {
      shared(labels, row);
    }
    first = finished(first);
    second = finished(second);
  }

  /// First lane of the row that was taken last.
  long first() {
    return first;
  }

  /// Second lane of it.
  long second() {
    return second;
  }

  private void exact(LabelSet labels, int row) {
    LabelDetails details = labels.details();
    add(labels.stampsNs()[row]);
    add(labels.frames()[row]);
    for (int i = 0; labels.has3d(row) && i < LabelSet.BOX_3D; i++) {
      add(labels.boxes3d()[row * LabelSet.BOX_3D + i]);
    }
    for (int i = 0; labels.has2d(row) && i < LabelSet.BOX_2D; i++) {
      add(labels.boxes2d()[row * LabelSet.BOX_2D + i]);
    }
    add(details.score(row));
    add(labels.truncated()[row]);
    add(labels.occluded()[row]);
    add(labels.points()[row]);
    add(details.flags(row));
    for (Attribute attribute : details.attributes(row)) {
      add(attribute.name());
      add(attribute.value());
    }
    add(labels.annotator(row));
    add(details.tool(row));
    add(labels.editedNs()[row]);
    add(details.revision(row));
    add(details.labelId(row));
    LabelDetails.Source source = details.message(row);
    if (source != null) {
      add(source.file());
      add(source.offsetBytes());
      add(source.lengthBytes());
      add(source.message());
    }
  }

  private void shared(LabelSet labels, int row) {
    if (Sides.stamped(labels)) {
      add(labels.stampsNs()[row] / 1000);
    }
    for (int i = 0; labels.has2d(row) && i < LabelSet.BOX_2D; i++) {
      add(Decimals.rounded(labels.boxes2d()[row * LabelSet.BOX_2D + i], pixels));
    }
    if (labels.has3d(row)) {
      int at = row * LabelSet.BOX_3D;
      double sign = labels.boxes3d()[at + 6] < 0 ? -1 : 1;
      for (int i = 0; i < LabelSet.BOX_3D; i++) {
        double value = labels.boxes3d()[at + i];
        add(i < 6 ? Decimals.rounded(value, meters) : Decimals.rounded(sign * value, angles));
      }
    }
    for (LabelField field : fields) {
      add(Values.text(side, row, field, p, q));
    }
    if (attributes) {
      for (Attribute attribute : labels.details().attributes(row)) {
        add(attribute.name());
        add(attribute.value());
      }
    }
  }

  private void add(long word) {
    first = Long.rotateLeft(first ^ word * SPLIT_1, 29) * GOLDEN;
    second = Long.rotateLeft(second + (word ^ GOLDEN) * SPLIT_2, 37) * SPLIT_1;
  }

  /// Zeros are equal whatever their sign.
  private void add(double value) {
    add(Double.doubleToLongBits(value + 0.0));
  }

  private void add(@Nullable String text) {
    if (text == null) {
      add(-1L);
      return;
    }
    int length = text.length();
    add((long) length);
    long word = 0;
    for (int i = 0; i < length; i++) {
      word = word << Character.SIZE | text.charAt(i);
      if ((i & 3) == 3) {
        add(word);
        word = 0;
      }
    }
    if ((length & 3) != 0) {
      add(word);
    }
  }

  private static long finished(long lane) {
    long z = (lane ^ (lane >>> 30)) * SPLIT_1;
    z = (z ^ (z >>> 27)) * SPLIT_2;
    return z ^ (z >>> 31);
  }
}
