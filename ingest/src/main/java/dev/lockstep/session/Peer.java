package dev.lockstep.session;

import org.jspecify.annotations.Nullable;

/// The other end of a connection, as its session sees it. All methods but [#execute] are called on
/// the connection's own thread.
public interface Peer {
  /// Sends a line. What does not fit is kept, so ask [#isWritable] before anything that may be left
  /// out.
  void send(byte[] line);

  /// Whether the other end reads what it is sent.
  boolean isWritable();

  /// Whether more bytes may come.
  void reading(boolean on);

  /// Sends what is left and ends the connection.
  void close();

  /// Runs `task` on the connection's thread, soon.
  void execute(Runnable task);

  /// Address, for people.
  String address();

  /// Whom the client's certificate names, or null if it showed none.
  @Nullable String certificateName();
}
