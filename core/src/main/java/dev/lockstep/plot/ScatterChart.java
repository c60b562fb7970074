package dev.lockstep.plot;

import dev.lockstep.model.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Points over time as SVG. The text follows from the points alone: it depends on no font, no clock
/// and no random number, so that equal charts are equal files.
final class ScatterChart {
  private static final int WIDTH = 1200;
  private static final int HEIGHT = 480;
  private static final int LEFT = 80;
  private static final int RIGHT = 260;
  private static final int TOP = 40;
  private static final int BOTTOM = 50;

  /// Lines of the legend that find room.
  private static final int LEGEND = 20;

  /// Points of a series that are drawn: beyond, the lowest and highest of each stretch.
  private static final int DRAWN = 4000;

  /// Share of the points on either side that do not widen the axis.
  private static final double OUTLIERS = 0.01;

  /// Colours that people who see few of them tell apart, after Okabe and Ito.
  private static final List<String> COLOURS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000");

  /// Points of one name.
  private record Series(String name, double[] x, double[] y) {}

  /// A place that is pointed at.
  private record Mark(double x, String text) {}

  private final String title;
  private final String xLabel;
  private final String yLabel;
  private final List<Series> series = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private final StringBuilder out = new StringBuilder();
  private double xMin;
  private double xMax;
  private double yMin;
  private double yMax;

  ScatterChart(String title, String xLabel, String yLabel) {
    this.title = title;
    this.xLabel = xLabel;
    this.yLabel = yLabel;
  }

  /// Adds points in order of `x`.
  void add(String name, double[] x, double[] y) {
    if (x.length > 0) {
      series.add(thinned(new Series(name, x, y)));
    }
  }

  /// Points at a place.
  void mark(double x, String text) {
    marks.add(new Mark(x, text));
  }

  boolean isEmpty() {
    return series.isEmpty();
  }

  private static Series thinned(Series all) {
    int n = all.x.length;
    if (n <= DRAWN) {
      return all;
    }
    int buckets = DRAWN / 2;
    double[] x = new double[DRAWN];
    double[] y = new double[DRAWN];
    for (int b = 0; b < buckets; b++) {
      int from = (int) ((long) b * n / buckets);
      int to = (int) ((long) (b + 1) * n / buckets);
      int low = from;
      int high = from;
      for (int i = from; i < to; i++) {
        low = all.y[i] < all.y[low] ? i : low;
        high = all.y[i] > all.y[high] ? i : high;
      }
      x[2 * b] = all.x[Math.min(low, high)];
      y[2 * b] = all.y[Math.min(low, high)];
      x[2 * b + 1] = all.x[Math.max(low, high)];
      y[2 * b + 1] = all.y[Math.max(low, high)];
    }
    return new Series(all.name, x, y);
  }

