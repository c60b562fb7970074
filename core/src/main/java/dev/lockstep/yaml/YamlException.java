package dev.lockstep.yaml;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// A document that cannot be used; the message has a line a problem: file, line, column, part,
/// value, what was expected.
public final class YamlException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final transient List<YamlProblem> problems;

  /// @param file name of the file
  public YamlException(String file, List<YamlProblem> problems) {
    super(inOrder(problems).stream().map(p -> file + p.text()).collect(Collectors.joining("\n")));
    this.problems = inOrder(problems);
  }

  private static List<YamlProblem> inOrder(List<YamlProblem> problems) {
    return problems.stream()
        .sorted(
            Comparator.comparingInt(YamlProblem::line)
                .thenComparingInt(YamlProblem::column)
                .thenComparing(YamlProblem::pointer)
                .thenComparing(YamlProblem::expected))
        .toList();
  }

  /// The problems, in order of the file; not empty.
  public List<YamlProblem> problems() {
    return problems;
  }
}
