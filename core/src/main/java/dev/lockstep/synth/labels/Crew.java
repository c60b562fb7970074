package dev.lockstep.synth.labels;

import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Labels by annotators that never were: each draws objects one after another, in every frame, with
/// an unsteady hand and a size that they judge anew. Every number follows from the seed.
public final class Crew {
  private static final long START_NS = 1_700_000_000_000_000_000L;
  private static final long STEP_NS = 100_000_000L;
  private static final int OBJECT_FRAMES = 12;

  /// Their labels.
  public final LabelTable table;

  private final Random random;

  private Crew(long seed, LabelSet.Frame frame) {
    random = new Random(seed);
    table = new LabelTable(frame, StampSource.COLUMN);
  }

  /// `annotators` of names `ann-0`, `ann-1` and so on, of `objects` each.
  public static Crew of(long seed, int annotators, int objects) {
    Crew crew = new Crew(seed, LabelSet.Frame.WORLD);
    for (int a = 0; a < annotators; a++) {
      long editedNs = START_NS + 86_400_000_000_000L;
      for (int o = 0; o < objects; o++) {
        editedNs = crew.object("ann-" + a, "t-" + a + "-" + o, editedNs);
      }
    }
    return crew;
  }

  /// Annotators of another kind, that no limit was set with sight of: their hands drift slowly and
  /// slip now and then, sizes are read off a scale of 2 cm, objects last from 8 to 25 frames, and
  /// boxes are saved at times of a skewed distribution with pauses.
  public static Crew held(long seed, int annotators, int objects) {
    Crew crew = new Crew(seed, LabelSet.Frame.WORLD);
    for (int a = 0; a < annotators; a++) {
      long editedNs = START_NS + 86_400_000_000_000L;
      for (int o = 0; o < objects; o++) {
        editedNs = crew.heldObject("ann-" + a, "t-" + a + "-" + o, editedNs);
      }
    }
    return crew;
  }

  /// Annotators who all draw the same objects, each with a hand and sizes of their own: object `o`
  /// is track `t-A-o` of annotator A. Objects stand from 5 m to 80 m from the sensor.
  public static Crew together(long seed, int annotators, int objects) {
    Crew crew = new Crew(seed, LabelSet.Frame.SENSOR);
    long[] editedNs = new long[annotators];
    Arrays.fill(editedNs, START_NS + 86_400_000_000_000L);
    for (int o = 0; o < objects; o++) {
      Thing thing = crew.thing(o);
      for (int a = 0; a < annotators; a++) {
        editedNs[a] = crew.draw(thing, "ann-" + a, "t-" + a + "-" + o, editedNs[a]);
      }
    }
    return crew;
  }

  /// An object as it is.
  private record Thing(
      String category,
      double[] size,
      double x,
      double y,
      double speed,
      double turn,
      int firstFrame,
      int frames) {}

  private Thing thing(int number) {
    int kind = random.nextInt(3);
    double[][] sizes = {{4.4, 1.8, 1.5}, {0.7, 0.6, 1.7}, {1.8, 0.6, 1.7}};
    double[] size = sizes[kind].clone();
    for (int d = 0; d < size.length; d++) {
      size[d] *= Math.exp(0.1 * random.nextGaussian());
    }
    double bearing = 2 * Math.PI * random.nextDouble();
    double distance = 5 + 75 * random.nextDouble();
    return new Thing(
        List.of("car", "pedestrian", "cyclist").get(kind),
        size,
        distance * Math.cos(bearing),
        distance * Math.sin(bearing),
        (kind == 1 ? 2 : 12) * random.nextDouble(),
        0.3 * random.nextGaussian(),
        10 * (number / 5) + random.nextInt(8),
        14 + random.nextInt(10));
  }

