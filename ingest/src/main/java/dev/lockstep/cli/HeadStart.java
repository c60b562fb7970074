package dev.lockstep.cli;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.ZstdDecoder;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/// Sets up beside the parsing of the command line what a check needs right after it.
///
/// Nothing depends on whether it is done in time, or at all.
final class HeadStart implements Runnable {
  /// Where a recording that is compressed says so first, in bytes.
  private static final int GLANCE_BYTES = 4096;

  private final String[] args;

  private HeadStart(String[] args) {
    this.args = args;
  }

  static void begin(String[] args) {
    Thread thread = new Thread(new HeadStart(args), "lockstep-head-start");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    // The first access to foreign memory makes classes of its own.
    VarHandle _ = ValueLayout.JAVA_LONG_UNALIGNED.varHandle();
    if (mentionsZstd()) {
      // Its native library has to be unpacked: all threads that scan would wait for that.
      new ZstdDecoder().close();
    }
    int _ = Checks.ALL.size();
    int _ = Formats.ALL.size();
  }

  /// Whether a file that is named begins like one with zstd in it.
  private boolean mentionsZstd() {
    for (String arg : args) {
      // A pipe would lose what is read here.
      if (!new File(arg).isFile()) {
        continue;
      }
      try (InputStream file = new FileInputStream(arg)) {
        byte[] head = file.readNBytes(GLANCE_BYTES);
        if (new String(head, StandardCharsets.ISO_8859_1).contains(Decompressors.ZSTD)) {
          return true;
        }
      } catch (IOException e) {
        // The check itself will tell.
      }
    }
    return false;
  }
}
