package dev.lockstep.source;

/// How a recording comes to be, as far as those are concerned who read it meanwhile.
public enum Growth {
  /// It can be read when it is whole only; a reader takes it as it is when it is opened.
  UNREADABLE,

  /// Its bytes stand in the order in which they were recorded: what a reader has passed is final,
  /// and [RecordingReader#extend] says up to which byte it may read.
  APPENDED,

  /// Its writer changes any byte of it, and of files beside it, in transactions. With each
  /// [RecordingReader#extend] a reader looks for what was committed since, whatever the length; it
  /// has come as far as that length when there is nothing more. No byte is final before the end.
  COMMITTED
}
