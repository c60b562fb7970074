package dev.lockstep.cli;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Sets up beside the parsing of the command line what a check needs right after it.
///
/// Nothing depends on whether it is done in time, or at all.
final class HeadStart implements Runnable {
  private HeadStart() {}

  static void begin() {
    Thread thread = new Thread(new HeadStart(), "lockstep-head-start");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    // The first access to foreign memory makes classes of its own.
    VarHandle _ = ValueLayout.JAVA_LONG_UNALIGNED.varHandle();
    int _ = Checks.ALL.size();
    int _ = Formats.ALL.size();
  }
}
