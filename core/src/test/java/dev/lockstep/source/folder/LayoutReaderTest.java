package dev.lockstep.source.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.yaml.YamlException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LayoutReaderTest {
  static List<String> presets() {
    return FolderFormat.presets();
  }

  private static String message(String yaml) {
    try {
      LayoutReader.read(yaml, "x.yaml", LabelFormats.ALL);
      return "";
    } catch (YamlException e) {
      return e.getMessage();
    }
  }

  @ParameterizedTest
  @MethodSource("presets")
  void aKnownLayoutIsShortAndSound(String preset) {
    String yaml = FolderFormat.preset(preset);
    assertThat(yaml).startsWith("# ");
    // The first line says what it is.
    assertThat(yaml.lines().count() - 1).isBetween(5L, 15L);
    assertThat(LayoutReader.read(yaml, preset, LabelFormats.ALL).streams()).isNotEmpty();
    Layout extended = LayoutReader.read("layout: " + preset + "\n", "x.yaml", LabelFormats.ALL);
    assertThat(extended.streams().stream().map(Layout.Stream::name))
        .isEqualTo(
            LayoutReader.read(yaml, preset, LabelFormats.ALL).streams().stream()
                .map(Layout.Stream::name)
                .toList());
  }

  @Test
  void theSchemaIsJsonThatDescribesEveryKey() throws Exception {
    var schema = new ObjectMapper().readTree(FolderFormat.schema());
    assertThat(schema.path("properties").path("streams").path("items").path("required")).hasSize(2);
  }

  @Test
  void namesPlaceValueAndWhatWasExpected() {
    assertThat(
            message(
                """
                unit: sec
                streams:
                  - stream: cam0
                    modality: kamera
                    file: a/*.png
                    stamps: {name: "{stamp}.png", header: -1}
                  - modality: imu
                    optional: maybe
                labels: 3
                """))
        .isEqualTo(
            """
            x.yaml:1:1: /unit: "sec" (expected one of s, ms, us, ns, iso, gps-week)
            x.yaml:4:5: /streams/0/modality: "kamera" (expected one of lidar, camera, video, radar, imu, gnss, pose, labels, other)
            x.yaml:5:5: /streams/0/file: unknown key file (expected one of stream, modality, files, content, fields, optional, turns, stamps)
            x.yaml:6:35: /streams/0/stamps/header: -1 (expected minimum 0)
            x.yaml:7:5: /streams/1: no stream (expected one)
            x.yaml:8:5: /streams/1/optional: "maybe" (expected true or false)
            x.yaml:9:1: /labels: 3 (expected a list)\
            """);
  }

  @Test
  void tellsWhatNoSchemaCanSay() {
    assertThat(
            message(
                """
                streams:
                  - {stream: a, modality: imu}
                  - {stream: "b*", modality: imu, stamps: {list: b.csv}}
                  - {stream: c, modality: imu, stamps: {list: ../c.csv, npy: c.npy}}
                  - {stream: d, modality: camera, files: d/*.png, stamps: {name: "{time}.png"}}
                  - {stream: e, modality: camera, files: e/*.png, stamps: {regex: "(?<stamp>"}}
                  - {stream: f, modality: camera, files: f/*.png, stamps: {name: "f.png", line: "{stamp}"}}
                  - {stream: g, modality: gnss, stamps: {list: g.csv, unit: gps-week, column: 2}}
                  - {stream: h, modality: lidar, files: h/*.bin, fields: [x, y], content: bin}
                  - {stream: a, modality: imu, stamps: {npy: a, unit: iso}}
                  - {stream: i, modality: imu, stamps: {npy: a, column: time, first: 3}}
                  - {stream: j, modality: camera, files: j/*, stamps: {list: j.txt, together: true}}
                labels:
                  - {format: nonsense, file: a.txt}
                calibration:
                  - {sensor: a, translation: [0, 0, 0], matrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]}
                """))
        .isEqualTo(
            """
            x.yaml:2:5: /streams/0: neither files nor a list (expected files, stamps.list or stamps.npy)
            x.yaml:3:6: /streams/1/stream: b* (expected a plain name, or {stream} in its paths)
            x.yaml:4:32: /streams/2/stamps: list and npy (expected one of them)
            x.yaml:4:41: /streams/2/stamps/list: ../c.csv (expected a path below the folder, without ..)
            x.yaml:5:60: /streams/3/stamps/name: {time}.png: {time} (expected {stamp}, {seconds} and {nanoseconds}, or {number}, each once)
            x.yaml:6:60: /streams/4/stamps/regex: (?<stamp>: Unclosed group at 9 (expected {stamp}, {seconds} and {nanoseconds}, or {number}, each once)
            x.yaml:7:60: /streams/5/stamps/name: f.png (expected {stamp}, {seconds} and {nanoseconds}, or {number})
            x.yaml:7:75: /streams/5/stamps/line: line without a list (expected list)
            x.yaml:8:71: /streams/6/stamps/column: 2 (expected two columns: week, seconds)
            x.yaml:9:50: /streams/7/fields: x, y (expected x, y and z among them)
            x.yaml:10:6: /streams/8/stream: a (expected a name that no other stream has)
            x.yaml:10:32: /streams/8/stamps: unit iso of numbers (expected s, ms, us, ns or gps-week)
            x.yaml:11:49: /streams/9/stamps/column: "time" (expected a number: arrays have no names)
            x.yaml:11:63: /streams/9/stamps/first: first (expected a list or npy, and name with {number})
            x.yaml:12:69: /streams/10/stamps/together: together (expected a list or npy without files)
            x.yaml:14:6: /labels/0/format: nonsense (expected one of av2, cvat, darwin, kitti-tracking, kitti-tracklets, label-log, label-studio, label-table, mot, openlabel, scalabel, scale, waymo)
            x.yaml:16:41: /calibration/0/matrix: matrix and quaternion or translation (expected one of them)\
            """);
  }

  @Test
  void whatIsNoYamlIsSaidWithItsPlace() {
    assertThat(message("streams:\n  - {stream: a\nunit: s\n"))
        .startsWith("x.yaml:3:")
        .contains("expected YAML");
    assertThat(message("")).isEqualTo("x.yaml:1:1: nothing (expected a layout)");
    assertThat(message("a: 1\n"))
        .contains("x.yaml:1:1: /a: unknown key a (expected one of layout,");
    assertThat(message("unit: s\nunit: ms\n")).contains("unit twice (expected each key once)");
    assertThat(message("unit: &u s\nepoch: *u\n")).contains("anchor &u (expected no aliases)");
    assertThat(message("unit: !own s\n")).isEqualTo("x.yaml:1:7: tag !own (expected no tags)");
    assertThat(message("layout: eurok\n"))
        .isEqualTo(
            "x.yaml:1:1: /layout: eurok (expected one of boreas, comma2k19, euroc, radiate,"
                + " tum-rgbd)");
    assertThat(message("[".repeat(5000))).contains("expected YAML");
    assertThat(message("unit: s\u0000\n")).contains("expected YAML");
    assertThat(message("streams: []\n")).isEmpty();
    assertThat(message("unit: s\n"))
        .isEqualTo("x.yaml:1:1: no streams (expected streams, labels or layout)");
  }

  @Test
  void anOwnStreamReplacesThatOfTheKnownLayout() {
    Layout layout =
        LayoutReader.read(
            """
            layout: euroc
            streams:
              - {stream: "imu*", modality: imu, stamps: {list: "{stream}.csv"}, optional: true}
            """,
            "x.yaml",
            LabelFormats.ALL);
    assertThat(layout.streams().stream().map(Layout.Stream::name))
        .containsExactly("cam*", "*groundtruth*", "imu*");
    assertThat(layout.streams().getLast().stamps().path()).isEqualTo("{stream}.csv");
  }

  @Test
  void anUnknownPresetListsTheKnownOnes() {
    assertThatThrownBy(() -> FolderFormat.preset("x"))
        .hasMessage("unknown layout: x (known: boreas, comma2k19, euroc, radiate, tum-rgbd)");
  }
}
