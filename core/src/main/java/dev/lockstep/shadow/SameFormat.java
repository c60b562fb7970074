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

/// Compares rows of two sets of one format in every field and digit: what the format can say of a
/// label, both can, so that a copy that differs anywhere is none.
///
/// A field in which most rows differ tells of a habit of the exporter (it rounds, or writes ids and
/// times of its own) and is left to the rules about tolerances; a fault strikes single rows.
final class SameFormat {
  /// From this share of rows on, a difference is a habit. Judged.
  private static final double HABIT = 0.5;

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

  /// All that a row says, by field.
  static Map<String, String> values(LabelSet labels, int row) {
    LabelDetails details = labels.details();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("stamp, ns", Long.toString(labels.stampsNs()[row]));
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
    values.put("interpolated", Boolean.toString(details.has(row, LabelDetails.INTERPOLATED)));
    flag(values, LabelField.IGNORED, details.has(row, LabelDetails.IGNORED));
    values.put("occluded", Boolean.toString(details.has(row, LabelDetails.OCCLUDED)));
    values.put("truncated", Boolean.toString(details.has(row, LabelDetails.TRUNCATED)));
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
      Map<String, String> before = values(a.labels(), pairs.original()[k]);
      Map<String, String> after = values(b.labels(), pairs.export()[k]);
      Set<String> names = new LinkedHashSet<>(before.keySet());
      names.addAll(after.keySet());
      for (String name : names) {
        if (!Objects.equals(before.get(name), after.get(name))) {
          fields
              .computeIfAbsent(name, _ -> new Field(kind(name), new ArrayList<>()))
              .pairs()
              .add(k);
        }
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
            values(a.labels(), pairs.original()[k]).getOrDefault(name, "none"),
            values(b.labels(), pairs.export()[k]).getOrDefault(name, "none"),
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
