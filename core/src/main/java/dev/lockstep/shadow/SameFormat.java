package dev.lockstep.shadow;

import dev.lockstep.check.ExportDifference;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.labels.LabelField;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compares rows of two sets of one format in every field and digit: what the format can say of a
/// label, both can, so that a copy that differs anywhere is none.
///
/// A field in which most rows differ tells of a habit of the exporter (it rounds, or writes ids and
/// times of its own) and is left to the rules about tolerances; a fault strikes single rows.
final class SameFormat {
  /// From this share of rows on, a difference is a habit. Judged.
  private static final double HABIT = 0.5;

  private static final String STAMP = "stamp, ns";
  private static final String INTERPOLATED = "interpolated";
  private static final String OCCLUDED = "occluded";
  private static final String TRUNCATED = "truncated";

  private static final List<String> SOLID =
      List.of("x", "y", "z", "length", "width", "height", "qw", "qx", "qy", "qz");
  private static final List<String> FLAT = List.of("left", "top", "right", "bottom");

  /// What differs in one field: rows of the pair lists.
  private record Field(Kind kind, List<Integer> pairs) {}

  private SameFormat() {}

  /// Whether both sides are of one format.
  static boolean is(Side a, Side b) {
    return a.format().equals(b.format());
  }

  /// Whether two sets hold the same labels in the same order, to the last digit.
  static boolean identical(LabelSet a, LabelSet b) {
    LabelDetails p = a.details();
    LabelDetails q = b.details();
    if (a.size() != b.size()
        || a.stampSource() != b.stampSource()
        || a.frameOfReference() != b.frameOfReference()
        || p.frameRateHertz() != q.frameRateHertz()
        || p.firstFrame() != q.firstFrame()) {
      return false;
    }
    for (int row = 0; row < a.size(); row++) {
      if (!sameNumbers(a, row, b, row)
          || !sameTexts(a, row, b, row)
          || !a.categoryName(a.categories()[row]).equals(b.categoryName(b.categories()[row]))
          || !Objects.equals(track(a, row), track(b, row))) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String track(LabelSet labels, int row) {
    int number = labels.tracks()[row];
    return number == LabelSet.NO_TRACK ? null : labels.trackName(number);
  }

  /// All that a row says, by field.
  static Map<String, String> values(LabelSet labels, int row) {
    LabelDetails details = labels.details();
    Map<String, String> values = new LinkedHashMap<>();
    values.put(STAMP, Long.toString(labels.stampsNs()[row]));
    values.put(LabelField.FRAME.label(), Long.toString(labels.frames()[row]));
    for (int i = 0; labels.has3d(row) && i < SOLID.size(); i++) {
      values.put(SOLID.get(i), Double.toString(labels.boxes3d()[row * LabelSet.BOX_3D + i] + 0.0));
    }
    for (int i = 0; labels.has2d(row) && i < FLAT.size(); i++) {
      values.put(FLAT.get(i), Float.toString(labels.boxes2d()[row * LabelSet.BOX_2D + i] + 0.0f));
    }
    values.put(LabelField.SCORE.label(), Float.toString(details.score(row)));
    values.put(LabelField.TRUNCATED.label(), Float.toString(labels.truncated()[row]));
    values.put(LabelField.OCCLUDED.label(), Float.toString(labels.occluded()[row]));
    values.put(LabelField.POINTS.label(), Integer.toString(labels.points()[row]));
    flag(values, LabelField.KEYFRAME, details.has(row, LabelDetails.KEYFRAME));
    values.put(INTERPOLATED, Boolean.toString(details.has(row, LabelDetails.INTERPOLATED)));
    flag(values, LabelField.IGNORED, details.has(row, LabelDetails.IGNORED));
    values.put(OCCLUDED, Boolean.toString(details.has(row, LabelDetails.OCCLUDED)));
    values.put(TRUNCATED, Boolean.toString(details.has(row, LabelDetails.TRUNCATED)));
    for (LabelDetails.Attribute attribute : details.attributes(row)) {
      values.put("attribute " + attribute.name(), attribute.value());
    }
    values.put(LabelField.ANNOTATOR.label(), String.valueOf(labels.annotator(row)));
    values.put(LabelField.TOOL.label(), String.valueOf(details.tool(row)));
    values.put(LabelField.EDITED.label(), Long.toString(labels.editedNs()[row]));
    values.put(LabelField.REVISION.label(), Integer.toString(details.revision(row)));
    values.put(LabelField.LABEL_ID.label(), String.valueOf(details.labelId(row)));
    LabelDetails.Source source = details.message(row);
    values.put(
        "source",
        source == null
            ? "none"
            : source.file()
                + " "
                + source.offsetBytes()
                + "+"
                + source.lengthBytes()
                + " message "
                + source.message());
    return values;
  }

  private static void flag(Map<String, String> values, LabelField field, boolean set) {
    values.put(field.label(), Boolean.toString(set));
  }

  /// The value of one field of a row.
  private static String value(LabelSet labels, int row, String name) {
    int solid = labels.has3d(row) ? SOLID.indexOf(name) : -1;
    if (solid >= 0) {
      return Double.toString(labels.boxes3d()[row * LabelSet.BOX_3D + solid] + 0.0);
    }
    return values(labels, row).getOrDefault(name, "none");
  }

  /// The fields in which two rows differ, in the order of [#values]; those that only the second has
  /// come last. Texts are made where numbers cannot tell.
  private static List<String> differing(LabelSet a, int row, LabelSet b, int other) {
    List<String> names = List.of();
    if (!sameNumbers(a, row, b, other) || !sameTexts(a, row, b, other)) {
      names = new ArrayList<>();
      boolean solidA = a.has3d(row);
      boolean solidB = b.has3d(other);
      boolean flatA = a.has2d(row);
      boolean flatB = b.has2d(other);
      if (solidA == solidB && flatA == flatB && sameTexts(a, row, b, other)) {
        numbers(a, row, b, other, names);
      } else {
        Map<String, String> before = values(a, row);
        Map<String, String> after = values(b, other);
        Set<String> all = new LinkedHashSet<>(before.keySet());
        all.addAll(after.keySet());
        for (String name : all) {
          if (!Objects.equals(before.get(name), after.get(name))) {
            names.add(name);
          }
        }
      }
    }
    return names;
  }

  private static boolean sameNumbers(LabelSet a, int row, LabelSet b, int other) {
    LabelDetails p = a.details();
    LabelDetails q = b.details();
    if (a.stampsNs()[row] != b.stampsNs()[other]
        || a.frames()[row] != b.frames()[other]
        || !same(p.score(row), q.score(other))
        || !same(a.truncated()[row], b.truncated()[other])
        || !same(a.occluded()[row], b.occluded()[other])
        || a.points()[row] != b.points()[other]
        || p.flags(row) != q.flags(other)
        || a.editedNs()[row] != b.editedNs()[other]
        || p.revision(row) != q.revision(other)
        || a.has3d(row) != b.has3d(other)
        || a.has2d(row) != b.has2d(other)) {
      return false;
    }
    for (int i = 0; a.has3d(row) && i < LabelSet.BOX_3D; i++) {
      if (!sameSolid(a, row, b, other, i)) {
        return false;
      }
    }
    for (int i = 0; a.has2d(row) && i < LabelSet.BOX_2D; i++) {
      if (!sameFlat(a, row, b, other, i)) {
        return false;
      }
    }
    return true;
  }

  /// Zeros are the same whatever their sign, and so are absent numbers.
  private static boolean same(double x, double y) {
    return x == y || Double.isNaN(x) && Double.isNaN(y);
  }

  private static boolean sameSolid(LabelSet a, int row, LabelSet b, int other, int i) {
    return same(a.boxes3d()[row * LabelSet.BOX_3D + i], b.boxes3d()[other * LabelSet.BOX_3D + i]);
  }

  private static boolean sameFlat(LabelSet a, int row, LabelSet b, int other, int i) {
    return same(a.boxes2d()[row * LabelSet.BOX_2D + i], b.boxes2d()[other * LabelSet.BOX_2D + i]);
  }

  private static boolean sameTexts(LabelSet a, int row, LabelSet b, int other) {
    LabelDetails p = a.details();
    LabelDetails q = b.details();
    return Objects.equals(a.annotator(row), b.annotator(other))
        && Objects.equals(p.tool(row), q.tool(other))
        && Objects.equals(p.labelId(row), q.labelId(other))
        && Objects.equals(p.message(row), q.message(other))
        && p.attributes(row).equals(q.attributes(other));
  }

  /// The numbers that differ of two rows with the same texts and sorts of boxes.
  private static void numbers(LabelSet a, int row, LabelSet b, int other, List<String> names) {
    LabelDetails p = a.details();
    LabelDetails q = b.details();
    add(names, STAMP, a.stampsNs()[row] == b.stampsNs()[other]);
    add(names, LabelField.FRAME.label(), a.frames()[row] == b.frames()[other]);
    for (int i = 0; a.has3d(row) && i < SOLID.size(); i++) {
      add(names, SOLID.get(i), sameSolid(a, row, b, other, i));
    }
    for (int i = 0; a.has2d(row) && i < FLAT.size(); i++) {
      add(names, FLAT.get(i), sameFlat(a, row, b, other, i));
    }
    add(names, LabelField.SCORE.label(), same(p.score(row), q.score(other)));
    add(names, LabelField.TRUNCATED.label(), same(a.truncated()[row], b.truncated()[other]));
    add(names, LabelField.OCCLUDED.label(), same(a.occluded()[row], b.occluded()[other]));
    add(names, LabelField.POINTS.label(), a.points()[row] == b.points()[other]);
    int flags = p.flags(row) ^ q.flags(other);
    add(names, LabelField.KEYFRAME.label(), (flags & LabelDetails.KEYFRAME) == 0);
    add(names, INTERPOLATED, (flags & LabelDetails.INTERPOLATED) == 0);
    add(names, LabelField.IGNORED.label(), (flags & LabelDetails.IGNORED) == 0);
    add(names, OCCLUDED, (flags & LabelDetails.OCCLUDED) == 0);
    add(names, TRUNCATED, (flags & LabelDetails.TRUNCATED) == 0);
    add(names, LabelField.EDITED.label(), a.editedNs()[row] == b.editedNs()[other]);
    add(names, LabelField.REVISION.label(), p.revision(row) == q.revision(other));
  }

  private static void add(List<String> names, String name, boolean same) {
    if (!same) {
      names.add(name);
    }
  }

  /// What pairs of rows that agree as far as tolerances go say differently.
  ///
  /// @param judged what was told already
  /// @param stampsCompared whether stamps were compared, but for the slack of formats
  static List<ExportDifference> differences(
      Side a, Side b, Judgement judged, boolean stampsCompared) {
    Pairs pairs = judged.pairs;
    BitSet told = judged.told();
    Map<String, Field> fields = new LinkedHashMap<>();
    for (int k = 0; k < pairs.size(); k++) {
      if (!a.track(pairs.original()[k]).equals(b.track(pairs.export()[k]))) {
        continue;
      }
      for (String name :
          differing(a.labels(), pairs.original()[k], b.labels(), pairs.export()[k])) {
        fields.computeIfAbsent(name, _ -> new Field(kind(name), new ArrayList<>())).pairs().add(k);
      }
    }
    long rows = pairs.size() + pairs.equal();
    List<ExportDifference> found = new ArrayList<>();
    fields.forEach((name, field) -> {
      if (field.pairs().size() < HABIT * rows || rows == 1) {
        for (int k : field.pairs()) {
          boolean known =
              switch (field.kind()) {
                case ATTRIBUTE -> judged.tells(name, pairs.export()[k]);
                case RETIMED -> stampsCompared && isFar(a, b, pairs, k);
                default -> told.get(k);
              };
          if (!known) {
            found.add(difference(a, b, pairs, k, name, field.kind()));
          }
        }
      }
    });
    return found;
  }

  /// Whether stamps differ by more than the slack of formats, which is told of elsewhere.
  private static boolean isFar(Side a, Side b, Pairs pairs, int k) {
    long before = a.labels().stampsNs()[pairs.original()[k]];
    long after = b.labels().stampsNs()[pairs.export()[k]];
    return before != Times.NONE
        && after != Times.NONE
        && Math.abs(Times.difference(after, before)) > StampDifferences.SLACK_NS;
  }

  private static ExportDifference difference(
      Side a, Side b, Pairs pairs, int k, String name, Kind kind) {
    return new ExportDifference(
        kind,
        Severity.ERROR,
        Outcomes.title(kind),
        b.place(pairs.export()[k]),
        new Evidence.Change(
            name,
            value(a.labels(), pairs.original()[k], name),
            value(b.labels(), pairs.export()[k], name),
            "in one format, to the last digit"),
        null);
  }

  private static Kind kind(String name) {
    if (name.startsWith("stamp") || name.equals(LabelField.FRAME.label())) {
      return Kind.RETIMED;
    }
    int solid = SOLID.indexOf(name);
    if (FLAT.contains(name) || solid >= 0 && solid < 3) {
      return Kind.MOVED;
    }
    return solid < 0 ? Kind.ATTRIBUTE : solid < 6 ? Kind.RESIZED : Kind.ROTATED;
  }
}
