package dev.lockstep.model;

import org.eclipse.collections.api.list.MutableList;
import org.eclipse.collections.api.map.primitive.MutableObjectIntMap;
import org.eclipse.collections.impl.factory.Lists;
import org.eclipse.collections.impl.factory.primitive.ObjectIntMaps;

/// Strings numbered in order of first appearance.
final class Names {
  private final MutableObjectIntMap<String> ids = ObjectIntMaps.mutable.empty();
  private final MutableList<String> names = Lists.mutable.empty();

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
