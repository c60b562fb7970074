package dev.lockstep.cli;

import dev.lockstep.engine.Progress;

/// One line on standard error that says how far a run has come; nothing where standard error is no
/// terminal.
final class ProgressLine implements AutoCloseable {
  /// Ten times a second is as often as anyone reads.
  private static final long STEP_NS = 100_000_000L;

  private final boolean shown;
  private long nextNs = System.nanoTime() + STEP_NS;
  private int width;

  private ProgressLine(boolean shown) {
    this.shown = shown;
  }

  static ProgressLine onTerminal() {
    return new ProgressLine(Terminal.isInteractive());
  }

  /// Progress of one recording.
  Progress of(String name) {
    if (!shown) {
      return (done, total) -> {};
    }
    return (done, total) -> {
      long now = System.nanoTime();
      if (now - nextNs >= 0 && total > 0) {
        nextNs = now + STEP_NS;
        show(name + "  " + done * 100 / total + " %");
      }
    };
  }

  private void show(String line) {
    System.err.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
    System.err.flush();
    width = line.length();
  }

  /// Takes the line away, so that other text may be written.
  void clear() {
    if (width > 0) {
      System.err.print("\r" + " ".repeat(width) + "\r");
      System.err.flush();
      width = 0;
    }
  }

  @Override
  public void close() {
    clear();
  }
}
