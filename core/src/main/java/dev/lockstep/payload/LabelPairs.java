package dev.lockstep.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pairs of key and value by which a message says more of a label than its place. What a key
/// means is known by the names that label formats use; letter case does not count. What was taken
/// is no attribute.
final class LabelPairs {
  /// Pairs of one label that are kept (judged).
  private static final int MAX_PAIRS = 64;

  private static final List<String> SCORE =
      List.of("score", "confidence", "probability", "existence_probability");

  private final Map<String, Attribute> pairs = new LinkedHashMap<>();

  /// Adds the pairs of a list of objects with members `key` and `value`; the first of a key counts.
  LabelPairs add(JsonNode list) {
    for (JsonNode pair : list) {
      String key = pair.path("key").asText();
      if (!key.isEmpty() && pairs.size() < MAX_PAIRS) {
        pairs.putIfAbsent(
            key.toLowerCase(Locale.ROOT), new Attribute(key, pair.path("value").asText()));
      }
    }
    return this;
  }

  /// Adds a pair.
  void put(String key, String value) {
    pairs.put(key, new Attribute(key, value));
  }

  /// Takes the value of the first of some keys that has one, or null.
  @Nullable String take(List<String> keys) {
    for (String key : keys) {
      Attribute found = pairs.get(key.toLowerCase(Locale.ROOT));
      if (found != null && !found.value().isEmpty()) {
        pairs.remove(key.toLowerCase(Locale.ROOT));
        return found.value();
      }
    }
    return null;
  }

  /// What the pairs say of a box.
  ///
  /// @param stampNs stamp of the box, or [Times#NONE]
  /// @param track its track unless a pair names one
  /// @param category its category unless a pair names one
  /// @param frameId frame of reference of the box, or null
  PayloadFacts.Said said(
      long stampNs, @Nullable String track, String category, @Nullable String frameId) {
    String ownTrack = take(Boxes.TRACK);
    String ownCategory = take(Boxes.CATEGORY);
    String annotator = take(Boxes.ANNOTATOR);
    String edited = take(Boxes.EDITED);
    return new PayloadFacts.Said(
        stampNs,
        frame(),
        ownTrack == null ? track : ownTrack,
        ownCategory == null ? category : ownCategory,
        annotator,
        edited == null ? Times.NONE : JsonStamp.value(TextNode.valueOf(edited)),
        frameId,
        score(),
        new ArrayList<>(pairs.values()));
  }

  private long frame() {
    String text = take(Boxes.FRAME);
    try {
      return text == null ? -1 : Math.max(-1, Long.parseLong(text));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private double score() {
    String text = take(SCORE);
    try {
      return text == null ? Double.NaN : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
