package dev.lockstep.check.label;

import dev.lockstep.check.Finding;
import dev.lockstep.model.Span;
import dev.lockstep.synth.fault.LabelTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/// Seeded faults in labels, each with the place that a finding must name. Events in one table keep
/// clear of each other, so that each can be judged by itself.
final class LabelFaults {
  /// Boxes of a track that no other event may touch, on both sides of an event.
  private static final int CLEAR = 12;

  final LabelTable table;
  final List<Event> events = new ArrayList<>();
  private final Random random;
  private final Map<LabelTable.Box, Integer> places = new HashMap<>();
  private final Set<LabelTable.Box> touched = new HashSet<>();
  private final List<List<LabelTable.Box>> tracks;

  LabelFaults(LabelTable clean, long seed) {
    table = clean.copy();
    random = new Random(seed);
    tracks = table.tracks();
    for (List<LabelTable.Box> track : tracks) {
      for (int i = 0; i < track.size(); i++) {
        places.put(track.get(i), i);
      }
    }
  }

  /// A fault: a box of each track concerned (ids may change after), first and last stamp.
  record Event(List<LabelTable.Box> boxes, long firstNs, long lastNs, long periodNs) {
    Set<String> tracks() {
      return boxes.stream().map(b -> b.track).collect(Collectors.toSet());
    }

    boolean matches(String track, long stampNs) {
      return tracks().contains(track)
          && stampNs >= firstNs - 3 * periodNs / 2
          && stampNs <= lastNs + 3 * periodNs / 2;
    }
  }

  interface Fault {
    /// Damages `track` from box `at` on; gives the event, or null where nothing can be done.
    Event apply(LabelFaults faults, List<LabelTable.Box> track, int at, Random random);
  }

  /// Tries to place `wanted` events.
  LabelFaults inject(Fault fault, int wanted) {
    if (tracks.isEmpty()) {
      return this;
    }
    for (int tries = 0; tries < wanted * 40 && events.size() < wanted; tries++) {
      List<LabelTable.Box> track = tracks.get(random.nextInt(tracks.size()));
      if (track.size() < 8) {
        continue;
      }
      int at = 2 + random.nextInt(track.size() - 4);
      if (!clear(track, at)) {
        continue;
      }
      Event event = fault.apply(this, track, at, random);
      if (event != null) {
        events.add(event);
        touch(track, at);
      }
    }
    return this;
  }

  boolean clear(List<LabelTable.Box> track, int at) {
    for (int i = Math.max(0, at - CLEAR); i < Math.min(track.size(), at + 2 * CLEAR); i++) {
      if (touched.contains(track.get(i))) {
        return false;
      }
    }
    return true;
  }

  void touch(List<LabelTable.Box> track, int at) {
    for (int i = Math.max(0, at - CLEAR); i < Math.min(track.size(), at + 2 * CLEAR); i++) {
      touched.add(track.get(i));
    }
  }

  static long period(List<LabelTable.Box> track, int at) {
    return at > 0
        ? track.get(at).stampNs - track.get(at - 1).stampNs
        : track.get(1).stampNs - track.get(0).stampNs;
  }

  static Event event(List<LabelTable.Box> track, int from, int to) {
    return new Event(
        List.of(track.get(from)),
        track.get(from).stampNs,
        track.get(Math.min(to, track.size() - 1)).stampNs,
        period(track, from));
  }

  static double distance(LabelTable.Box a, LabelTable.Box b) {
    if (Double.isNaN(a.x)) {
      double size = Math.max(a.bottom - a.top, b.bottom - b.top);
      return Math.hypot(
              (a.left + a.right - b.left - b.right) / 2, (a.top + a.bottom - b.top - b.bottom) / 2)
          / size;
    }
    return Math.sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
  }

  /// Ids of two objects `from` to `to` meters (2D: box heights) apart exchanged for `length` boxes,
  /// or for good (0).
  static Fault exchange(double from, double to, int length) {
    return (faults, track, at, random) -> {
      LabelTable.Box a = track.get(at);
      for (List<LabelTable.Box> other : faults.tracks) {
        if (other.getFirst().equals(track.getFirst()) || other.size() < 8) {
          continue;
        }
        int j = -1;
        for (int i = 2; i < other.size() - 2; i++) {
          if (other.get(i).stampNs == a.stampNs) {
            j = i;
          }
        }
        if (j < 0 || !faults.clear(other, j)) {
          continue;
        }
        double d = distance(a, other.get(j));
        if (d < from || d >= to) {
          continue;
        }
        long last = Long.MAX_VALUE;
        if (length > 0) {
          if (at + length >= track.size() - 2 || j + length >= other.size() - 2) {
            continue;
          }
          last = track.get(at + length - 1).stampNs;
          if (other.get(j + length - 1).stampNs != last) {
            continue;
          }
        }
        String first = a.track;
        String second = other.get(j).track;
        Event event =
            new Event(
                List.of(a, other.get(j)),
                a.stampNs,
                length == 0 ? a.stampNs : last,
                period(track, at));
        // An exchange for good moves the tails between the lists too.
        for (List<LabelTable.Box> list : List.of(track, other)) {
          for (LabelTable.Box box : list) {
            if (box.stampNs >= a.stampNs && box.stampNs <= last) {
              box.track = box.track.equals(first) ? second : first;
            }
          }
        }
        if (length == 0) {
          List<LabelTable.Box> tail = new ArrayList<>(track.subList(at, track.size()));
          List<LabelTable.Box> otherTail = new ArrayList<>(other.subList(j, other.size()));
          track.subList(at, track.size()).clear();
          track.addAll(otherTail);
          other.subList(j, other.size()).clear();
          other.addAll(tail);
        }
        faults.touch(other, j);
        return event;
      }
      return null;
    };
  }

