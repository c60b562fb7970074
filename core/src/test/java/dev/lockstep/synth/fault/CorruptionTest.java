package dev.lockstep.synth.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.model.Location;
import dev.lockstep.synth.Drive;
import dev.lockstep.synth.Injector;
import dev.lockstep.synth.SynthOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CorruptionTest {
  private static final SynthOptions OPTIONS =
      SynthOptions.DEFAULT.withSeconds(6).withCloud(4, 60).withImages(64, 48).withRates(50, 20);

  private static final Tape CLEAN = Injector.tape(new Drive(OPTIONS));
  private static final List<byte[]> CLEAN_PAYLOADS =
      CLEAN.rows().stream().map(CLEAN::payload).toList();
  private static final List<List<Written>> CLEAN_WRITTEN = written(CLEAN);

  /// The clean drive once more, made from the first.
  private static Tape tape() {
    Tape tape = new Tape(CLEAN.streams(), key -> CLEAN_PAYLOADS.get((int) key).clone());
    List<TapeRow> rows = CLEAN.rows();
    for (int i = 0; i < rows.size(); i++) {
      TapeRow row = rows.get(i);
      tape.add(row.stream(), i, row.stampNs(), row.logTimeNs, row.publishTimeNs, row.sequence);
    }
    return tape;
  }

  /// Those that need a calibration beside the images, and those that move messages between streams,
  /// have tests of their own.
  private static final Set<String> OTHERWISE =
      Set.of("scaled-images", "crossed-streams", "message-astray");

  static Stream<Fault> messageFaults() {
    return Corruption.all().stream()
        .filter(fault -> !OTHERWISE.contains(fault.name()))
        .filter(fault -> !(fault instanceof FileFault || fault instanceof TableFault));
  }

  /// A message as it is written.
  private record Written(long log, long publish, int sequence, ByteBuffer payload) {}

  private static Written written(Tape tape, TapeRow row) {
    ByteBuffer payload = ByteBuffer.wrap(tape.payload(row));
    return new Written(row.logTimeNs, row.publishTimeNs, row.sequence, payload);
  }

  private static List<List<Written>> written(Tape tape) {
    List<List<Written>> streams = new ArrayList<>();
    for (int stream = 0; stream < tape.streams().size(); stream++) {
      streams.add(tape.rows(stream).stream().map(row -> written(tape, row)).toList());
    }
    return streams;
  }

  @ParameterizedTest
  @MethodSource("messageFaults")
  void changesTheStreamItNamesAndNoOther(Fault fault) {
    for (long seed = 1; seed <= 5; seed++) {
      Tape tape = tape();
      List<Injection> planted =
          Corruption.plantInTape(tape, List.of(FaultSpec.of(fault.name(), seed)));

      Injection injection = planted.getFirst();
      String where = fault.name() + " seed " + seed;
      assertThat(planted).as(where).hasSize(1);
      // Whether a change of sign can be seen depends on how the drive turns behind its place.
      if (!fault.name().equals("turn-sign")) {
        // Neither a lag of what a sensor shows nor the rate of its clock can be seen in six
        // seconds.
        assertThat(injection.effective())
            .as(where)
            .isEqualTo(!Set.of("content-late", "clock-drift").contains(fault.name()));
      }
      assertThat(injection.expected()).as(where).isNotEmpty();
      assertThat(injection.expected()).as(where).allMatch(id -> id.matches("[A-Z]{3}\\d{3}"));
      assertThat(injection.what()).as(where).isNotBlank();
      List<List<Written>> damaged = written(tape);
      for (int stream = 0; stream < CLEAN_WRITTEN.size(); stream++) {
        String topic = tape.streams().get(stream).topic();
        String named = injection.location().stream();
        if (named == null || topic.equals(named)) {
          assertThat(damaged.get(stream)).as(where).isNotEqualTo(CLEAN_WRITTEN.get(stream));
        } else {
          assertThat(damaged.get(stream))
              .as(where + " " + topic)
              .isEqualTo(CLEAN_WRITTEN.get(stream));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("messageFaults")
  void isTheSameForTheSameSeed(Fault fault) {
    Tape first = tape();
    Tape second = tape();

    List<FaultSpec> specs = List.of(FaultSpec.of(fault.name(), 42));

    assertThat(Corruption.plantInTape(first, specs))
        .isEqualTo(Corruption.plantInTape(second, specs));
    assertThat(written(first)).isEqualTo(written(second));
  }

  /// Messages that differ from the clean drive at the same place, for faults that move none.
  private static List<Long> changed(Tape damaged, String topic) {
    List<Long> changed = new ArrayList<>();
    for (int stream = 0; stream < CLEAN_WRITTEN.size(); stream++) {
      if (damaged.streams().get(stream).topic().equals(topic)) {
        List<TapeRow> rows = damaged.rows(stream);
        for (int i = 0; i < rows.size(); i++) {
          if (!written(damaged, rows.get(i)).equals(CLEAN_WRITTEN.get(stream).get(i))) {
            changed.add((long) i);
          }
        }
      }
    }
    return changed;
  }

  /// Faults that change messages outside the place they name, because what they name is where an
  /// everlasting change begins.
  private static final Set<String> LASTING =
      Set.of(
          "category-change",
          "identity-switch",
          "frame-shift",
          "fragmentation",
          "size-step",
          "track-leap",
          "category-lost",
          "sequence-gap",
          "sequence-repeat",
          "closed-video-gap",
          "rate-change",
          "drop-messages",
          "recording-pause",
          "clock-set",
          "recorder-clock-set",
          "late-start",
          "early-death");

  @ParameterizedTest
  @MethodSource("messageFaults")
  void changesNoMessageOutsideThePlaceItNames(Fault fault) {
    if (LASTING.contains(fault.name())) {
      return;
    }
    Tape tape = tape();
    Location at =
        Corruption.plantInTape(tape, List.of(FaultSpec.of(fault.name(), 3))).getFirst().location();
    List<Long> changed = changed(tape, at.stream());
    assertThat(changed).as(fault.name()).isNotEmpty();
    assertThat(changed)
        .as(fault.name())
        .allMatch(index -> index >= at.messages().first() && index <= at.messages().last());
  }

  @Test
  void crossedStreamsHoldEachOthersMessagesFromThereOn() {
    Tape tape = tape();
    Injection injection =
        Corruption.plantInTape(tape, List.of(FaultSpec.of("crossed-streams", 3))).getFirst();
    int at = (int) injection.location().messages().first();
    assertThat(stamps(tape, 1).subList(0, at)).isEqualTo(stamps(CLEAN, 1).subList(0, at));
    assertThat(stamps(tape, 1).subList(at, at + 20))
        .containsAll(stamps(CLEAN, 2).subList(at + 1, at + 19));
    assertThat(stamps(tape, 2).subList(at + 1, at + 19)).isSubsetOf(stamps(CLEAN, 1));
    assertThat(tape.rows()).hasSameSizeAs(CLEAN.rows());
    for (int stream = 1; stream <= 2; stream++) {
      List<TapeRow> rows = tape.rows(stream);
      for (int i = 0; i < rows.size(); i++) {
        assertThat(rows.get(i).sequence).isEqualTo(i + 1);
      }
    }
  }

  @Test
  void aMessageAstrayIsMissingWhereItBelongs() {
    Tape tape = tape();
    Injection injection =
        Corruption.plantInTape(tape, List.of(FaultSpec.of("message-astray", 3))).getFirst();
    long stamp = injection.location().stampsNs().first();
    int from = stamps(CLEAN, 1).contains(stamp) ? 1 : 2;
    assertThat(stamps(tape, from)).hasSize(stamps(CLEAN, from).size() - 1).doesNotContain(stamp);
    assertThat(stamps(tape, 3 - from)).hasSize(stamps(CLEAN, 3 - from).size() + 1).contains(stamp);
  }

  private static List<Long> stamps(Tape tape, int stream) {
    return tape.rows(stream).stream().map(TapeRow::stampNs).toList();
  }

  @Test
  void composedFaultsNameMessagesAsTheyAreInTheEnd() {
    Tape tape = tape();
    List<Injection> planted =
        Corruption.plantInTape(
            tape,
            List.of(
                FaultSpec.parse("doublet:stream=" + Drive.LIDAR + ",at=40", 1),
                FaultSpec.parse("drop-messages:stream=" + Drive.LIDAR + ",at=20,count=3", 1)));

    assertThat(planted.get(0).location().messages().first()).isEqualTo(37);
    assertThat(planted.get(1).location().messages().first()).isEqualTo(19);
    assertThat(planted.get(1).location().messages().last()).isEqualTo(20);
    assertThat(tape.rows(0)).hasSize(57);
    assertThat(tape.rows(0).get(37).stampNs())
        .isEqualTo(planted.get(0).location().stampsNs().first());
  }

  @Test
  void identitySwitchExchangesTwoTracksAndNothingElse() {
    Tape clean = tape();
    Tape tape = tape();
    Injection injection =
        Corruption.plantInTape(
                tape, List.of(FaultSpec.parse("identity-switch:stream=" + Drive.LABELS_3D, 4)))
            .getFirst();
    String first = injection.location().track();
    String second = injection.what().substring("exchanged with track ".length());
    int from = (int) injection.location().messages().first();
    for (int frame = 0; frame < tape.rows(6).size(); frame++) {
      Map<String, Double> before = places(clean, frame);
      Map<String, Double> after = places(tape, frame);
      if (frame >= from) {
        Double a = after.remove(first);
        Double b = after.remove(second);
        if (b != null) {
          after.put(first, b);
        }
        if (a != null) {
          after.put(second, a);
        }
      }
      assertThat(after).as("frame " + frame).isEqualTo(before);
    }
  }

  private static Map<String, Double> places(Tape tape, int frame) {
    Map<String, Double> places = new TreeMap<>();
    for (LabelBox box : tape.labels(tape.rows(6).get(frame)).boxes()) {
      places.put(box.track(), box.get(LabelBox.Field.X));
    }
    return places;
  }

  @Test
  void editedLabelsKeepEveryDigitOfWhatWasNotEdited() {
    Tape tape = tape();
    for (TapeRow row : tape.rows(6)) {
      byte[] before = tape.payload(row);
      assertThat(new String(tape.labels(row).toBytes(), StandardCharsets.UTF_8))
          .isEqualTo(new String(before, StandardCharsets.UTF_8));
    }
  }

  @Test
  void frozenImagesKeepTheirOwnStamps() {
    Tape tape = tape();
    Injection injection =
        Corruption.plantInTape(
                tape, List.of(FaultSpec.parse("frozen-image:stream=" + Drive.CAMERA_FRONT, 1)))
            .getFirst();
    List<TapeRow> rows = tape.rows(1);
    int first = (int) injection.location().messages().first();
    byte[] shown = tape.payload(rows.get(first));
    for (int i = first + 1; i <= injection.location().messages().last(); i++) {
      byte[] again = tape.payload(rows.get(i));
      assertThat(again).hasSameSizeAs(shown);
      assertThat(Arrays.copyOfRange(again, 12, again.length))
          .isEqualTo(Arrays.copyOfRange(shown, 12, shown.length));
      assertThat(StampCodec.CDR.read(again)).isEqualTo(rows.get(i).stampNs());
    }
  }

  @Test
  void stampsAreWrittenIntoEveryEncoding() {
    Tape tape = tape();
    for (int stream = 0; stream < tape.streams().size(); stream++) {
      TapeRow row = tape.rows(stream).get(3);
      long wanted = row.stampNs() + 1_234_567_890_123L;
      row.setStampNs(wanted);
      assertThat(Tape.stampOf(tape.streams().get(stream), tape.payload(row)))
          .as(tape.streams().get(stream).topic())
          .isEqualTo(wanted);
    }
  }

  @Test
  void saysWhenAFaultCouldNotBeSeen() {
    Tape tape = tape();

    assertThat(
            Corruption.plantInTape(tape, List.of(FaultSpec.parse("teleport:distance=0.05", 1)))
                .getFirst()
                .effective())
        .isFalse();
  }

  @Test
  void unknownNamesListTheKnownOnes() {
    assertThatThrownBy(() -> Corruption.named("drop-everything"))
        .isInstanceOf(InapplicableFaultException.class)
        .hasMessageStartingWith(
            "fault: drop-everything (expected one of acceleration-in-g, append-junk, blink,");
    assertThatThrownBy(
            () -> Corruption.plantInTape(tape(), List.of(FaultSpec.parse("blink:speed=3", 1))))
        .isInstanceOf(InapplicableFaultException.class)
        .hasMessage("setting of blink: speed (expected one of [at, frames, stream])");
    assertThatThrownBy(
            () -> Corruption.plantInTape(tape(), List.of(FaultSpec.parse("blink:stream=/x", 1))))
        .isInstanceOf(InapplicableFaultException.class)
        .hasMessageStartingWith("blink: no stream /x with 1 messages (streams: /lidar/points, ");
    assertThatThrownBy(() -> FaultSpec.parse("blink:frames", 1))
        .isInstanceOf(InapplicableFaultException.class)
        .hasMessage("setting of a fault: frames (expected key=value) in blink:frames");
  }

  @Test
  void namesAreUniqueAndEachHasALine() {
    assertThat(Corruption.names()).hasSameSizeAs(Corruption.all());
    assertThat(Corruption.names().values()).allMatch(line -> !line.isBlank());
    assertThat(new HashSet<>(Corruption.names().values())).hasSameSizeAs(Corruption.all());
    assertThat(Corruption.all()).hasSizeGreaterThanOrEqualTo(50);
  }

  @Test
  void rowsKeepTheirIdentity() {
    Tape tape = tape();
    IdentityHashMap<TapeRow, Long> before = new IdentityHashMap<>();
    tape.rows(4).forEach(row -> before.put(row, tape.indexOf(row)));
    tape.remove(tape.rows(4).subList(0, 10));

    assertThat(tape.rows(4)).allMatch(row -> before.get(row) == tape.indexOf(row) + 10);
  }
}
