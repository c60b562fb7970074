package dev.lockstep.yaml;

/// What is wrong at one place of a document.
///
/// @param line line of the file, from 1
/// @param column column of the line, from 1
/// @param pointer which part of the document (JSON pointer: `/streams/0/modality`); empty for all
/// @param observed what stands there
/// @param expected what should
public record YamlProblem(int line, int column, String pointer, String observed, String expected) {
  /// In one line, in front of which the name of the file belongs.
  public String text() {
    return ":%d:%d: %s%s (expected %s)"
        .formatted(line, column, pointer.isEmpty() ? "" : pointer + ": ", observed, expected);
  }
}
