package dev.lockstep.payload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.model.Times;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds 2D boxes in `foxglove.ImageAnnotations`: closed outlines that are upright rectangles, and
/// other closed outlines whose metadata say what or who is inside, by the rectangle around them.
///
/// Metadata pairs of the outline, then of the message, tell track, category, annotator, score and
/// attributes. Where none tells the category, a text that stands at a corner of the box does. Loose
/// points, open lines and circles are no boxes.
final class ImageBoxes implements BoxFinder {
  private static final int LINE_LOOP = 2;
  private static final int LINE_STRIP = 3;
  private static final int LINE_LIST = 4;

  /// How far apart two points may be that are one, pixels: what rounding to whole pixels does.
  private static final double SAME_PIXELS = 0.51;

  @Override
  public boolean stampsInside() {
    return true;
  }

  @Override
  public Set<String> ignored() {
    return Set.of("circles", "outline_color", "outline_colors", "fill_color");
  }

  @Override
  public void find(JsonNode root, PayloadFacts facts) {
    Map<Long, JsonNode> texts = texts(root);
    int number = 0;
    for (JsonNode outline : root.path("points")) {
      number++;
      long stampNs = SceneBoxes.stamp(outline);
      if (facts.stampNs == Times.NONE) {
        facts.stampNs = stampNs;
      }
      double[] edges = rectangle(outline);
      if (edges == null) {
        continue;
      }
      LabelPairs pairs = new LabelPairs().add(outline.path("metadata")).add(root.path("metadata"));
      String text = text(texts, edges);
      PayloadFacts.Said said = pairs.said(stampNs, null, text == null ? "" : text, null);
      boolean named = said.track() != null || !said.category().isEmpty();
      if (named || isUpright(outline.path("points"), edges)) {
        BoxGeometry.flat(edges)
            .addTo(
                facts,
                said,
                "outline "
                    + number
                    + (said.track() == null ? "" : " (track " + said.track() + ")"));
      }
    }
    for (JsonNode text : root.path("texts")) {
      if (facts.stampNs == Times.NONE) {
        facts.stampNs = SceneBoxes.stamp(text);
      }
    }
  }

  /// The rectangle around a closed outline; null for anything else.
  private static double @Nullable [] rectangle(JsonNode outline) {
    JsonNode points = outline.path("points");
    int count = points.size();
    boolean closed =
        switch (outline.path("type").asInt()) {
          case LINE_LOOP -> count >= 3;
          case LINE_STRIP -> count >= 4 && same(points.get(0), points.get(count - 1));
          case LINE_LIST -> count == 8 && isUpright(points, around(points));
          default -> false;
        };
    return closed ? around(points) : null;
  }

  private static double[] around(JsonNode points) {
    double[] edges = {
      Double.POSITIVE_INFINITY,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    for (JsonNode point : points) {
      double x = BoxGeometry.number(point, "x");
      double y = BoxGeometry.number(point, "y");
      edges[0] = Math.min(edges[0], x);
      edges[1] = Math.min(edges[1], y);
      edges[2] = Math.max(edges[2], x);
      edges[3] = Math.max(edges[3], y);
    }
    return edges;
  }

  /// Whether every point is a corner of the rectangle and each corner is there.
  private static boolean isUpright(JsonNode points, double[] edges) {
    int corners = 0;
    for (JsonNode point : points) {
      int corner = corner(point, edges);
      if (corner < 0) {
        return false;
      }
      corners |= 1 << corner;
    }
    return corners == 0xF;
  }

  /// Which corner of a rectangle a point is, from 0, or -1.
  private static int corner(JsonNode point, double[] edges) {
    double x = BoxGeometry.number(point, "x");
    double y = BoxGeometry.number(point, "y");
    for (int corner = 0; corner < 4; corner++) {
      if (Math.abs(x - edges[(corner & 1) * 2]) <= SAME_PIXELS
          && Math.abs(y - edges[1 + (corner >> 1) * 2]) <= SAME_PIXELS) {
        return corner;
      }
    }
    return -1;
  }

  private static boolean same(JsonNode a, JsonNode b) {
    return Math.abs(BoxGeometry.number(a, "x") - BoxGeometry.number(b, "x")) <= SAME_PIXELS
        && Math.abs(BoxGeometry.number(a, "y") - BoxGeometry.number(b, "y")) <= SAME_PIXELS;
  }

  /// Texts by the pixel that they stand at, the first of each.
  private static Map<Long, JsonNode> texts(JsonNode root) {
    Map<Long, JsonNode> texts = new HashMap<>();
    for (JsonNode text : root.path("texts")) {
      JsonNode at = text.path("position");
      texts.putIfAbsent(pixel(BoxGeometry.number(at, "x"), BoxGeometry.number(at, "y")), text);
    }
    return texts;
  }

  private static long pixel(double x, double y) {
    return Math.round(x) << 32 | (Math.round(y) & 0xFFFF_FFFFL);
  }

  /// What stands at a corner of a box, or null.
  private static @Nullable String text(Map<Long, JsonNode> texts, double[] edges) {
    for (int corner = 0; corner < 4 && !texts.isEmpty(); corner++) {
      double x = edges[(corner & 1) * 2];
      double y = edges[1 + (corner >> 1) * 2];
      for (int near = 0; near < 9; near++) {
        int right = near % 3 - 1;
        int down = near / 3 - 1;
        JsonNode text = texts.get(pixel(x + right, y + down));
        if (text != null
            && !text.path("text").asText().isEmpty()
            && corner(text.path("position"), edges) >= 0) {
          return text.path("text").asText();
        }
      }
    }
    return null;
  }
}
