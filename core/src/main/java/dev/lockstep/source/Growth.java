package dev.lockstep.source;

/// How a recording comes to be, as far as those are concerned who read it meanwhile.
public enum Growth {
  /// It can be read when it is whole only; a reader takes it as it is when it is opened.
  UNREADABLE,

  /// Its bytes stand in the order in which they were recorded: what a reader has passed is final,
  /// and [RecordingReader#extend] says up to which byte it may read.
  APPENDED,

  /// Its bytes stand in the order in which they were recorded, but its writer goes back to its
  /// head, and to that of the piece under way, when it closes them. A reader that was extended
  /// without being complete gives what is behind the head as far as it is whole, and is never
  /// completed: the recording is opened anew at its end, with what its head says then.
  REOPENED,

  /// Its writer changes any byte of it, and of files beside it, in transactions. With each
  /// [RecordingReader#extend] a reader looks for what was committed since, whatever the length; it
  /// has come as far as that length when there is nothing more. No byte is final before the end.
  COMMITTED
}