  private long draw(Thing thing, String annotator, String track, long sinceNs) {
    double hand = 0.03 * Math.exp(0.2 * random.nextGaussian());
    double[] size = thing.size.clone();
    for (int d = 0; d < size.length; d++) {
      size[d] *= Math.exp(0.02 * random.nextGaussian());
    }
    long editedNs = sinceNs;
    for (int i = 0; i < thing.frames; i++) {
      editedNs += Math.round(1e9 * (2 + 10 * random.nextDouble()));
      double heading = thing.turn * 0.1 * i;
      int frame = thing.firstFrame + i;
      LabelTable.Box box =
          table.add(
              new LabelTable.Box()
                  .at(START_NS + frame * STEP_NS, frame, track, thing.category)
                  .solid(
                      thing.x
                          + thing.speed * 0.1 * i * Math.cos(heading)
                          + hand * random.nextGaussian(),
                      thing.y
                          + thing.speed * 0.1 * i * Math.sin(heading)
                          + hand * random.nextGaussian(),
                      size[2] / 2 + 0.3 * hand * random.nextGaussian(),
                      size[0],
                      size[1],
                      size[2]));
      box.annotator = annotator;
      box.editedNs = editedNs;
      box.flags = LabelDetails.KEYFRAME;
    }
    return editedNs;
  }

  private long heldObject(String annotator, String track, long sinceNs) {
    boolean person = random.nextInt(3) == 0;
    double length = scale((person ? 0.6 : 4.2) + (person ? 0.15 : 0.6) * random.nextDouble());
    double width = scale((person ? 0.5 : 1.7) + (person ? 0.15 : 0.3) * random.nextDouble());
    double height = scale((person ? 1.5 : 1.4) + 0.4 * random.nextDouble());
    double heading = 2 * Math.PI * random.nextDouble();
    double speed = (person ? 2 : 15) * random.nextDouble();
    double x = 200 * random.nextDouble() - 100;
    double y = 200 * random.nextDouble() - 100;
    int first = random.nextInt(80);
    int frames = 8 + random.nextInt(18);
    double hand = 0.02 + 0.03 * random.nextDouble();
    double offX = 0;
    double offY = 0;
    long editedNs = sinceNs;
    for (int f = first; f < first + frames; f++) {
      boolean pause = random.nextInt(200) == 0;
      editedNs += Math.round(1e9 * ((pause ? 600 : 1) * 4 * Math.exp(0.6 * random.nextGaussian())));
      double slip = random.nextInt(20) == 0 ? 3 : 1;
      offX = 0.5 * offX + slip * hand * random.nextGaussian();
      offY = 0.5 * offY + slip * hand * random.nextGaussian();
      LabelTable.Box box =
          table.add(
              new LabelTable.Box()
                  .at(START_NS + f * STEP_NS, f, track, person ? "pedestrian" : "car")
                  .solid(
                      x + speed * 0.1 * f * Math.cos(heading) + offX,
                      y + speed * 0.1 * f * Math.sin(heading) + offY,
                      height / 2 + 0.01 * random.nextGaussian(),
                      length,
                      width,
                      height));
      box.annotator = annotator;
      box.editedNs = editedNs;
      box.flags = LabelDetails.KEYFRAME;
    }
    return editedNs;
  }

  private static double scale(double meters) {
    return Math.rint(meters * 50) / 50;
  }

  private long object(String annotator, String track, long sinceNs) {
    boolean person = random.nextInt(4) == 0;
    double length = (person ? 0.7 : 4.4) * Math.exp(0.08 * random.nextGaussian());
    double width = (person ? 0.6 : 1.8) * Math.exp(0.05 * random.nextGaussian());
    double height = (person ? 1.7 : 1.5) * Math.exp(0.05 * random.nextGaussian());
    double x = 100 * random.nextDouble();
    double y = 100 * random.nextDouble();
    double speed = (person ? 1.4 : 12) * random.nextDouble();
    double hand = 0.03 * Math.exp(0.2 * random.nextGaussian());
    int first = random.nextInt(50);
    long editedNs = sinceNs;
    for (int f = first; f < first + OBJECT_FRAMES; f++) {
      editedNs += Math.round(1e9 * (2 + 10 * random.nextDouble()));
      LabelTable.Box box =
          table.add(
              new LabelTable.Box()
                  .at(START_NS + f * STEP_NS, f, track, person ? "pedestrian" : "car")
                  .solid(
                      x + speed * 0.1 * f + hand * random.nextGaussian(),
                      y + hand * random.nextGaussian(),
                      height / 2 + 0.3 * hand * random.nextGaussian(),
                      length,
                      width,
                      height));
      box.annotator = annotator;
      box.editedNs = editedNs;
      box.flags = LabelDetails.KEYFRAME;
    }
    return editedNs;
  }

