package dev.lockstep.synth;

import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.fault.Injection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Every fixture of the project and how it is made, byte for byte.
///
/// `mvn test -Dtest=FixturesTest -Dfixtures.write=true` writes them anew.
final class Fixtures {
  /// Small enough to keep: 4 beams, images of 64 x 48.
  private static final SynthOptions SMALL =
      SynthOptions.DEFAULT
          .withSeed(7)
          .withCloud(4, 72)
          .withImages(64, 48)
          .withJpegQuality(40)
          .withRange(32)
          .withRates(50, 20);

  private static final McapSettings PLAIN = McapSettings.DEFAULT.withChunkBytes(128 << 10);

  /// One fixture: its folder, and what fills it.
  ///
  /// @param folder relative to the fixtures
  /// @param about what it is, a sentence or two
  record Fixture(String folder, String about, Filling filling) {
    /// Writes recording, `expected.json` and `README.md`.
    void writeTo(Path root) throws IOException {
      Path target = root.resolve(folder);
      Files.createDirectories(target);
      String recording = filling.write(target);
      StringBuilder readme = new StringBuilder("# ").append(folder).append("\n\n");
      readme.append(about).append('\n');
      readme.append("\nMade by `synth`, not recorded: every value is known. ");
      readme.append("`expected.json` lists the faults that were planted in `").append(recording);
      readme.append("`.\n");
      Files.writeString(target.resolve("README.md"), readme.toString());
    }
  }

  /// Fills a folder and returns the name of the recording in it.
  interface Filling {
    String write(Path folder) throws IOException;
  }

  private static final List<Fixture> RECORDINGS =
      List.of(
          new Fixture(
              "mcap/demo-drive",
              """
              Ten seconds of a drive with one LiDAR, two cameras, one H.264 video, an IMU, poses, and \
              3D and 2D labels, in which several faults were planted.\
              """,
              mcap(
                  "drive.mcap",
                  SMALL,
                  PLAIN,
                  fault("drop-messages", 1, "stream", Drive.LIDAR, "at", "31", "count", "3"),
                  fault("doublet", 2, "stream", Drive.VIDEO_REAR, "at", "141", "periods", "0.3"),
                  fault("frozen-image", 3, "stream", Drive.CAMERA_LEFT, "at", "120", "count", "4"),
                  fault("category-flip", 4, "stream", Drive.LABELS_3D, "at", "18"),
                  fault("identity-switch", 5, "stream", Drive.LABELS_3D, "at", "55"),
                  fault("teleport", 6, "stream", Drive.LABELS_3D, "at", "85"),
                  fault("jpeg-without-end", 7, "stream", Drive.CAMERA_FRONT, "at", "44"),
                  fault("flip-payload-bit", 9, "stream", Drive.LIDAR, "at", "93"))),
          new Fixture(
              "mcap/clean-drive",
              "Six seconds of the same drive without any fault.",
              mcap("drive.mcap", SMALL.withSeconds(6), PLAIN)),
          new Fixture(
              "mcap/clean-unchunked",
              "Three seconds without a fault, written without chunks and with a CRC over all data.",
              mcap(
                  "drive.mcap",
                  SMALL.withSeed(11).withSeconds(3),
                  PLAIN.withChunkBytes(0).withCrcs(false, true, true))),
          new Fixture(
              "mcap/clean-lz4",
              "Three seconds without a fault in LZ4 chunks.",
              mcap("drive.mcap", SMALL.withSeed(12).withSeconds(3), PLAIN.withCompression("lz4"))),
          new Fixture(
              "mcap/clean-zstd",
              "Three seconds without a fault in zstd chunks.",
              mcap("drive.mcap", SMALL.withSeed(13).withSeconds(3), PLAIN.withCompression("zstd"))),
          new Fixture(
              "kitti/clean-tracking",
              "Eighty frames of KITTI tracking labels, calibration and oxts without a fault.",
              folder -> {
                new KittiTracking(5, 80, 45).write(folder, 0);
                Files.writeString(
                    folder.resolve(Injector.EXPECTED), Injector.expectedJson(".", List.of()));
                return ".";
              }),
          new Fixture(
              "kitti/faulty-tracking",
              "The same labels with an identity switch, a category flip and a blink.",
              folder -> {
                new KittiTracking(5, 80, 45).write(folder, 0);
                List<Injection> injections =
                    KittiLabels.plant(
                        folder.resolve("label_02/0000.txt"),
                        folder,
                        List.of(
                            fault("category-flip", 1),
                            fault("identity-switch", 2),
                            fault("blink", 5)));
                Files.writeString(
                    folder.resolve(Injector.EXPECTED), Injector.expectedJson(".", injections));
                return ".";
              }));

  static final List<Fixture> ALL =
      Stream.concat(
              RECORDINGS.stream(),
              LabelFormats.ALL.stream()
                  .filter(format -> format.isWritable() && format.standsAlone())
                  .map(LabelFixtures::of))
          .toList();

  private Fixtures() {}

  static FaultSpec fault(String name, long seed, String... settings) {
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      map.put(settings[i], settings[i + 1]);
    }
    return new FaultSpec(name, seed, map);
  }

  private static Filling mcap(
      String name, SynthOptions options, McapSettings settings, FaultSpec... faults) {
    return folder -> {
      List<Injection> injections =
          new ArrayList<>(Injector.drive(folder.resolve(name), options, settings, List.of(faults)));
      Files.writeString(folder.resolve(Injector.EXPECTED), Injector.expectedJson(name, injections));
      return name;
    };
  }
}
