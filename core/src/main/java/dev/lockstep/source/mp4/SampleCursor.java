package dev.lockstep.source.mp4;

/// The samples of one track in the order of decoding, one after another, in constant memory.
abstract class SampleCursor {
  /// Number of the sample, from 0.
  long index = -1;

  /// Where it lies in the file.
  long offset;

  /// Its length, bytes.
  long size;

  /// When it is decoded, ticks.
  long time;

  /// How much later it is shown, ticks.
  long composition;

  /// Whether it is marked as one that decoding can begin at.
  boolean sync;

  /// Number of its sample entry, from 1.
  long entry;

  /// Whether samples are missing in front of it, as is reported.
  boolean afterLoss;

  /// Whether it does not belong here, as is reported.
  boolean doubtful;

  /// Goes to the next sample.
  ///
  /// @return whether there is one
  abstract boolean next();

  /// Number of the chunk that holds the sample, from 0; -1 where samples are not kept in chunks.
  long chunk() {
    return -1;
  }

  /// Samples that are behind the present one, as the tables have it.
  abstract long remaining();
}
