package dev.lockstep.synth.labels;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One way to work badly, and how much of it. Annotator 1 of the crew does it, in 50 objects or
/// some of them.
///
/// @param name what is done, and how much
/// @param level how strong: 0 little, 1 more, 2 most
/// @param change does it
public record Spoof(String name, int level, Consumer<Crew> change) {
  /// Name of the annotator who does it.
  public static final String BY = "ann-1";

  /// Objects of each annotator that the changes count on.
  public static final int OBJECTS = 50;

  private static final int[] MOST_OBJECTS = {30, 40, 50};
  private static final int[] COPIES = {1, 10, 50};
  private static final double[] SECONDS = {0.2, 0.1, 0.02};
  private static final int[] STEPS = {4, 6, 10};
  private static final double[] EDGES = {0.94, 1.1, 1.2};
  private static final double[] HANDS = {2, 3, 4};

  /// Nine ways at three levels each.
  public static List<Spoof> all() {
    List<Spoof> all = new ArrayList<>();
    for (int level = 0; level < MOST_OBJECTS.length; level++) {
      int objects = MOST_OBJECTS[level];
      add(all, level, "sizes of a template, objects " + objects, c -> c.template(1, 0, objects));
      add(all, level, "every fifth drawn, objects " + objects, c -> c.thin(1, 0, objects, 5));
      int copies = COPIES[level];
      add(all, level, "work of others copied, objects " + copies, c -> copies(c, 0, copies));
      int own = Math.min(copies, 20);
      add(all, level, "own work copied, objects " + own, c -> copies(c, 1, own));
      double seconds = SECONDS[level];
      add(all, level, "a box every " + seconds + " s", c -> c.hurry(1, 20, 40, seconds));
      int step = STEPS[level];
      add(all, level, "every " + step + "th drawn", c -> c.thin(1, 0, OBJECTS, step));
      double edges = EDGES[level];
      add(all, level, "edges times " + edges, c -> c.resize(1, 0, OBJECTS, edges));
      add(all, level, "edges times " + edges + " from half on", c -> c.resize(1, 25, 50, edges));
      double hand = HANDS[level];
      add(
          all,
          level,
          "hand " + hand + " times as unsteady from half on",
          c -> c.shake(1, 25, OBJECTS, hand));
    }
    return all;
  }

  private static void add(List<Spoof> all, int level, String name, Consumer<Crew> change) {
    all.add(new Spoof(name, level, change));
  }

  /// Copies objects onto the later ones of annotator 1, or onto all where another drew them.
  private static void copies(Crew crew, int from, int objects) {
    for (int object = 0; object < objects; object++) {
      crew.copy(from, object, 1, from == 1 ? OBJECTS - 1 - object : object);
    }
  }
}