  /// Boxes of objects `from` and up to (not with) `to` of an annotator, by object.
  public List<List<LabelTable.Box>> objects(int annotator, int from, int to) {
    List<List<LabelTable.Box>> objects = new ArrayList<>();
    for (int o = from; o < to; o++) {
      String track = "t-" + annotator + "-" + o;
      objects.add(table.boxes.stream().filter(b -> track.equals(b.track)).toList());
    }
    return objects;
  }

  /// Changes each box of objects `from` to `to` of an annotator.
  public Crew each(int annotator, int from, int to, Consumer<LabelTable.Box> change) {
    objects(annotator, from, to).forEach(object -> object.forEach(change));
    return this;
  }

  /// The annotator's sizes become those of others times `factor`, from object `from` on.
  public Crew resize(int annotator, int from, int to, double factor) {
    return each(
        annotator,
        from,
        to,
        b -> {
          b.length *= factor;
          b.width *= factor;
          b.height *= factor;
        });
  }

  /// The hand moves `factor` times as far from the line through an object's ends.
  public Crew shake(int annotator, int from, int to, double factor) {
    for (List<LabelTable.Box> object : objects(annotator, from, to)) {
      LabelTable.Box a = object.getFirst();
      LabelTable.Box b = object.getLast();
      for (LabelTable.Box box : object) {
        double share = (double) (box.frame - a.frame) / (b.frame - a.frame);
        double x = a.x + share * (b.x - a.x);
        double y = a.y + share * (b.y - a.y);
        box.x = x + factor * (box.x - x);
        box.y = y + factor * (box.y - y);
      }
    }
    return this;
  }

  /// Every object of a category gets one size.
  public Crew template(int annotator, int from, int to) {
    return each(
        annotator,
        from,
        to,
        b -> {
          boolean car = b.category.equals("car");
          b.length = car ? 4.5 : 0.7;
          b.width = car ? 1.8 : 0.6;
          b.height = car ? 1.5 : 1.7;
        });
  }

  /// An annotator's object takes the motion of another's, at its own place.
  public Crew copy(int fromAnnotator, int fromObject, int toAnnotator, int toObject) {
    List<LabelTable.Box> source = objects(fromAnnotator, fromObject, fromObject + 1).getFirst();
    List<LabelTable.Box> target = objects(toAnnotator, toObject, toObject + 1).getFirst();
    LabelTable.Box origin = source.getFirst();
    LabelTable.Box place = target.getFirst().copy();
    // A copy ends where its source does.
    for (int i = source.size(); i < target.size(); i++) {
      table.boxes.remove(target.get(i));
    }
    for (int i = 0; i < Math.min(source.size(), target.size()); i++) {
      LabelTable.Box box = target.get(i);
      box.x = place.x + source.get(i).x - origin.x;
      box.y = place.y + source.get(i).y - origin.y;
      box.z = place.z + source.get(i).z - origin.z;
      box.editedNs = Math.max(box.editedNs, source.get(i).editedNs + 5_000_000_000L);
    }
    return this;
  }

  /// Boxes of an annotator are saved one every `seconds`.
  public Crew hurry(int annotator, int from, int to, double seconds) {
    long[] next = {objects(annotator, from, to).getFirst().getFirst().editedNs};
    return each(
        annotator,
        from,
        to,
        b -> {
          b.editedNs = next[0];
          next[0] += Math.round(seconds * 1e9);
        });
  }

