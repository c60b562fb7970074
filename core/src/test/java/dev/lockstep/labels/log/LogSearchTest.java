package dev.lockstep.labels.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.WantedRows;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is found in a log is what a read of all of it gives.
class LogSearchTest {
  private static final long FIRST_NS = 1_700_000_000_000_000_000L;
  private static final long STEP_NS = 100_000_000L;
  private static final int FRAMES = 12;

  @Test
  void findsWhatAReadOfAllGives() {
    int found = 0;
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      LabelInput log = input(log(random));
      List<LabelSet> all = new LabelLog().read(log, _ -> {}).sets();
      for (int n = 0; n < 20; n++) {
        WantedRows wanted = wanted(random);
        List<LabelSet> some = LabelLog.find(log, wanted, 1 + random.nextInt(4000));
        if (some != null) {
          assertThat(texts(some, wanted))
              .as("seed %d, %s", seed, wanted)
              .isEqualTo(texts(all, wanted));
          found += texts(all, wanted).lines().count() > some.size() ? 1 : 0;
        }
      }
    }
    assertThat(found).isGreaterThan(200);
  }

  @Test
  void findsInATableWhatAReadOfAllGives(@TempDir Path folder) throws IOException {
    int found = 0;
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      LabelSet rows = new LabelSet("s", LabelSet.Frame.SENSOR, StampSource.COLUMN);
      for (int row = 0; row < 150; row++) {
        int frame = random.nextInt(FRAMES);
        int added =
            rows.add(
                FIRST_NS + frame * STEP_NS, frame, "t" + random.nextInt(4), "car", "x.json", row);
        if (random.nextBoolean()) {
          // The same label at several times: the highest revision counts, wherever it stands.
          rows.details().setLabelId(added, "l" + random.nextInt(9));
          rows.details().setRevision(added, random.nextInt(5));
        }
      }
      rows.seal();
      Path file = folder.resolve(seed + ".arrow");
      LabelTableFile.write(rows, file);
      byte[] written = Files.readAllBytes(file);
      MemorySegment bytes = Arena.ofAuto().allocate(written.length, Long.BYTES);
      LabelInput table = LabelInput.of(file, bytes.copyFrom(MemorySegment.ofArray(written)));
      List<LabelSet> all = new LabelTableFile().read(table, _ -> {}).sets();
      for (int n = 0; n < 20; n++) {
        WantedRows wanted = wanted(random);
        List<LabelSet> some = new LabelTableFile().find(table, wanted);
        assertThat(some).isNotNull();
        assertThat(texts(some, wanted))
            .as("seed %d, %s", seed, wanted)
            .isEqualTo(texts(all, wanted));
        found += texts(all, wanted).lines().count() > 1 ? 1 : 0;
      }
    }
    assertThat(found).isGreaterThan(100);
  }

  /// A member that nobody knows makes a line one that is not plain.
  @Test
  void plainEventsAreReadAsAnyJson() {
    for (int seed = 0; seed < 60; seed++) {
      String plain = log(new Random(seed));
      StringBuilder other = new StringBuilder();
      plain
          .lines()
          .forEach(line -> {
            int end = line.lastIndexOf('}');
            boolean event = end > 2 && !line.contains("lockstep.label-log");
            other.append(event ? line.substring(0, end) + ",\"x\":0" + line.substring(end) : line);
            other.append('\n');
          });
      WantedRows all = new WantedRows(Long.MIN_VALUE, Long.MAX_VALUE, -1, -1, null);
      List<String> faults = new ArrayList<>();
      List<String> otherFaults = new ArrayList<>();
      LabelFormat.Reading read =
          new LabelLog().read(input(plain), fault -> faults.add(fault.evidence().toString()));
      LabelFormat.Reading again =
          new LabelLog()
              .read(input(other.toString()), fault -> otherFaults.add(fault.evidence().toString()));
      assertThat(texts(again.sets(), all)).as("seed %d", seed).isEqualTo(texts(read.sets(), all));
      assertThat(again.notes()).isEqualTo(read.notes());
      assertThat(again.examined()).isEqualTo(read.examined());
      assertThat(otherFaults).hasSameSizeAs(faults);
    }
  }

  private static LabelInput input(String log) {
    return LabelInput.of(
        Path.of("l.jsonl"), MemorySegment.ofArray(log.getBytes(StandardCharsets.UTF_8)));
  }

  private static WantedRows wanted(Random random) {
    long from = FIRST_NS + random.nextInt(FRAMES) * STEP_NS;
    String track = random.nextBoolean() ? null : "t" + random.nextInt(4);
    return switch (random.nextInt(5)) {
      case 0 -> new WantedRows(from, from, -1, -1, track);
      case 1 -> new WantedRows(from, from + 3 * STEP_NS, -1, -1, null);
      case 2 -> new WantedRows(Long.MIN_VALUE, Long.MAX_VALUE, -1, random.nextInt(FRAMES), track);
      case 3 -> {
        long stampNs = random.nextInt(FRAMES) * STEP_NS;
        yield new WantedRows(stampNs, stampNs, -1, -1, track);
      }
      default -> new WantedRows(Long.MIN_VALUE, Long.MAX_VALUE, 1 + random.nextInt(150), -1, null);
    };
  }

  /// The rows that are wanted, in words.
  private static String texts(List<LabelSet> sets, WantedRows wanted) {
    StringBuilder text = new StringBuilder();
    for (LabelSet set : sets) {
      LabelSet rows = new LabelSet(set.name(), set.frameOfReference(), set.stampSource());
      StringBuilder places = new StringBuilder();
      for (int row = 0; row < set.size(); row++) {
        int number = set.tracks()[row];
        String track = number < 0 ? null : set.trackName(number);
        if (wanted.wantsStamp(set.stampsNs()[row])
            && (wanted.position() < 0 || wanted.position() == set.positions()[row])
            && (wanted.frame() < 0 || wanted.frame() == set.frames()[row])
            && (wanted.track() == null || wanted.track().equals(track))) {
          rows.addCopy(set, row);
          places.append(set.positions()[row]).append(' ');
        }
      }
      rows.seal();
      StringWriter log = new StringWriter();
      try {
        LabelLog.write(rows, log);
      } catch (java.io.IOException e) {
        throw new UncheckedIOException(e);
      }
      text.append(places).append(log);
    }
    return text.toString();
  }

  private static String header(Random random) {
    String more = random.nextBoolean() ? "" : ",\"rate_hz\":10";
    return "{\"type\":\"lockstep.label-log\",\"version\":1,\"set\":\"s"
        + random.nextInt(2)
        + "\""
        + more
        + "}";
  }

  private static String log(Random random) {
    StringBuilder log = new StringBuilder();
    boolean odd = random.nextBoolean();
    log.append("{\"type\":\"lockstep.label-log\",\"version\":1,\"set\":\"s0\",\"rate_hz\":10}\n");
    for (int i = 0; i < 120; i++) {
      String line = line(random, odd);
      log.append(line).append(random.nextInt(9) == 0 ? "\r\n" : "\n");
    }
    return log.toString();
  }

  private static String line(Random random, boolean odd) {
    int kind = random.nextInt(40);
    if (odd && kind < 6) {
      return switch (kind) {
        case 0 -> "";
        case 1 -> "  ";
        case 2 -> "no event";
        case 3 -> header(random);
        case 4 -> "{\"id\":\"i3\",\"revision\":9";
        default -> "{\"id\":7,\"frame\":3,\"stamp_ns\":1e3}";
      };
    }
    int frame = random.nextInt(FRAMES);
    List<String> members = new ArrayList<>();
    add(members, random, 8, "id", text("i" + random.nextInt(60), random, odd));
    add(members, random, 6, "revision", "" + random.nextInt(4));
    add(members, random, 12, "stamp_ns", "" + (FIRST_NS + frame * STEP_NS));
    add(members, random, 9, "frame", "" + frame);
    add(members, random, 9, "track", text("t" + random.nextInt(4), random, odd));
    add(members, random, 9, "category", "\"car\"");
    add(members, random, 3, "deleted", random.nextInt(4) == 0 ? "true" : "false");
    add(members, random, 9, "box3d", box(random, 10));
    add(members, random, 3, "box2d", box(random, odd ? 3 + random.nextInt(2) : 4));
    add(members, random, 4, "score", "0." + random.nextInt(1000));
    add(members, random, 4, "flags", "[\"keyframe\", \"occluded\"]");
    add(members, random, 4, "annotator", odd ? "\"J\\u00f6rg \\\"x\\\"\"" : "\"ann 1\"");
    add(members, random, 4, "edited_ns", "-5");
    add(members, random, 4, "attributes", "{\"id\":\"i1\",\"track\" : \"t2\"}");
    add(
        members,
        random,
        4,
        "source",
        "{\"file\":\"a.mcap\",\"offset\":5,\"length\":6,\"message\":7}");
    if (random.nextInt(3) == 0) {
      java.util.Collections.shuffle(members, random);
    }
    return "{" + String.join(random.nextBoolean() ? "," : ", ", members) + "}";
  }

  private static void add(
      List<String> members, Random random, int of12, String name, @Nullable String value) {
    if (random.nextInt(12) < of12) {
      members.add("\"" + name + "\":" + (random.nextInt(5) == 0 ? " " : "") + value);
    }
  }

  /// Sometimes with a letter that is written as an escape.
  private static String text(String text, Random random, boolean odd) {
    return odd && random.nextInt(12) == 0
        ? String.format("\"\\u%04x%s\"", (int) text.charAt(0), text.substring(1))
        : "\"" + text + "\"";
  }

  private static String box(Random random, int numbers) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < numbers; i++) {
      double value = random.nextInt(3) == 0 ? random.nextInt(9) - 4 : random.nextGaussian() * 10;
      all.add(value == Math.rint(value) ? "" + (long) value : "" + value);
    }
    return all.toString().replace(" ", random.nextBoolean() ? "" : " ");
  }
}
