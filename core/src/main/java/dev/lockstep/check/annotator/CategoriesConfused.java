package dev.lockstep.check.annotator;

import dev.lockstep.agreement.ExactBounds;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.annotator.Pieces.Piece;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// ANN009: an annotator calls objects of one category by another, which the others do not.
public final class CategoriesConfused implements LabelCheck {
  private static final int MIN_OBJECTS = 5;
  private static final double MIN_SHARE = 0.1;
  private static final double MIN_OVERALL = 0.03;
  private static final double CONFIDENCE = 0.9999;

  private static final CheckCard CARD =
      CheckCard.of(
          "ANN009",
          CategoriesConfused.class,
          Severity.WARNING,
          "An annotator calls objects otherwise than the others who drew them.",
          new CheckCard.Parameter("min-objects", "", MIN_OBJECTS, "called otherwise; judged"),
          new CheckCard.Parameter("min-share", "", MIN_SHARE, "of those of a category; judged"),
          new CheckCard.Parameter(
              "min-overall", "", MIN_OVERALL, "of those of all categories; judged"),
          new CheckCard.Parameter("confidence", "", CONFIDENCE, "of the exact bound; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  /// An object as the others call it and as the annotator does.
  private record Answer(Piece piece, int theirs, boolean other) {}

  /// Objects that the others call `theirs`, in order of work.
  ///
  /// @param counted these or, where several categories together are told, all objects
  /// @param least lower bound of the share of those called otherwise
  private record Confusion(
      String annotator, int theirs, List<Answer> answers, List<Answer> counted, double least) {
    long wrong() {
      return CategoriesConfused.wrong(counted);
    }

    boolean overall() {
      return counted.size() > answers.size();
    }
  }

  @Override
  public Conclusion examine(LabelSet labels, Context context, CheckSink sink) {
    String obstacle = Pieces.obstacle(labels);
    if (obstacle != null) {
      return Conclusion.undecided(obstacle);
    }
    SharedWork shared = SharedWork.of(labels, context);
    Pieces pieces = shared.pieces();
    Map<String, List<Piece>> work = pieces.byAnnotator();
    TreeSet<String> left = new TreeSet<>(work.keySet());
    long examined = 0;
    // Who differs most surely is told and left out: the others differ from them, too.
    while (left.size() >= 2) {
      Confusion surest = null;
      long compared = 0;
      for (String name : left) {
        for (Confusion each : confusions(name, work, shared, left)) {
          compared += each.answers.size();
          if (each.least > (each.overall() ? MIN_OVERALL : MIN_SHARE)
              && each.wrong() >= MIN_OBJECTS
              && (surest == null || each.wrong() > surest.wrong())) {
            surest = each;
          }
        }
      }
      examined = Math.max(examined, compared);
      if (surest == null) {
        break;
      }
      tell(labels, pieces, surest, left.size(), sink);
      left.remove(surest.annotator);
    }
    return Conclusion.examined(examined, "no two annotators drew the same objects");
  }

  private static List<Confusion> confusions(
      String name, Map<String, List<Piece>> work, SharedWork shared, Set<String> among) {
    Map<Integer, List<Answer>> answers = new TreeMap<>();
    for (Piece piece : work.getOrDefault(name, List.of())) {
      Answer answer = answer(piece, shared, among);
      if (answer != null) {
        answers.computeIfAbsent(answer.theirs, c -> new ArrayList<>()).add(answer);
      }
    }
    List<Confusion> confusions = new ArrayList<>();
    List<Answer> all = new ArrayList<>();
    answers.forEach((theirs, own) -> {
      confusions.add(confusion(name, theirs, own));
      all.addAll(own);
    });
    // Little of each of several categories is enough together.
    confusions.stream()
        .max(Comparator.comparingLong(Confusion::wrong))
        .ifPresent(most ->
            confusions.add(new Confusion(name, most.theirs, most.answers, all, least(all))));
    return confusions;
  }

  private static Confusion confusion(String name, int theirs, List<Answer> answers) {
    return new Confusion(name, theirs, answers, answers, least(answers));
  }

  private static double least(List<Answer> answers) {
    long wrong = wrong(answers);
    return wrong == 0 ? 0 : ExactBounds.lower(wrong, answers.size(), CONFIDENCE);
  }

  private static long wrong(List<Answer> answers) {
    return answers.stream().filter(Answer::other).count();
  }

  /// What the others call the object of a piece, where they are of one mind.
  private static @Nullable Answer answer(Piece piece, SharedWork shared, Set<String> among) {
    int theirs = -1;
    for (Map.Entry<String, Piece> twin : shared.twins(piece).entrySet()) {
      if (among.contains(twin.getKey())) {
        int category = twin.getValue().category();
        if (theirs >= 0 && theirs != category) {
          return null;
        }
        theirs = category;
      }
    }
    return theirs < 0 ? null : new Answer(piece, theirs, theirs != piece.category());
  }

  private static void tell(
      LabelSet labels, Pieces pieces, Confusion confusion, int annotators, CheckSink sink) {
    Map<Integer, Integer> names = new TreeMap<>();
    List<Answer> answers = confusion.answers;
    int firstWrong = -1;
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).other) {
        names.merge(answers.get(i).piece.category(), 1, Integer::sum);
        firstWrong = firstWrong < 0 ? i : firstWrong;
      }
    }
    int most =
        names.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(confusion.theirs);
    Piece first = answers.get(Math.max(0, firstWrong)).piece;
    long wrong = wrong(answers);
    // So many right ones before the first wrong one are no chance at the share behind it.
    double share = (double) wrong / (answers.size() - firstWrong);
    boolean later = Math.pow(1 - Math.min(share, 0.95), firstWrong) < 0.001;
    int row = first.rows()[0];
    sink.report(
        Severity.WARNING,
        "categories of " + confusion.annotator + " differ from those of the others",
        labels.location(row, row),
        new Evidence.Change(
            "category",
            labels.categoryName(confusion.theirs),
            labels.categoryName(most),
            wrong
                + " of "
                + answers.size()
                + " objects"
                + (confusion.overall()
                    ? ", "
                        + confusion.wrong()
                        + " of "
                        + confusion.counted.size()
                        + " of all categories"
                    : "")
                + ", at least "
                + Math.round(100 * confusion.least)
                + " %"
                + (later ? "," + pieces.since(first) + " (" + firstWrong + " right before)" : "")),
        new Cause(
            "category-confused",
            annotators == 2
                ? "two annotators understand the category differently; only a third can tell who"
                    + " is right"
                : "the annotator understands the category otherwise, or cannot tell it: show"
                    + " examples, then have these objects named anew"));
  }
}
