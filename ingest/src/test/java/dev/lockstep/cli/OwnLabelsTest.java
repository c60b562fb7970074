package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lockstep.synth.encode.JpegEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The way of the README from images, stamps and labels of one's own to a verdict, with the script
/// beside the clients.
class OwnLabelsTest {
  private static final int IMAGES = 40;
  private static final long PERIOD_US = 100_000;
  private static final long BEGIN_US = 1_772_442_001_050_005L;

  /// Where one track is called something else.
  private static final int FLIPPED = 25;

  @TempDir private Path folder;

  @BeforeEach
  void make() throws IOException {
    StringBuilder stamps = new StringBuilder("image,time_us\n");
    JpegEncoder jpeg = new JpegEncoder(64, 48, 50);
    Files.createDirectory(folder.resolve("images"));
    for (int i = 0; i < IMAGES; i++) {
      byte[] pixels = new byte[64 * 48];
      Arrays.fill(pixels, (byte) (5 * i));
      Files.write(folder.resolve("images/" + i + ".jpg"), jpeg.encode(pixels));
      stamps.append(i).append(".jpg,").append(BEGIN_US + i * PERIOD_US).append('\n');
    }
    write("stamps.csv", stamps.toString());
    write(
        "lockstep.yaml",
        """
        streams:
          - stream: front
            modality: camera
            files: images/*.jpg
            stamps: {list: stamps.csv, column: time_us, file: image, unit: us}
        """);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private static String category(int image) {
    return image == FLIPPED ? "truck" : "car";
  }

  private void convert(String... labels) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3", "clients/python/labels.py", "front"));
    command.addAll(List.of(folder.resolve("stamps.csv").toString(), "us"));
    command.addAll(List.of(labels));
    Path errors = folder.resolve("errors");
    Process python;
    try {
      python =
          new ProcessBuilder(command)
              .redirectOutput(folder.resolve("labels.jsonl").toFile())
              .redirectError(errors.toFile())
              .start();
    } catch (IOException e) {
      assumeTrue(false, "there is no python3");
      throw e;
    }
    assertThat(python.waitFor()).as(Files.readString(errors)).isZero();
  }

  private void findsTheFlip() {
    CommandRun check = CommandRun.of("check", "--select", "LAB", folder);
    assertThat(check.out())
        .contains("error LAB001 category-flips: category flips: category car -> truck -> car")
        .contains("at front, track 7, ", "frame 25, stamp 1772442003550005000 ns, labels.jsonl")
        .contains("0 clean, 0 suspicious, 1 faulty; 1 error, 0 warnings");
  }

  @Test
  void rowsOfCsvKeepTheirAnnotator() throws Exception {
    StringBuilder csv = new StringBuilder("image,track,category,annotator,left,top,right,bottom\n");
    for (int i = 0; i < IMAGES; i++) {
      csv.append("%d.jpg,7,%s,ada,%d,12,%d,24%n".formatted(i, category(i), 4 + i, 24 + i));
    }
    write("labels.csv", csv.toString());
    convert(folder.resolve("labels.csv").toString());
    findsTheFlip();
    assertThat(CommandRun.of("check", folder).out())
        .contains("layout does not name: errors, labels.csv\n");
    assertThat(CommandRun.of("trace", folder, "--track", "7", "--frame", "12").out())
        .contains("annotator: ada; edited: not recorded;")
        .contains("front message 12: stamp 1772442002250005000 ns, +0.000 ms from the label")
        .contains("images/12.jpg, byte 0+");
  }

  @Test
  void cocoWithTrackIdsIsRead() throws Exception {
    List<String> images = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      images.add("{\"id\": %d, \"file_name\": \"images/%d.jpg\"}".formatted(i, i));
      labels.add(
          "{\"image_id\": %d, \"category_id\": %d, \"track_id\": 7, \"bbox\": [%d, 12, 20, 12]}"
              .formatted(i, i == FLIPPED ? 2 : 1, 4 + i));
    }
    write(
        "coco.json",
        "{\"images\": %s, \"annotations\": %s, \"categories\": [%s, %s]}"
            .formatted(
                images,
                labels,
                "{\"id\": 1, \"name\": \"car\"}",
                "{\"id\": 2, \"name\": \"truck\"}"));
    convert(folder.resolve("coco.json").toString());
    findsTheFlip();
  }

  @Test
  void yoloHasNoTracksAndIsReadAllTheSame() throws Exception {
    Path yolo = Files.createDirectory(folder.resolve("yolo"));
    for (int i = 0; i < IMAGES; i++) {
      if (i != FLIPPED) {
        double middle = (14.0 + i) / 64;
        Files.writeString(yolo.resolve(i + ".txt"), "0 " + middle + " 0.375 0.3125 0.25\n");
      }
    }
    convert(yolo.toString(), "64x48", "car,truck");
    List<String> log = Files.readAllLines(folder.resolve("labels.jsonl"), StandardCharsets.UTF_8);
    assertThat(log).hasSize(IMAGES);
    assertThat(log.get(1)).contains("\"box2d\": [4.0, 12.0, 24.0, 24.0], \"category\": \"car\"");
    assertThat(CommandRun.of("check", folder).out()).contains(" 39 boxes, ");
  }
}
