package dev.lockstep.synth.encode;

/// Writes label messages (`lockstep.Boxes3d`, `lockstep.Boxes2d`) as compact JSON with a fixed
/// number of decimals.
public final class BoxesJson {
  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final double DECIMALS = 10_000;
  private static final int DECIMAL_DIGITS = 4;

  private final StringBuilder out = new StringBuilder(2048);
  private boolean first = true;

  /// Begins a message.
  ///
  /// @param stampNs stamp of the sweep or image
  /// @param frameId frame of reference of the boxes
  /// @param frame number of the sweep or image in its stream
  /// @param source name of that stream
  public BoxesJson(long stampNs, String frameId, long frame, String source) {
    out.append("{\"timestamp\":");
    time(stampNs);
    out.append(",\"frame_id\":\"").append(frameId).append("\",\"frame\":").append(frame);
    out.append(",\"source\":\"").append(source).append("\",\"boxes\":[");
  }

  /// Adds a 3D box.
  public void box3d(
      long track,
      String category,
      double[] center,
      double[] size,
      double yaw,
      int points,
      String annotator,
      long editedNs) {
    head(track, category);
    out.append(",\"center\":");
    vector(center);
    out.append(",\"size\":");
    vector(size);
    out.append(",\"yaw\":");
    number(yaw);
    out.append(",\"points\":").append(points);
    tail(annotator, editedNs);
  }

  /// Adds a 2D box.
  public void box2d(
      long track,
      String category,
      double left,
      double top,
      double right,
      double bottom,
      double occluded,
      String annotator,
      long editedNs) {
    head(track, category);
    out.append(",\"left\":");
    number(left);
    out.append(",\"top\":");
    number(top);
    out.append(",\"right\":");
    number(right);
    out.append(",\"bottom\":");
    number(bottom);
    out.append(",\"occluded\":");
    number(occluded);
    tail(annotator, editedNs);
  }

  private void head(long track, String category) {
    if (!first) {
      out.append(',');
    }
    first = false;
    out.append("{\"track_id\":\"").append(track);
    out.append("\",\"category\":\"").append(category).append('"');
  }

  private void tail(String annotator, long editedNs) {
    out.append(",\"annotator\":\"").append(annotator).append("\",\"edited_at\":");
    time(editedNs);
    out.append('}');
  }

  private void time(long ns) {
    out.append("{\"sec\":").append(Math.floorDiv(ns, NS_PER_SECOND));
    out.append(",\"nsec\":").append(Math.floorMod(ns, NS_PER_SECOND)).append('}');
  }

  private void vector(double[] values) {
    out.append('[');
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        out.append(',');
      }
      number(values[i]);
    }
    out.append(']');
  }

  /// Four decimals: a tenth of a millimeter, a tenth of a milliradian.
  private void number(double value) {
    long scaled = Math.round(value * DECIMALS);
    if (scaled < 0) {
      out.append('-');
      scaled = -scaled;
    }
    String digits = Long.toString(scaled % (long) DECIMALS);
    out.append(scaled / (long) DECIMALS).append('.');
    out.append("0".repeat(DECIMAL_DIGITS - digits.length())).append(digits);
  }

  /// The message.
  public byte[] toBytes() {
    return out.append("]}").toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }
}