  /// The chart as a file.
  String svg() {
    scale();
    line(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
            WIDTH,
            HEIGHT,
            WIDTH,
            HEIGHT));
    line(String.format(Locale.ROOT, "<title>%s</title>", escaped(title)));
    line(
        String.format(
            Locale.ROOT, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, HEIGHT));
    line(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"24\" font-size=\"15\">%s</text>",
            LEFT,
            escaped(title)));
    axes();
    for (Mark mark : marks) {
      double x = x(mark.x);
      line(
          String.format(
              Locale.ROOT,
              "<line class=\"finding\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\""
                  + " stroke=\"#c00000\" stroke-dasharray=\"3 3\"><title>%s</title></line>",
              x,
              TOP,
              x,
              HEIGHT - BOTTOM,
              escaped(mark.text)));
      line(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" fill=\"#c00000\" font-size=\"10\""
                  + " transform=\"rotate(-90 %.1f %d)\">%s</text>",
              x - 2,
              TOP + 60,
              x - 2,
              TOP + 60,
              escaped(mark.text)));
    }
    for (int s = 0; s < series.size(); s++) {
      points(s);
    }
    out.append("</svg>\n");
    return out.toString();
  }

  private void points(int s) {
    Series each = series.get(s);
    String colour = COLOURS.get(s % COLOURS.size());
    line(
        String.format(
            Locale.ROOT,
            "<g class=\"series\" fill=\"%s\"><desc>%s</desc>",
            colour,
            escaped(each.name)));
    for (int i = 0; i < each.x.length; i++) {
      double y = each.y[i];
      boolean outside = y < yMin || y > yMax;
      line(
          String.format(
              Locale.ROOT,
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"/>",
              x(each.x[i]),
              y(Math.clamp(y, yMin, yMax)),
              outside ? "3.5" : "1.5"));
    }
    out.append("</g>\n");
    if (s < LEGEND) {
      int row = TOP + 12 + 18 * s;
      line(
          String.format(
              Locale.ROOT,
              "<circle cx=\"%d\" cy=\"%d\" r=\"4\" fill=\"%s\"/>",
              WIDTH - RIGHT + 20,
              row - 4,
              colour));
      line(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\">%s</text>",
              WIDTH - RIGHT + 32,
              row,
              escaped(each.name)));
    }
  }

  private void axes() {
    line(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#888888\"/>",
            LEFT,
            TOP,
            WIDTH - LEFT - RIGHT,
            HEIGHT - TOP - BOTTOM));
    double step = step(xMax - xMin);
    for (double at = Math.ceil(xMin / step) * step; at <= xMax + step / 1e6; at += step) {
      line(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
              x(at),
              HEIGHT - BOTTOM + 18,
              label(at, step)));
    }
    step = step(yMax - yMin);
    for (double at = Math.ceil(yMin / step) * step; at <= yMax + step / 1e6; at += step) {
      line(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#e4e4e4\"/>",
              LEFT,
              y(at),
              WIDTH - RIGHT,
              y(at)));
      line(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              LEFT - 6,
              y(at) + 4,
              label(at, step)));
    }
    line(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
            (LEFT + WIDTH - RIGHT) / 2,
            HEIGHT - 12,
            escaped(xLabel)));
    int middle = (TOP + HEIGHT - BOTTOM) / 2;
    line(
        String.format(
            Locale.ROOT,
            "<text x=\"18\" y=\"%d\" text-anchor=\"middle\" transform=\"rotate(-90 18"
                + " %d)\">%s</text>",
            middle,
            middle,
            escaped(yLabel)));
  }

  private void scale() {
    double[] y = series.stream().flatMapToDouble(s -> Arrays.stream(s.y)).sorted().toArray();
    xMin = series.stream().mapToDouble(s -> s.x[0]).min().orElse(0);
    xMax = series.stream().mapToDouble(s -> s.x[s.x.length - 1]).max().orElse(1);
    if (!(xMax > xMin)) {
      xMax = xMin + 1;
    }
    int cut = (int) (OUTLIERS * y.length);
    double low = y[cut];
    double high = y[y.length - 1 - cut];
    double room = Math.max(3 * (high - low), 1e-3 * Math.max(1, Math.abs(high)));
    // What lies farther off is drawn at the edge, larger.
    yMin = Math.max(y[0], low - room);
    yMax = Math.min(y[y.length - 1], high + room);
    double margin = Math.max(0.05 * (yMax - yMin), 1e-6);
    yMin -= margin;
    yMax += margin;
  }

  private double x(double value) {
    return LEFT + (value - xMin) / (xMax - xMin) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - (value - yMin) / (yMax - yMin) * (HEIGHT - TOP - BOTTOM);
  }

  /// A round step of which about six fit.
  private static double step(double range) {
    return Numbers.roundStep(range / 6);
  }

  private static String label(double at, double step) {
    int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    return String.format(Locale.ROOT, "%." + decimals + "f", at + 0.0);
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '<' -> escaped.append("&lt;");
            case '>' -> escaped.append("&gt;");
            case '&' -> escaped.append("&amp;");
            case '"' -> escaped.append("&quot;");
            default ->
                escaped.appendCodePoint(
                    c < ' ' || c == 0xfffe || c == 0xffff || (c >= 0xd800 && c < 0xe000) ? '?' : c);
          }
        });
    return escaped.toString();
  }
}
