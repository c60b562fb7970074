package dev.lockstep.bench.ingest;

import dev.lockstep.bench.files.Folders;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What following costs a recorder: one that writes at a fixed rate, alone and with `lockstep
/// watch` beside it.
///
/// ```text
/// ./lockstep bench sidecar \
///     [MEGABYTES_A_SECOND [SECONDS [FOLDER [OPTION_OF_WATCH...]]]]
/// ```
///
/// The default is 200 MB/s for 60 s (12 GB, deleted afterwards). Runs alternate, two of each kind,
/// so that the drift of the machine shows. Linux only: figures come from `/proc`.
public final class SidecarLoad {
  private static final int RUNS = 2;

  private SidecarLoad() {}

  /// What one run gave.
  ///
  /// @param writtenBytes bytes that the recorder wrote
  /// @param seconds time that it took
  /// @param latencyNanos p50, p99, p99.9 and longest of its writes
  /// @param cpuSeconds processor time of the sidecar while the recorder wrote, 0 without
  /// @param cpuWholeSeconds the same from its start to its end
  /// @param privateBytes most private memory of the sidecar
  /// @param verdictSeconds from the recorder's last byte to the verdict
  /// @param verdict the verdict, empty without a sidecar
  public record Run(
      long writtenBytes,
      double seconds,
      List<Long> latencyNanos,
      double cpuSeconds,
      double cpuWholeSeconds,
      long privateBytes,
      double verdictSeconds,
      String verdict) {
    /// Megabytes that the recorder wrote a second.
    public double rate() {
      return writtenBytes / 1e6 / seconds;
    }

    /// Share of one core that the sidecar took while the recorder wrote.
    public double share() {
      return cpuSeconds / seconds;
    }
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    int rate = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 60;
    Path folder =
        Files.createTempDirectory(
            Path.of(args.length > 2 ? args[2] : System.getProperty("java.io.tmpdir")),
            "lockstep-load-");
    String[] options =
        args.length > 3
            ? List.of(args).subList(3, args.length).toArray(String[]::new)
            : new String[0];
    try (PrintWriter out =
        new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)) {
      out.println(
          "sidecar  MB/s  p50 us  p99 us  p99.9 us  max ms | core while writing  whole s"
              + "  private MB  verdict after s");
      for (int i = 0; i < RUNS; i++) {
        for (boolean beside : new boolean[] {false, true}) {
          Run run = run(folder, rate, seconds, beside, options);
          out.printf(
              Locale.ROOT,
              "%-7s %5.0f  %6.0f  %6.0f  %8.0f  %6.1f | %17.1f%%  %7.1f  %10.0f  %8.2f %s%n",
              beside ? "yes" : "no",
              run.rate(),
              run.latencyNanos().get(0) / 1e3,
              run.latencyNanos().get(1) / 1e3,
              run.latencyNanos().get(2) / 1e3,
              run.latencyNanos().get(3) / 1e6,
              100 * run.share(),
              run.cpuWholeSeconds(),
              run.privateBytes() / 1e6,
              run.verdictSeconds(),
              run.verdict());
        }
      }
    } finally {
      Folders.delete(folder);
    }
  }

  /// One run in `folder`, which is as it was afterwards.
  ///
  /// @param beside whether a sidecar looks on
  /// @param options further options of the sidecar
  public static Run run(Path folder, int rate, int seconds, boolean beside, String... options)
      throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory(folder, "run-");
    Path recordings = Files.createDirectory(scratch.resolve("recordings"));
    Path out = Files.createFile(scratch.resolve("out"));
    Path file = recordings.resolve("bulk.mcap");
    Path result = scratch.resolve("result");
    @Nullable Process sidecar = null;
    Process recorder =
        Children.java(
                "-Xmx900m",
                "dev.lockstep.bench.ingest.PacedRecorder",
                file.toString(),
                Integer.toString(rate),
                Integer.toString(seconds),
                result.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      if (beside) {
        sidecar =
            Children.watch(
                    recordings, scratch.resolve("state"), out, scratch.resolve("err"), options)
                .start();
      }
      while (!Files.exists(file)) {
        Thread.sleep(5);
        if (!recorder.isAlive()) {
          throw new IOException("the recorder ended with " + recorder.waitFor());
        }
      }
      double cpuBefore = sidecar == null ? 0 : cpuSeconds(sidecar.pid());
      long most = 0;
      while (recorder.isAlive()) {
        Thread.sleep(250);
        most = sidecar == null ? 0 : Math.max(most, privateBytes(sidecar.pid()));
      }
      Children.succeed(recorder, "the recorder");
      long endNanos = System.nanoTime();
      double cpuSeconds = 0;
      double cpuWhole = 0;
      double verdictSeconds = 0;
      String verdict = "";
      if (sidecar != null) {
        cpuSeconds = cpuSeconds(sidecar.pid()) - cpuBefore;
        verdict = awaitVerdict(out, sidecar);
        verdictSeconds = (System.nanoTime() - endNanos) / 1e9;
        cpuWhole = cpuSeconds(sidecar.pid());
        most = Math.max(most, privateBytes(sidecar.pid()));
      }
      String[] figures = Files.readString(result).split(" ", -1);
      return new Run(
          Long.parseLong(figures[0]),
          Double.parseDouble(figures[1]),
          List.of(
              Long.parseLong(figures[3]),
              Long.parseLong(figures[4]),
              Long.parseLong(figures[5]),
              Long.parseLong(figures[6])),
          cpuSeconds,
          cpuWhole,
          most,
          verdictSeconds,
          verdict);
    } finally {
      recorder.destroyForcibly().waitFor();
      if (sidecar != null) {
        sidecar.destroyForcibly().waitFor();
      }
      Folders.delete(scratch);
    }
  }

  private static String awaitVerdict(Path out, Process sidecar)
      throws IOException, InterruptedException {
    while (true) {
      for (String line : Files.readAllLines(out)) {
        int at = line.indexOf("\"verdict\":\"");
        if (line.contains("\"event\":\"verdict\"") && at > 0) {
          return line.substring(at + 11, line.indexOf('"', at + 11));
        }
      }
      if (!sidecar.isAlive()) {
        throw new IOException("watch ended with " + sidecar.waitFor());
      }
      Thread.sleep(20);
    }
  }

  /// User and system time of a process: fields 14 and 15 of `/proc/PID/stat`, in hundredths.
  private static double cpuSeconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
  }

  /// What is the process's own, and not the page cache that it has mapped.
  private static long privateBytes(long pid) throws IOException {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup"))) {
        if (line.startsWith("Private_Dirty:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (NoSuchFileException e) {
      // It has ended.
      return 0;
    }
    return 0;
  }
}
