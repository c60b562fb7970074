package dev.lockstep.client;

/// Told how sending goes, on the threads of the client.
public interface SendListener {
  /// Tells nobody.
  SendListener NONE =
      new SendListener() {
        @Override
        public void progress(long durable, long known) {}

        @Override
        public void finding(String line) {}

        @Override
        public void note(String text) {}
      };

  /// `durable` of the `known` bytes are safe at the server.
  void progress(long durable, long known);

  /// The server found something: its line.
  void finding(String line);

  /// Something a person may want to know.
  void note(String text);
}
