package dev.lockstep.source.folder;

/// What is wrong at one place of a layout.
///
/// @param line line of the file, from 1
/// @param column column of the line, from 1
/// @param pointer which part of the layout (JSON pointer: `/streams/0/modality`); empty for all
/// @param observed what stands there
/// @param expected what should
record LayoutProblem(int line, int column, String pointer, String observed, String expected) {
  /// In one line, in front of which the name of the file belongs.
  String text() {
    return ":%d:%d: %s%s (expected %s)"
        .formatted(line, column, pointer.isEmpty() ? "" : pointer + ": ", observed, expected);
  }
}
