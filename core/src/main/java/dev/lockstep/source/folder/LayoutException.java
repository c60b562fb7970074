package dev.lockstep.source.folder;

import java.util.List;
import java.util.stream.Collectors;

/// A layout that cannot be used; the message has a line a problem: file, line, column, part, value,
/// what was expected.
final class LayoutException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final transient List<LayoutProblem> problems;

  LayoutException(String file, List<LayoutProblem> problems) {
    super(problems.stream().map(p -> file + p.text()).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /// The problems, in order of the file; not empty.
  List<LayoutProblem> problems() {
    return problems;
  }
}