  static Fault category(String category, int length) {
    return (faults, track, at, random) -> {
      if (at + length >= track.size() - 1 || track.get(at).category.equals(category)) {
        return null;
      }
      for (int i = at; i < at + length; i++) {
        track.get(i).category = category;
      }
      return event(track, at, at + length - 1);
    };
  }

  static Fault teleport(double meters) {
    return (faults, track, at, random) -> {
      double direction = random.nextDouble() * 2 * Math.PI;
      LabelTable.Box box = track.get(at);
      if (Double.isNaN(box.x)) {
        double by = meters * (box.bottom - box.top);
        box.left += by * Math.cos(direction);
        box.right += by * Math.cos(direction);
        box.top += by * Math.sin(direction);
        box.bottom += by * Math.sin(direction);
      } else {
        box.x += meters * Math.cos(direction);
        box.y += meters * Math.sin(direction);
      }
      return event(track, at, at);
    };
  }

  static Fault turn(double degrees, int length) {
    return (faults, track, at, random) -> {
      if (length > 0 && at + length >= track.size() - 1) {
        return null;
      }
      int end = length == 0 ? track.size() : at + length;
      for (int i = at; i < end; i++) {
        track.get(i).turn(Math.toRadians(degrees));
      }
      return event(track, at, length == 0 ? at : end - 1);
    };
  }

  static Fault resize(double share, int length) {
    return (faults, track, at, random) -> {
      if (length > 0 && at + length >= track.size() - 1) {
        return null;
      }
      int end = length == 0 ? track.size() : at + length;
      for (int i = at; i < end; i++) {
        track.get(i).length *= 1 + share;
      }
      return event(track, at, length == 0 ? at : end - 1);
    };
  }

  static Fault blink(int length) {
    return (faults, track, at, random) -> {
      if (at + length >= track.size() - 2) {
        return null;
      }
      Event event = event(track, at - 1, at + length);
      for (int i = 0; i < length; i++) {
        faults.table.boxes.remove(track.remove(at));
      }
      return event;
    };
  }

  static Fault rename(int gap) {
    return (faults, track, at, random) -> {
      if (at + gap >= track.size() - 4 || !track.get(at + gap).track.equals(track.get(at).track)) {
        return null;
      }
      String old = track.get(at).track;
      String name = "new" + random.nextInt(1_000_000_000);
      long period = period(track, at);
      for (int i = 0; i < gap; i++) {
        faults.table.boxes.remove(track.remove(at));
      }
      for (int i = at; i < track.size(); i++) {
        // What an event further on has renamed keeps its name.
        if (track.get(i).track.equals(old)) {
          track.get(i).track = name;
        }
      }
      return new Event(
          List.of(track.get(at - 1), track.get(at)),
          track.get(at - 1).stampNs,
          track.get(at).stampNs,
          period);
    };
  }

  static Fault repeat(double offset) {
    return (faults, track, at, random) -> {
      LabelTable.Box copy = track.get(at).copy();
      copy.x += offset;
      faults.table.add(copy);
      return event(track, at, at);
    };
  }

  /// Which events the findings name, and how many findings name none.
  Score score(List<Finding> findings) {
    boolean[] found = new boolean[events.size()];
    int wrong = 0;
    List<Finding> strays = new ArrayList<>();
    for (Finding finding : findings) {
      boolean matched = false;
      Span messages = finding.location().messages();
      String track = finding.location().track();
      for (int e = 0; e < found.length; e++) {
        for (long line = messages.first(); line <= messages.last(); line++) {
          LabelTable.Box box = table.boxes.get((int) line - 1);
          if (box.track != null
              && box.track.equals(track)
              && events.get(e).matches(track, box.stampNs)) {
            found[e] = true;
            matched = true;
          }
        }
      }
      if (!matched) {
        wrong++;
        strays.add(finding);
      }
    }
    int count = 0;
    for (boolean f : found) {
      count += f ? 1 : 0;
    }
    return new Score(events.size(), count, wrong, strays);
  }

  record Score(int events, int found, int wrong, List<Finding> strays) {}
}
