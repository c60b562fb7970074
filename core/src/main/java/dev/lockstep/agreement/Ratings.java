package dev.lockstep.agreement;

import java.util.Arrays;

/// Answers of several raters about the same items, nominal, any of them missing.
///
/// Items belong to groups (frames): those of one group are not independent, so that intervals draw
/// whole groups.
public final class Ratings {
  /// The rater did not see the item.
  public static final int MISSING = -1;

  private final int raters;
  private final int categories;
  private int size;
  private int[] answers = new int[64];
  private int[] groups = new int[16];

  /// No items yet.
  ///
  /// @param raters number of raters
  /// @param categories number of possible answers, 0 to `categories - 1`
  public Ratings(int raters, int categories) {
    this.raters = raters;
    this.categories = categories;
  }

  /// Items with these answers, a row an item, a group each.
  public static Ratings of(int categories, int[][] rows) {
    Ratings ratings = new Ratings(rows[0].length, categories);
    for (int[] row : rows) {
      ratings.add(ratings.size(), row);
    }
    return ratings;
  }

  /// Adds an item.
  ///
  /// @param group group of the item, from 0
  /// @param row the answer of each rater, or [#MISSING]
  public void add(int group, int... row) {
    if (row.length != raters) {
      throw new IllegalArgumentException(row.length + " answers (expected " + raters + ")");
    }
    if (size == groups.length) {
      groups = Arrays.copyOf(groups, 2 * size);
    }
    if ((size + 1) * raters > answers.length) {
      answers = Arrays.copyOf(answers, 2 * (size + 1) * raters);
    }
    for (int r = 0; r < raters; r++) {
      if (row[r] < MISSING || row[r] >= categories) {
        throw new IllegalArgumentException("answer " + row[r] + " of " + categories);
      }
      answers[size * raters + r] = row[r];
    }
    groups[size++] = group;
  }

  /// Number of raters.
  public int raters() {
    return raters;
  }

  /// Number of possible answers.
  public int categories() {
    return categories;
  }

  /// Number of items.
  public int size() {
    return size;
  }

  /// Answer of a rater, or [#MISSING].
  public int answer(int item, int rater) {
    return answers[item * raters + rater];
  }

  /// Group of an item.
  int group(int item) {
    return groups[item];
  }

  /// How often each answer was given to an item, into `counts`; gives their number.
  int count(int item, int[] counts) {
    Arrays.fill(counts, 0);
    int given = 0;
    for (int r = 0; r < raters; r++) {
      int answer = answer(item, r);
      if (answer != MISSING) {
        counts[answer]++;
        given++;
      }
    }
    return given;
  }

  /// The same answers as one question: 1 where `category` was meant, 0 where another.
  public Ratings against(int category) {
    Ratings binary = new Ratings(raters, 2);
    int[] row = new int[raters];
    for (int i = 0; i < size; i++) {
      for (int r = 0; r < raters; r++) {
        int answer = answer(i, r);
        row[r] = answer == MISSING ? MISSING : answer == category ? 1 : 0;
      }
      binary.add(groups[i], row);
    }
    return binary;
  }

  /// Answers of two raters to the items that both saw: rows the first's, columns the second's.
  public long[][] table(int first, int second) {
    long[][] table = new long[categories][categories];
    for (int i = 0; i < size; i++) {
      int a = answer(i, first);
      int b = answer(i, second);
      if (a != MISSING && b != MISSING) {
        table[a][b]++;
      }
    }
    return table;
  }
}
