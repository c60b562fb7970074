package dev.lockstep.check.annotator;

import dev.lockstep.agreement.ExactBounds;
import dev.lockstep.agreement.PeerRate;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.annotator.Pieces.Piece;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// ANN009: an annotator calls objects of one category by another, which the others do not.
public final class CategoriesConfused implements LabelCheck {
  private static final int MIN_OBJECTS = 3;

  /// Share of objects that people call otherwise, and how many answers of others it takes to say
  /// better; judged.
  private static final double ERR = 0.02;

  private static final double FAITH = 50;
  private static final double CATEGORY_FAITH = 20;
  private static final double MIN_SHARE = 0.1;
  private static final double MIN_OVERALL = 0.03;
  private static final double MAX_CHANCE = 0.005;
  private static final double LIKELY = 0.95;

  /// Parts of the work from whose beginnings on it is judged.
  private static final int PARTS = 2;

  /// Objects without one of the others that show anything, and disagreements among them.
  private static final int MIN_WITHOUT = 3;

  private static final int MIN_WITHOUT_WRONG = 2;

  /// All categories together.
  private static final int ALL = -1;

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
          new CheckCard.Parameter(
              "max-chance",
              "",
              MAX_CHANCE,
              "in one label set, of a person who errs as often as the others; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  /// An object as the others call it and as the annotator does.
  private record Answer(Piece piece, int theirs, boolean other) {}

  /// Objects that the others call `theirs`, in order of work.
  ///
  /// @param counted these or, where several categories together are told, all objects
  /// @param chance how likely it is among people who all err as often
  /// @param rival the only one beside whom it shows, so that it may as well be theirs, or null
  private record Confusion(
      String annotator,
      int theirs,
      List<Answer> answers,
      List<Answer> counted,
      double chance,
      @Nullable String rival) {
    long wrong() {
      return CategoriesConfused.wrong(counted);
    }

    boolean overall() {
      return counted.size() > answers.size();
    }

    double least() {
      return CategoriesConfused.least(counted, LIKELY);
    }

    boolean surerThan(@Nullable Confusion other) {
      if (other == null || (rival == null) != (other.rival == null)) {
        return other == null || rival == null;
      }
      return chance != other.chance ? chance < other.chance : wrong() > other.wrong();
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
      Map<String, List<Answer>> answers = new TreeMap<>();
      for (String name : left) {
        answers.put(name, answers(name, work, shared, left));
      }
      for (String name : left) {
        Confusion confusion =
            confusion(name, answers.getOrDefault(name, List.of()), work, shared, left);
        if (confusion != null && confusion.surerThan(surest)) {
          surest = confusion;
        }
      }
      examined = Math.max(examined, answers.values().stream().mapToLong(List::size).sum());
      if (surest == null) {
        break;
      }
      tell(labels, pieces, surest, sink);
      left.remove(surest.annotator);
    }
    return Conclusion.examined(examined, "no two annotators drew the same objects");
  }

  private static List<Answer> answers(
      String name, Map<String, List<Piece>> work, SharedWork shared, Set<String> among) {
    List<Answer> answers = new ArrayList<>();
    for (Piece piece : work.getOrDefault(name, List.of())) {
      Answer answer = answer(piece, shared, among);
      if (answer != null) {
        answers.add(answer);
      }
    }
    return answers;
  }

  /// How often others disagree: what people may, and what they did.
  private record Usual(Map<Integer, long[]> counts) {
    /// Counts hold every disagreement twice, once from each side.
    PeerRate of(int category) {
      long[] all = counts.getOrDefault(ALL, NONE);
      PeerRate overall = PeerRate.of(ERR, FAITH).with(all[0] / 2.0, all[1] / 2.0);
      long[] own = counts.getOrDefault(category, NONE);
      return category == ALL
          ? overall
          : PeerRate.of(overall.rate(), CATEGORY_FAITH).with(own[0] / 2.0, own[1] / 2.0);
    }
  }

  private static final long[] NONE = {0, 0};

  /// Answers of all but one about each other.
  private static Usual usual(
      String but, Map<String, List<Piece>> work, SharedWork shared, Set<String> among) {
    Set<String> rest = new TreeSet<>(among);
    rest.remove(but);
    Map<Integer, long[]> usual = new TreeMap<>();
    for (String name : rest) {
      for (Answer answer : answers(name, work, shared, rest)) {
        for (int category : new int[] {answer.theirs, ALL}) {
          long[] own = usual.computeIfAbsent(category, c -> new long[2]);
          own[0] += answer.other ? 1 : 0;
          own[1]++;
        }
      }
    }
    return new Usual(usual);
  }

  /// The surest of an annotator: by category of the others and of all together, for all work or the
  /// later part of it.
  private static @Nullable Confusion confusion(
      String name,
      List<Answer> all,
      Map<String, List<Piece>> work,
      SharedWork shared,
      Set<String> among) {
    if (wrong(all) < MIN_OBJECTS) {
      return null;
    }
    Usual usual = usual(name, work, shared, among);
    Map<Integer, List<Answer>> byCategory = new TreeMap<>();
    all.forEach(
        answer -> byCategory.computeIfAbsent(answer.theirs, c -> new ArrayList<>()).add(answer));
    long categories = byCategory.values().stream().filter(own -> own.size() >= MIN_OBJECTS).count();
    int tests = among.size() * (int) (categories + 1) * PARTS;
    List<Answer> most =
        byCategory.values().stream().max(Order.byLong(CategoriesConfused::wrong)).orElse(List.of());
    List<Confusion> found = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      for (Map.Entry<Integer, List<Answer>> each : byCategory.entrySet()) {
        List<Answer> own = each.getValue();
        List<Answer> later = own.subList(own.size() * part / PARTS, own.size());
        double chance = chance(later, usual, each.getKey(), tests, MIN_SHARE);
        tried(new Confusion(name, each.getKey(), own, own, chance, null), found);
      }
      // Little of each of several categories is enough together.
      List<Answer> later = all.subList(all.size() * part / PARTS, all.size());
      double chance = chance(later, usual, ALL, tests, MIN_OVERALL);
      if (!most.isEmpty()) {
        tried(new Confusion(name, most.getFirst().theirs, most, all, chance, null), found);
      }
    }
    Confusion surest = null;
    for (Confusion each : found) {
      Confusion stays = withoutEach(each, work, shared, among);
      surest = stays != null && stays.surerThan(surest) ? stays : surest;
    }
    return surest;
  }