  /// Of each object only every `n`-th box is drawn; those between are computed, but not said to be.
  public Crew thin(int annotator, int from, int to, int n) {
    for (List<LabelTable.Box> object : objects(annotator, from, to)) {
      for (int i = 0; i < object.size(); i++) {
        int before = i - i % n;
        int after = Math.min(before + n, object.size() - 1);
        if (i != before && i != after) {
          double share = (double) (i - before) / (after - before);
          LabelTable.Box a = object.get(before);
          LabelTable.Box b = object.get(after);
          object.get(i).x = a.x + share * (b.x - a.x);
          object.get(i).y = a.y + share * (b.y - a.y);
          object.get(i).z = a.z + share * (b.z - a.z);
        }
      }
    }
    return this;
  }

  /// Boxes of an annotator stand off by so much.
  public Crew shift(int annotator, int from, int to, double x, double y) {
    return each(
        annotator,
        from,
        to,
        b -> {
          b.x += x;
          b.y += y;
        });
  }

  /// Boxes of an annotator stand where the object was `frames` before.
  public Crew delay(int annotator, int from, int to, int frames) {
    for (List<LabelTable.Box> object : objects(annotator, from, to)) {
      for (int i = object.size() - 1; i >= frames; i--) {
        object.get(i).x = object.get(i - frames).x;
        object.get(i).y = object.get(i - frames).y;
      }
      for (int i = 0; i < frames; i++) {
        table.boxes.remove(object.get(i));
      }
    }
    return this;
  }

  /// The annotator calls every `n`-th object of a category by another.
  public Crew rename(int annotator, int from, int to, String category, String other, int n) {
    int count = 0;
    for (List<LabelTable.Box> object : objects(annotator, from, to)) {
      if (object.getFirst().category.equals(category) && ++count % n == 0) {
        object.forEach(box -> box.category = other);
      }
    }
    return this;
  }

  /// The annotator leaves out every `n`-th object beyond a distance from the sensor.
  public Crew leaveOut(int annotator, int from, int to, double meters, int n) {
    int count = 0;
    for (List<LabelTable.Box> object : objects(annotator, from, to)) {
      LabelTable.Box middle = object.get(object.size() / 2);
      if (Math.hypot(middle.x, middle.y) > meters && ++count % n == 0) {
        table.boxes.removeAll(object);
      }
    }
    return this;
  }

  /// The box of each `n`-th frame is left as it is in those behind it.
  public Crew paste(int annotator, int from, int to, int n) {
    for (List<LabelTable.Box> object : objects(annotator, from, to)) {
      for (int i = 0; i < object.size(); i++) {
        LabelTable.Box box = object.get(i - i % n);
        object.get(i).x = box.x;
        object.get(i).y = box.y;
        object.get(i).z = box.z;
      }
    }
    return this;
  }

  /// The annotator's boxes become those of another of the same objects, moved by a random distance
  /// of so many meters.
  public Crew retrace(int fromAnnotator, int toAnnotator, int from, int to, double meters) {
    List<List<LabelTable.Box>> sources = objects(fromAnnotator, from, to);
    List<List<LabelTable.Box>> targets = objects(toAnnotator, from, to);
    for (int o = 0; o < sources.size(); o++) {
      for (int i = 0; i < Math.min(sources.get(o).size(), targets.get(o).size()); i++) {
        LabelTable.Box source = sources.get(o).get(i);
        LabelTable.Box target = targets.get(o).get(i);
        target.x = source.x + meters * random.nextGaussian();
        target.y = source.y + meters * random.nextGaussian();
        target.z = source.z + meters * random.nextGaussian();
        target.length = source.length;
        target.width = source.width;
        target.height = source.height;
        target.editedNs = source.editedNs + 3_600_000_000_000L;
      }
    }
    return this;
  }

  /// Labels of an annotator are made with a tool from object `from` to `to`.
  public Crew tool(int annotator, int from, int to, String tool) {
    return each(annotator, from, to, box -> box.tool = tool);
  }

  /// Edit times of an annotator are off by so many hours.
  public Crew clock(int annotator, int from, int to, double hours) {
    return each(annotator, from, to, box -> box.editedNs += Math.round(hours * 3600e9));
  }

  /// Labels stand in the order in which they were written, as in a log that tools append to.
  public Crew appended() {
    table.boxes.sort(Order.byLong(box -> box.editedNs));
    return this;
  }

  /// The labels as a set.
  public LabelSet build() {
    return table.build();
  }
}
