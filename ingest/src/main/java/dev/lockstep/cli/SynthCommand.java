package dev.lockstep.cli;

import dev.lockstep.synth.BulkDrive;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.synth.SynthRun;
import dev.lockstep.synth.encode.LabelCoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `lockstep synth`: makes a recording of which everything is known.
@Command(
    name = "synth",
    description = "Makes a synthetic drive with exact truth, or bulk data for benchmarks (MCAP).")
final class SynthCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Kind kind = new Kind();

  /// What is made; exactly one is given.
  static final class Kind {
    @Option(
        names = "--seconds",
        paramLabel = "S",
        description = "A drive of S seconds: LiDAR, two cameras, video, IMU, poses, labels.")
    private @Nullable Double seconds;

    @Option(
        names = "--bytes",
        paramLabel = "SIZE",
        description = "Bulk data of about SIZE (1GB, 500MB): large clouds, six cameras, IMU.")
    private @Nullable String bytes;

    @Option(names = "--messages", paramLabel = "N", description = "N small messages of one stream.")
    private @Nullable Long messages;
  }

  @Option(
      names = "--message-bytes",
      paramLabel = "B",
      description = "With --messages: bytes of each. Default: 100.")
  private int messageBytes = 100;

  @Option(
      names = "--compression",
      paramLabel = "NAME",
      description = "Of chunks: none (default), lz4 or zstd.")
  private String compression = "none";

  @Option(
      names = "--labels",
      paramLabel = "CODING",
      description =
          "With --seconds: labels as json (default), scene (Foxglove SceneUpdate and"
              + " ImageAnnotations) or detections (vision_msgs).")
  private String labels = "json";

  @Option(
      names = "--calibration",
      description = "With --seconds: also /tf_static, and a CameraInfo with each image.")
  private boolean calibration;

  @Option(names = "--seed", paramLabel = "N", description = "Decides everything. Default: 1.")
  private long seed = 1;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "File to write.")
  private Path out = Path.of("");

  @Override
  public Integer call() {
    try {
      SynthRun.Result result = write();
      System.out.printf(
          Locale.ROOT,
          "%s: %d messages, %d payload bytes, %d bytes%n",
          out,
          result.messages(),
          result.payloadBytes(),
          result.fileBytes());
      return ExitCode.CLEAN;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      Messages.error(Messages.reason(e));
      return ExitCode.INPUT_OUTPUT;
    }
  }

  private SynthRun.Result write() throws IOException {
    Double seconds = kind.seconds;
    if (seconds != null) {
      SynthOptions options = SynthOptions.DEFAULT.withSeed(seed).withSeconds(seconds);
      McapSettings settings = McapSettings.DEFAULT.withCompression(compression);
      LabelCoding coding = LabelCoding.named(labels);
      if (!calibration) {
        return SynthRun.drive(out, options, settings, coding);
      }
      return SynthRun.calibratedDrive(out, options, settings, coding);
    }
    Long messages = kind.messages;
    BulkDrive bulk =
        messages != null
            ? BulkDrive.ofMessages(seed, messages, messageBytes)
            : BulkDrive.ofBytes(seed, Quantities.bytes("--bytes", String.valueOf(kind.bytes)));
    return SynthRun.bulk(out, bulk, BulkDrive.settings(compression));
  }
}
