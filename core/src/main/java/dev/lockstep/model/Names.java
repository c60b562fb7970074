package dev.lockstep.model;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.collections.api.map.primitive.MutableObjectIntMap;
import org.eclipse.collections.impl.factory.primitive.ObjectIntMaps;

/// Strings numbered in order of first appearance.
final class Names {
  private final MutableObjectIntMap<String> ids = ObjectIntMaps.mutable.empty();
  private final List<String> names = new ArrayList<>();

  int idOf(String name) {
    int id = ids.getIfAbsent(name, -1);
    if (id < 0) {
      id = names.size();
      ids.put(name, id);
      names.add(name);
    }
    return id;
  }

  String name(int id) {
    return names.get(id);
  }

  int size() {
    return names.size();
  }
}
