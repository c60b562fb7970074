package dev.lockstep.lineage;

import dev.lockstep.source.MessageAt;
import java.util.List;

/// What rests on some bytes: messages, and the labels made on them.
///
/// @param place the bytes, in words
/// @param messages messages that hold some of them, in order of streams and index
/// @param labels labels that rest on them, in order of time
public record BlastRadius(String place, List<MessageAt> messages, List<Touched> labels) {
  /// Copies the lists.
  public BlastRadius {
    messages = List.copyOf(messages);
    labels = List.copyOf(labels);
  }

  /// A label and what ties it to the bytes.
  ///
  /// @param label the label
  /// @param by how it rests on them
  public record Touched(LabelRow label, By by) {}

  /// How a label rests on bytes.
  public enum By {
    /// It is stored in them.
    STORED("stored in"),
    /// It was made on a message in them.
    MADE("made on"),
    /// Its own sensor message is paired with one in them.
    PAIRED("paired with");

    private final String words;

    By(String words) {
      this.words = words;
    }

    /// In words.
    public String words() {
      return words;
    }
  }
}
