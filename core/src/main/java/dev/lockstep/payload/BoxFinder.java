package dev.lockstep.payload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/// Finds the labelled boxes of one family of messages in their trees, whatever the coding was.
/// Stateless.
interface BoxFinder {
  /// Adds every box in `root` to `facts` and says what is wrong with them.
  void find(JsonNode root, PayloadFacts facts);

  /// Whether a message has its stamp from the labels in it.
  default boolean stampsInside() {
    return false;
  }

  /// Names of members, on any level, that hold no label and may be long.
  default Set<String> ignored() {
    return Set.of();
  }
}
