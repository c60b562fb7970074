package dev.lockstep.model;

import dev.lockstep.model.LabelDetails.Attribute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Lists of attributes, equal ones held once: along a track they rarely change.
final class AttributeTable {
  private final Map<List<Attribute>, Integer> ids = new HashMap<>();
  private final List<List<Attribute>> lists = new ArrayList<>();

  /// Number of a list.
  int idOf(List<Attribute> list) {
    Integer known = ids.get(list);
    if (known == null) {
      List<Attribute> copy = List.copyOf(list);
      known = lists.size();
      ids.put(copy, known);
      lists.add(copy);
    }
    return known;
  }

  List<Attribute> get(int id) {
    return lists.get(id);
  }
}
