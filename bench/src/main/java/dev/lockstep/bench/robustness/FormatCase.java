package dev.lockstep.bench.robustness;

import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.synth.Drive;
import dev.lockstep.synth.EurocFolder;
import dev.lockstep.synth.Injector;
import dev.lockstep.synth.McapOutput;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.NuscenesDrive;
import dev.lockstep.synth.NuscenesFaults;
import dev.lockstep.synth.NuscenesSet;
import dev.lockstep.synth.RecordingOutput;
import dev.lockstep.synth.Rosbag1Output;
import dev.lockstep.synth.Rosbag2Output;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.fault.Injection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A recording of one format with a fault in one place.
///
/// @param name the format, and what is wrong
/// @param writer writes it into a folder
record FormatCase(String name, Writer writer) {
  private static final int LABELLED_FRAMES = 600;

  /// Frames of a segment of 20 s, as the data set has them.
  private static final int WAYMO_FRAMES = 200;

  private static final int CHUNK_BYTES = 768 << 10;
  private static final int PAGE_BYTES = 4096;

  /// What was written.
  ///
  /// @param path where it is
  /// @param checks what is to find the fault, by ids
  record Made(Path path, List<String> checks) {
    /// Copies the list.
    Made {
      checks = List.copyOf(checks);
    }

    private static Made of(Path path, Injection injection) {
      return new Made(path, injection.expected());
    }
  }

  /// Writes a recording into an empty folder.
  interface Writer {
    Made write(Path folder) throws IOException;
  }

  private interface Opening {
    RecordingOutput open(Path path) throws IOException;
  }

  /// One of each format that can be written and cut, label formats last.
  ///
  /// @param seconds length of those with sensors
  static List<FormatCase> all(double seconds) {
    SynthOptions options = SynthOptions.DEFAULT.withSeed(1).withSeconds(seconds);
    FaultSpec lost =
        new FaultSpec("drop-messages", 1, Map.of("stream", Drive.LIDAR, "at", "93", "count", "3"));
    FaultSpec cut =
        new FaultSpec("jpeg-without-end", 2, Map.of("stream", Drive.CAMERA_FRONT, "at", "44"));
    List<FormatCase> all = new ArrayList<>();
    for (FaultSpec fault : List.of(lost, cut)) {
      String name = " " + fault.name();
      all.add(
          drive(
              "mcap" + name,
              "drive.mcap",
              path -> new McapOutput(path, McapSettings.DEFAULT),
              options,
              fault));
      for (String compression : List.of("none", "lz4", "bz2")) {
        all.add(
            drive(
                "rosbag1 " + compression + name,
                "drive.bag",
                path -> new Rosbag1Output(path, compression, CHUNK_BYTES),
                options,
                fault));
      }
      all.add(
          drive(
              "rosbag2" + name,
              "drive",
              path -> new Rosbag2Output(path, PAGE_BYTES, 4000),
              options,
              fault));
    }
    for (FaultSpec fault :
        List.of(
            new FaultSpec("stamp-off-name", 4, Map.of("at", "61", "us", "50000")),
            new FaultSpec("missing-file", 5, Map.of("at", "100")),
            new FaultSpec("broken-chain", 2, Map.of("table", "sample", "at", "4")),
            new FaultSpec(
                "dangling-token",
                3,
                Map.of("table", "sample_data", "field", "ego_pose_token", "at", "90")))) {
      all.add(
          new FormatCase(
              "nuscenes " + fault.name(),
              folder -> {
                NuscenesSet set = new NuscenesDrive(options, (int) (10 * seconds), true).make(1);
                Injection injection = NuscenesFaults.plant(set, fault);
                set.write(folder.resolve("set"));
                return Made.of(folder.resolve("set"), injection);
              }));
    }
    all.add(
        new FormatCase(
            "folder row-garbled",
            folder -> {
              Path drive = folder.resolve("drive");
              new EurocFolder(1, (int) (20 * seconds)).writeFaulty(drive);
              return new Made(drive, List.of("INT028"));
            }));
    all.addAll(VideoCut.all(seconds));
    all.add(
        new FormatCase(
            "waymo box-inverted",
            folder ->
                new Made(LabelledCut.frames(WAYMO_FRAMES, folder), List.of("LAB001", "LAB011"))));
    for (LabelFormat format : LabelFormats.ALL) {
      if (format.isWritable() && format.standsAlone()) {
        all.add(
            new FormatCase(
                format.name() + " box-inverted",
                folder ->
                    new Made(
                        LabelledCut.write(format, LABELLED_FRAMES, folder),
                        List.of("LAB001", "LAB011"))));
      }
    }
    return all;
  }

  private static FormatCase drive(
      String name, String file, Opening opening, SynthOptions options, FaultSpec fault) {
    return new FormatCase(
        name,
        folder -> {
          Path path = Files.createDirectories(folder).resolve(file);
          try (RecordingOutput out = opening.open(path)) {
            return Made.of(path, Injector.drive(out, options, List.of(fault)).getFirst());
          }
        });
  }
}
