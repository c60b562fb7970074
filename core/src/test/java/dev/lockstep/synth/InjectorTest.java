package dev.lockstep.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.model.ByteRange;
import dev.lockstep.synth.fault.Corruption;
import dev.lockstep.synth.fault.Fault;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.fault.InapplicableFaultException;
import dev.lockstep.synth.fault.Injection;
import dev.lockstep.synth.fault.Tape;
import dev.lockstep.synth.fault.TapeRow;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InjectorTest {
  private static final SynthOptions OPTIONS =
      SynthOptions.DEFAULT.withSeconds(4).withCloud(4, 60).withImages(64, 48).withRates(50, 20);
  private static final McapSettings SETTINGS = McapSettings.DEFAULT.withChunkBytes(64 << 10);

  @TempDir Path folder;

  private Path drive(McapSettings settings) throws IOException {
    Path file = folder.resolve("drive.mcap");
    SynthRun.drive(file, OPTIONS, settings);
    return file;
  }

  static Stream<McapSettings> layouts() {
    return Stream.of(
        SETTINGS,
        SETTINGS.withCompression("lz4"),
        SETTINGS.withCompression("zstd"),
        SETTINGS.withChunkBytes(0).withCrcs(false, true, true));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void everyMessageOfADriveIsReadBack(McapSettings settings) throws IOException {
    Tape made = Injector.tape(new Drive(OPTIONS));
    try (McapInput in = new McapInput(drive(settings))) {
      Tape read = in.tape();
      assertThat(read.rows()).hasSameSizeAs(made.rows());
      assertThat(in.settings().compression()).isEqualTo(settings.compression());
      for (int i = 0; i < made.rows().size(); i++) {
        TapeRow expected = made.rows().get(i);
        TapeRow actual = read.rows().get(i);
        assertThat(read.streams().get(actual.stream()).topic())
            .isEqualTo(made.streams().get(expected.stream()).topic());
        assertThat(actual.stampNs()).isEqualTo(expected.stampNs());
        assertThat(actual.logTimeNs).isEqualTo(expected.logTimeNs);
        assertThat(actual.publishTimeNs).isEqualTo(expected.publishTimeNs);
        assertThat(actual.sequence).isEqualTo(expected.sequence);
        assertThat(read.payload(actual)).isEqualTo(made.payload(expected));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void faultsInMessagesLeaveTheRestOfTheFileAsItWas(McapSettings settings) throws IOException {
    Path input = drive(settings);
    Path out = folder.resolve("out");

    List<Injection> injections =
        Injector.inject(input, List.of(FaultSpec.parse("blink:frames=2", 3)), out);

    assertThat(injections).hasSize(1);
    try (McapInput before = new McapInput(input);
        McapInput after = new McapInput(out.resolve("drive.mcap"))) {
      Tape clean = before.tape();
      Tape damaged = after.tape();
      int different = 0;
      for (int i = 0; i < clean.rows().size(); i++) {
        byte[] then = clean.payload(clean.rows().get(i));
        different += java.util.Arrays.equals(then, damaged.payload(damaged.rows().get(i))) ? 0 : 1;
      }
      assertThat(different).isEqualTo(2);
    }
    JsonNode expected = new ObjectMapper().readTree(out.resolve("expected.json").toFile());
    assertThat(expected.path("recording").asText()).isEqualTo("drive.mcap");
    JsonNode injection = expected.path("injections").path(0);
    assertThat(injection.path("fault").asText()).isEqualTo("blink:frames=2");
    assertThat(injection.path("seed").asLong()).isEqualTo(3);
    assertThat(injection.path("expected").path(0).asText()).isEqualTo("LAB005");
    assertThat(injection.path("location").path("track").asText())
        .isEqualTo(injections.getFirst().location().track());
  }

  static Stream<Fault> byteFaults() {
    return Corruption.all().stream().filter(fault -> fault.kind() == Fault.Kind.BYTES);
  }

  @ParameterizedTest
  @MethodSource("byteFaults")
  void faultsInBytesChangeTheBytesTheyNameAndNoOther(Fault fault) throws IOException {
    Path input = drive(SETTINGS);
    byte[] before = Files.readAllBytes(input);
    for (long seed = 1; seed <= 4; seed++) {
      Path out = folder.resolve(fault.name() + seed);
      Injection injection =
          Injector.inject(input, List.of(FaultSpec.of(fault.name(), seed)), out).getFirst();
      byte[] after = Files.readAllBytes(out.resolve("drive.mcap"));
      String where = fault.name() + " seed " + seed;
      ByteRange at = injection.location().bytes();
      assertThat(injection.effective()).as(where).isTrue();
      assertThat(injection.expected()).as(where).isNotEmpty();
      assertThat(at).as(where).isNotNull();
      assertThat(after).as(where).isNotEqualTo(before);
      switch (fault.name()) {
        case "empty-file" -> assertThat(after).isEmpty();
        case "lfs-pointer" ->
            assertThat(new String(after, StandardCharsets.UTF_8))
                .matches(
                    "version https://git-lfs.spec/v1\noid sha256:[0-9a-f]{64}\nsize "
                        + before.length
                        + "\n");
        default -> {
          int common = Math.min(before.length, after.length);
          for (int i = 0; i < common; i++) {
            boolean named = i >= at.offsetBytes() && i < at.endBytes();
            // The second of two exchanged blocks is told in words.
            if (after[i] != before[i] && !named && !fault.name().equals("swap-blocks")) {
              throw new AssertionError(where + ": byte " + i + " changed outside " + at);
            }
          }
          assertThat(after.length - before.length)
              .as(where)
              .isEqualTo(
                  switch (fault.name()) {
                    case "append-junk" -> 100;
                    case "truncate-at-record", "truncate-mid-record" ->
                        (int) at.offsetBytes() - before.length;
                    default -> 0;
                  });
        }
      }
      assertThat(Files.readAllBytes(input)).as(where).isEqualTo(before);
    }
  }

  @Test
  void flippedPayloadBitsNameTheirMessage() throws IOException {
    Path input = drive(SETTINGS);
    for (long seed = 1; seed <= 8; seed++) {
      Path out = folder.resolve("flip" + seed);
      Injection injection =
          Injector.inject(input, List.of(FaultSpec.of("flip-payload-bit", seed)), out).getFirst();
      try (McapInput before = new McapInput(input);
          McapInput after = new McapInput(out.resolve("drive.mcap"))) {
        Tape clean = before.tape();
        Tape damaged = after.tape();
        for (int i = 0; i < clean.rows().size(); i++) {
          TapeRow row = clean.rows().get(i);
          boolean same =
              java.util.Arrays.equals(clean.payload(row), damaged.payload(damaged.rows().get(i)));
          boolean named =
              clean.streams().get(row.stream()).topic().equals(injection.location().stream())
                  && clean.indexOf(row) == injection.location().messages().first();
          assertThat(same).as("seed " + seed + " row " + i).isEqualTo(!named);
        }
      }
      assertThat(injection.expected()).containsExactly("INT007");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"category-flip", "identity-switch", "blink", "teleport", "size-step"})
  void kittiLabelsTakeFaultsInLabels(String fault) throws IOException {
    Path input = folder.resolve("sequence");
    new KittiTracking(5, 80, 45).write(input, 0);
    Path out = folder.resolve("out");

    Injection injection = Injector.inject(input, List.of(FaultSpec.of(fault, 2)), out).getFirst();

    assertThat(injection.location().file()).isEqualTo("label_02/0000.txt");
    assertThat(injection.location().track()).isNotEmpty();
    List<String> before = Files.readAllLines(input.resolve("label_02/0000.txt"));
    List<String> after = Files.readAllLines(out.resolve("sequence/label_02/0000.txt"));
    assertThat(after).isNotEqualTo(before);
    for (String line : before) {
      String[] columns = line.split(" ", -1);
      long frame = Long.parseLong(columns[0]);
      if (frame < injection.location().frames().first()) {
        assertThat(after).contains(line);
      }
    }
    assertThat(out.resolve("sequence/calib/0000.txt"))
        .hasSameTextualContentAs(input.resolve("calib/0000.txt"));
  }

  @Test
  void doesNotOverwriteItsInput() throws IOException {
    Path input = drive(SETTINGS);

    assertThatThrownBy(() -> Injector.inject(input, List.of(FaultSpec.of("empty-file", 1)), folder))
        .isInstanceOf(InapplicableFaultException.class)
        .hasMessageStartingWith("output would overwrite the input: ");
  }

  @Test
  void realRecordingsTakeFaultsInMessages() throws IOException {
    Path samples = SharedData.path("mcap-samples");
    int planted = 0;
    try (Stream<Path> walk = Files.walk(samples)) {
      for (Path file :
          (Iterable<Path>) walk.filter(p -> p.toString().endsWith(".mcap"))::iterator) {
        try {
          Injector.inject(
              file, List.of(FaultSpec.of("drop-messages", 1)), folder.resolve("real" + planted));
          planted++;
        } catch (InapplicableFaultException tooShort) {
          assertThat(tooShort).hasMessageContaining("no stream of");
        }
      }
    }
    assertThat(planted).isPositive();
  }
}