  private static void tried(Confusion confusion, List<Confusion> found) {
    if (confusion.chance < MAX_CHANCE) {
      found.add(confusion);
    }
  }

  /// How likely so many disagreements are of a person like the others, over all that is tried; 1
  /// where they are few.
  private static double chance(
      List<Answer> answers, Usual usual, int category, int tests, double least) {
    long wrong = wrong(answers);
    if (wrong < MIN_OBJECTS || least(answers, LIKELY) < least) {
      return 1;
    }
    return tests * usual.of(category).atLeast((int) wrong, answers.size());
  }

  /// What of it stays when each of the others is left out; null where it goes with one of them, who
  /// then disagrees with everybody.
  private static @Nullable Confusion withoutEach(
      Confusion confusion, Map<String, List<Piece>> work, SharedWork shared, Set<String> among) {
    Set<Piece> counted = new HashSet<>();
    confusion.counted.forEach(answer -> counted.add(answer.piece));
    Map<String, Integer> partners = new TreeMap<>();
    for (Answer answer : confusion.counted) {
      if (answer.other) {
        shared.twins(answer.piece).keySet().stream()
            .filter(among::contains)
            .forEach(other -> partners.merge(other, 1, Integer::sum));
      }
    }
    String rival = null;
    double share = (double) confusion.wrong() / confusion.counted.size();
    for (String other : partners.keySet()) {
      Set<String> rest = new TreeSet<>(among);
      rest.remove(other);
      List<Answer> without =
          answers(confusion.annotator, work, shared, rest).stream()
              .filter(answer -> counted.contains(answer.piece))
              .filter(answer -> confusion.overall() || answer.theirs == confusion.theirs)
              .toList();
      long wrong = wrong(without);
      if (without.size() < MIN_WITHOUT) {
        rival = alibi(confusion, other, work, shared, rest) ? rival : other;
      } else if (wrong < MIN_WITHOUT_WRONG
          && ExactBounds.upper(wrong, without.size(), LIKELY) < share) {
        return null;
      } else if (wrong < MIN_WITHOUT_WRONG) {
        rival = alibi(confusion, other, work, shared, rest) ? rival : other;
      }
    }
    return new Confusion(
        confusion.annotator,
        confusion.theirs,
        confusion.answers,
        confusion.counted,
        confusion.chance,
        rival);
  }

  /// Whether the other agrees with the rest about the categories that are at issue.
  private static boolean alibi(
      Confusion confusion,
      String other,
      Map<String, List<Piece>> work,
      SharedWork shared,
      Set<String> rest) {
    Set<Integer> issue = new HashSet<>();
    for (Answer answer : confusion.counted) {
      if (answer.other) {
        issue.add(answer.theirs);
        issue.add(answer.piece.category());
      }
    }
    Set<String> judges = new TreeSet<>(rest);
    judges.remove(confusion.annotator);
    List<Answer> answers =
        answers(other, work, shared, judges).stream()
            .filter(answer -> issue.contains(answer.theirs))
            .toList();
    double share = (double) wrong(confusion.answers) / confusion.answers.size();
    return !answers.isEmpty()
        && ExactBounds.upper(wrong(answers), answers.size(), LIKELY) < share / 2;
  }

  private static double least(List<Answer> answers, double confidence) {
    long wrong = wrong(answers);
    return wrong == 0 ? 0 : ExactBounds.lower(wrong, answers.size(), confidence);
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

  private static void tell(LabelSet labels, Pieces pieces, Confusion confusion, CheckSink sink) {
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
        confusion.rival == null
            ? "categories of " + confusion.annotator + " differ from those of the others"
            : "categories of " + confusion.annotator + " and " + confusion.rival + " disagree",
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
                + Math.round(100 * confusion.least())
                + " %"
                + (later ? "," + pieces.since(first) + " (" + firstWrong + " right before)" : "")),
        new Cause(
            "category-confused",
            confusion.rival != null
                ? "two annotators understand the category differently; only a third can tell who"
                    + " is right"
                : "the annotator understands the category otherwise, or cannot tell it: show"
                    + " examples, then have these objects named anew"));
  }
}
