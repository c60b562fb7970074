package dev.lockstep.synth.labels;

import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import java.util.ArrayList;
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
  public final LabelTable table = new LabelTable(LabelSet.Frame.WORLD, StampSource.COLUMN);

  private final Random random;

  private Crew(long seed) {
    random = new Random(seed);
  }

  /// `annotators` of names `ann-0`, `ann-1` and so on, of `objects` each.
  public static Crew of(long seed, int annotators, int objects) {
    Crew crew = new Crew(seed);
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
    Crew crew = new Crew(seed);
    for (int a = 0; a < annotators; a++) {
      long editedNs = START_NS + 86_400_000_000_000L;
      for (int o = 0; o < objects; o++) {
        editedNs = crew.heldObject("ann-" + a, "t-" + a + "-" + o, editedNs);
      }
    }
    return crew;
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

  /// The labels as a set.
  public LabelSet build() {
    return table.build();
  }
}
