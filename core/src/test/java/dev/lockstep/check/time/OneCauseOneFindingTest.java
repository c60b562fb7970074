package dev.lockstep.check.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.lockstep.check.time.SimulatedDrive.Message;
import dev.lockstep.check.time.SimulatedDrive.Stream;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Each fault, put into a simulated recording of several streams and shown to all rules about time
/// together, leads to exactly the findings listed: one, at the fault's place.
class OneCauseOneFindingTest {
  private static final long[] SEEDS = {1, 2, 3};
  private static final double SECONDS = 20;
  private static final long HOUR_NS = 3600 * Times.SECOND;

  /// What a fault does to a drive, and all that may be found.
  private record Case(String name, Consumer<SimulatedDrive> fault, List<String> expected) {}

  private static Case fault(String name, Consumer<SimulatedDrive> fault, String... expected) {
    return new Case(name, fault, List.of(expected));
  }

  private static Case lidar(String name, Consumer<Stream> fault, String... expected) {
    return fault(name, drive -> fault.accept(drive.stream("/lidar")), expected);
  }

  private static final List<Case> CASES =
      List.of(
          fault("nothing", drive -> {}),
          lidar(
              "one lost", s -> s.messages.subList(80, 81).clear(), "warning TIM008 /lidar 79..80"),
          lidar("five lost", s -> s.messages.subList(80, 85).clear(), "error TIM008 /lidar 79..80"),
          lidar(
              "twelve lost", s -> s.messages.subList(80, 92).clear(), "error TIM008 /lidar 79..80"),
          lidar(
              "lost in the first second",
              s -> s.messages.subList(5, 7).clear(),
              "warning TIM008 /lidar 4..5"),
          lidar(
              "lost before they were counted",
              s -> {
                s.messages.subList(80, 83).clear();
                renumber(s);
              },
              "error TIM008 /lidar 79..80"),
          lidar(
              "a late stamp",
              s -> s.shiftStamps(90, 91, 30_000_000),
              "warning TIM009 /lidar 90..90 missing-first-packets"),
          lidar(
              "an early stamp",
              s -> s.shiftStamps(90, 91, -30_000_000),
              "warning TIM009 /lidar 90..90"),
          lidar(
              "a stamp ahead of its turn",
              s -> s.shiftStamps(90, 91, 350_000_000),
              "error TIM001 /lidar 90..91"),
          lidar(
              "a stamp behind its turn",
              s -> s.shiftStamps(90, 91, -350_000_000),
              "error TIM001 /lidar 89..90"),
          lidar("swapped neighbours", s -> swap(s, 90), "error TIM001 /lidar 90..91"),
          lidar("stuck stamps", s -> stick(s, 90, 97), "error TIM003 /lidar 90..96"),
          lidar("long stuck stamps", s -> stick(s, 90, 150), "error TIM003 /lidar 90..149"),
          lidar("stuck to the end", s -> stick(s, 90, 200), "error TIM003 /lidar 90..199"),
          lidar(
              "stored twice",
              s -> s.messages.add(91, s.at(90).copy()),
              "warning TIM002 /lidar 90..91"),
          lidar(
              "one stamp, other content",
              s -> s.at(91).stampNs = s.at(90).stampNs,
              "warning TIM002 /lidar 90..91"),
          lidar(
              "microseconds from one message on",
              s -> s.messages.subList(80, 200).forEach(m -> m.stampNs /= 1000),
              "error TIM005 /lidar 80..80 unit-slip"),
          lidar(
              "microseconds for five messages",
              s -> s.messages.subList(80, 85).forEach(m -> m.stampNs /= 1000),
              "error TIM005 /lidar 80..84 unit-slip"),
          lidar(
              "microseconds for a while",
              s -> s.messages.subList(80, 120).forEach(m -> m.stampNs /= 1000),
              "error TIM005 /lidar 80..80 unit-slip",
              "info TIM005 /lidar 120..120"),
          lidar(
              "microseconds throughout",
              s -> s.messages.forEach(m -> m.stampNs /= 1000),
              "error TIM005 /lidar unit-slip"),
          fault(
              "microseconds in the field of nanoseconds",
              drive ->
                  drive.stream("/imu")
                      .messages
                      .forEach(m ->
                          m.stampNs =
                              m.stampNs
                                  - m.stampNs % Times.SECOND
                                  + m.stampNs % Times.SECOND / 1000),
              "error TIM005 /imu unit-slip"),
          lidar(
              "milliseconds from one message on",
              s -> s.messages.subList(80, 200).forEach(m -> m.stampNs /= 1_000_000),
              "error TIM005 /lidar 80..80 unit-slip"),
          lidar(
              "another epoch",
              s -> s.shiftStamps(80, 200, 315_964_800L * Times.SECOND - SimulatedDrive.BEGIN_NS),
              "error TIM006 /lidar 80..80 clock-fallback"),
          lidar(
              "another epoch for five messages",
              s -> s.shiftStamps(80, 85, 315_964_800L * Times.SECOND - SimulatedDrive.BEGIN_NS),
              "error TIM006 /lidar 80..84 clock-fallback"),
          lidar(
              "37 s on",
              s -> s.shiftStamps(80, 200, 37 * Times.SECOND),
              "error TIM007 /lidar 80..80 tai-utc"),
          lidar(
              "37 s back",
              s -> s.shiftStamps(80, 200, -37 * Times.SECOND),
              "error TIM007 /lidar 80..80 tai-utc"),
          lidar(
              "an hour on",
              s -> s.shiftStamps(80, 200, HOUR_NS),
              "error TIM007 /lidar 80..80 hours-1"),
          lidar(
              "an hour on and back",
              s -> s.shiftStamps(80, 120, HOUR_NS),
              "error TIM007 /lidar 80..80 hours-1",
              "info TIM007 /lidar 120..120"),
          lidar("20 ms on", s -> s.shiftStamps(80, 200, 20_000_000), "error TIM007 /lidar 80..80"),
          lidar(
              "20 ms back", s -> s.shiftStamps(80, 200, -20_000_000), "error TIM007 /lidar 80..80"),
          lidar(
              "half a second on",
              s -> s.shiftStamps(80, 200, 500_000_000),
              "error TIM007 /lidar 80..80"),
          lidar(
              "half a second back",
              s -> s.shiftStamps(80, 200, -500_000_000),
              "error TIM007 /lidar 80..80"),
          lidar(
              "2 s back",
              s -> s.shiftStamps(80, 200, -2 * Times.SECOND),
              "error TIM007 /lidar 80..80"),
          lidar(
              "one stamp a day off",
              s -> s.shiftStamps(90, 91, 24 * HOUR_NS),
              "error TIM004 /lidar 90..90 day"),
          lidar(
              "one stamp a day early",
              s -> s.shiftStamps(90, 91, -24 * HOUR_NS),
              "error TIM004 /lidar 90..90 day"),
          lidar(
              "the first stamp a day off",
              s -> s.shiftStamps(0, 1, 24 * HOUR_NS),
              "error TIM004 /lidar 0..0 day"),
          lidar(
              "the last stamp a day off",
              s -> s.shiftStamps(199, 200, 24 * HOUR_NS),
              "error TIM004 /lidar 199..199 day"),
          lidar("a stamp of 0", s -> s.at(90).stampNs = 0, "error TIM004 /lidar 90..90 never-set"),
          lidar(
              "the first stamp is 0",
              s -> s.at(0).stampNs = 0,
              "error TIM004 /lidar 0..0 never-set"),
          lidar(
              "the first twenty stamps are 0",
              s -> s.messages.subList(0, 20).forEach(m -> m.stampNs = 0),
              "error TIM004 /lidar 0..19 never-set"),
          lidar(
              "thirty stamps of 0",
              s -> s.messages.subList(80, 110).forEach(m -> m.stampNs = 0),
              "error TIM004 /lidar 80..109 never-set"),
          lidar(
              "all stamps are 0",
              s -> s.messages.forEach(m -> m.stampNs = 0),
              "warning TIM003 /lidar 0..199"),
          lidar("a log time of 0", s -> s.at(90).logNs = 0, "error TIM014 /lidar 90..90 never-set"),
          lidar(
              "the first log time is 0",
              s -> s.at(0).logNs = 0,
              "error TIM014 /lidar 0..0 never-set"),
          lidar(
              "the last log time is 0",
              s -> s.at(199).logNs = 0,
              "error TIM014 /lidar 199..199 never-set"),
          lidar(
              "a log and publish time of 0",
              s -> {
                s.at(90).logNs = 0;
                s.at(90).publishNs = 0;
              },
              "error TIM014 /lidar 90..90 never-set"),
          lidar(
              "published an hour late",
              s -> s.at(90).publishNs += HOUR_NS,
              "error TIM014 /lidar 90..90 hours-1"),
          lidar(
              "the first published an hour late",
              s -> s.at(0).publishNs += HOUR_NS,
              "error TIM014 /lidar 0..0 hours-1"),
          lidar(
              "all published an hour late",
              s -> s.messages.forEach(m -> m.publishNs += HOUR_NS),
              "error TIM014 /lidar hours-1"),
          lidar(
              "all stamps 37 s ahead",
              s -> s.shiftStamps(0, 200, 37 * Times.SECOND),
              "error TIM014 /lidar tai-utc"),
          lidar(
              "all stamps 37 s behind",
              s -> s.shiftStamps(0, 200, -37 * Times.SECOND),
              "error TIM014 /lidar tai-utc"),
          lidar(
              "one log time 2 s back",
              s -> s.at(90).logNs -= 2 * Times.SECOND,
              "error TIM014 /lidar 90..90"),
          lidar(
              "log times 2 s back from one message on",
              s -> s.messages.subList(80, 200).forEach(m -> m.logNs -= 2 * Times.SECOND),
              "warning TIM014 /lidar 80..80"),
          lidar(
              "publish and log times exchanged from one message on",
              s -> s.messages.subList(80, 200).forEach(OneCauseOneFindingTest::exchangePublish),
              "error TIM014 /lidar 80..80 times-exchanged"),
          lidar(
              "log times 5 s ahead from one message on",
              s -> s.messages.subList(80, 200).forEach(m -> m.logNs += 5 * Times.SECOND),
              "warning TIM014 /lidar 80..80"),
          fault(
              "log times of all 5 s ahead from one instant on",
              OneCauseOneFindingTest::setRecorder,
              "warning TIM014 /lidar 80..80",
              "warning TIM014 /camera 160..160",
              "warning TIM014 /imu 800..800",
              "warning TIM014 /status 400..400"),
          lidar(
              "one log time half a second back",
              s -> s.at(90).logNs -= 500_000_000,
              "warning TIM014 /lidar 89..90"),
          lidar(
              "a counter repeats",
              s -> s.at(90).sequence = s.at(89).sequence,
              "warning TIM013 /lidar 90..90"),
          lidar(
              "a counter repeats and goes on from there",
              s -> s.messages.subList(90, 200).forEach(m -> m.sequence--),
              "warning TIM013 /lidar 90..90"),
          lidar(
              "a counter skips",
              s -> s.messages.subList(90, 200).forEach(m -> m.sequence += 5),
              "warning TIM013 /lidar 90..90"),
          lidar(
              "a counter starts again",
              s -> s.messages.subList(90, 200).forEach(m -> m.sequence -= 90),
              "warning TIM013 /lidar 90..90"),
          lidar(
              "swapped counters",
              s -> {
                s.at(90).sequence++;
                s.at(91).sequence--;
              },
              "warning TIM013 /lidar 90..91"),
          lidar(
              "a reconnect at a new phase",
              s -> {
                s.messages.subList(80, 95).clear();
                s.messages.subList(80, 185).forEach(m -> later(m, 37_000_000));
              },
              "error TIM008 /lidar 79..80 reconnect"),
          fault(
              "a late start",
              drive -> drive.stream("/imu").messages.subList(0, 300).clear(),
              "warning TIM015 /imu 0..0"),
          fault(
              "an early death",
              drive -> drive.stream("/imu").messages.subList(1700, 2000).clear(),
              "warning TIM016 /imu 1699..1699"),
          fault(
              "an early death of a stream of unknown kind",
              drive -> drive.stream("/status").messages.subList(850, 1000).clear(),
              "warning TIM016 /status 849..849"),
          fault(
              "most of a stream is missing",
              drive -> drive.stream("/lidar").messages.subList(60, 200).clear(),
              "error TIM016 /lidar 59..59"),
          lidar(
              "half the rate",
              s -> {
                for (int i = 199; i > 80; i -= 2) {
                  s.messages.remove(i);
                }
                renumber(s);
              },
              "warning TIM010 /lidar 81..81"),
          lidar(
              "nanoseconds through a float",
              s -> s.messages.forEach(m -> m.stampNs = Double.valueOf(m.stampNs).longValue()),
              "info TIM012 /lidar float64-ns"),
          lidar(
              "seconds through a float",
              s -> s.messages.forEach(m -> m.stampNs = throughSeconds(m.stampNs)),
              "info TIM012 /lidar float64-s"),
          fault(
              "a clock of two milliseconds",
              drive ->
                  drive.stream("/status")
                      .messages
                      .forEach(m -> m.stampNs -= m.stampNs % (2 * Times.MILLISECOND)),
              "info TIM012 /status"),
          lidar(
              "a millisecond clock of a slow stream",
              s -> s.messages.forEach(m -> m.stampNs -= m.stampNs % Times.MILLISECOND)),
          fault("a stream of three messages", drive -> drive.addEvents("/goal", 3, SECONDS)),
          fault("a stream sent on events", drive -> drive.addEvents("/events", 150, SECONDS)),
          fault("an empty stream", drive -> drive.addEvents("/nothing", 0, SECONDS)),
          fault("log times only", drive -> drive.logTimesOnly("/lidar")),
          fault(
              "a log time of 0 without stamps",
              drive -> {
                Message message = drive.logTimesOnly("/lidar").at(90);
                message.stampNs = 0;
                message.logNs = 0;
              },
              "warning TIM004 /lidar 90..90 never-set"),
          fault(
              "stored twice without stamps",
              drive -> {
                Stream stream = drive.logTimesOnly("/lidar");
                stream.messages.add(91, stream.at(90).copy());
              },
              "warning TIM002 /lidar 90..91"),
          fault(
              "two empty messages at one log time",
              drive -> {
                Stream stream = drive.logTimesOnly("/lidar");
                stream.messages.forEach(m -> m.lengthBytes = 5);
                stream.messages.forEach(m -> m.digest = 7);
                stream.messages.add(91, stream.at(90).copy());
              }),
          fault("file names only", drive -> onlyFileNames(drive)),
          fault(
              "37 s in file names",
              drive -> onlyFileNames(drive).shiftStamps(80, 200, 37 * Times.SECOND),
              "error TIM008 /lidar 79..80 tai-utc"),
          fault(
              "one file name a day off",
              drive -> onlyFileNames(drive).shiftStamps(90, 91, 24 * HOUR_NS),
              "error TIM004 /lidar 90..90 day"),
          fault(
              "file names in microseconds throughout",
              drive -> onlyFileNames(drive).messages.forEach(m -> m.stampNs /= 1000),
              "error TIM005 /lidar unit-slip"));

  private static long throughSeconds(long stampNs) {
    double seconds = stampNs / 1e9;
    long whole = (long) seconds;
    return whole * Times.SECOND + Math.round((seconds - whole) * 1e9);
  }

  private static void renumber(Stream stream) {
    for (int i = 0; i < stream.messages.size(); i++) {
      stream.at(i).sequence = i + 1;
    }
  }

  private static void swap(Stream stream, int at) {
    Message first = stream.messages.remove(at);
    stream.messages.add(at + 1, first);
    // The one was held up until the other had come.
    first.logNs = stream.at(at).logNs + 100_000;
    first.publishNs = stream.at(at).publishNs + 100_000;
  }

  private static void stick(Stream stream, int from, int to) {
    for (int i = from; i < to; i++) {
      stream.at(i).stampNs = stream.at(from).stampNs;
    }
  }

  private static void later(Message message, long ns) {
    message.stampNs += ns;
    message.logNs += ns;
    message.publishNs += ns;
  }

  private static Stream onlyFileNames(SimulatedDrive drive) {
    for (String name : List.of("/camera", "/imu", "/status", "/lidar")) {
      drive.fileNamesOnly(name);
    }
    return drive.stream("/lidar");
  }

  @TestFactory
  java.util.stream.Stream<DynamicTest> reportsExactlyTheFault() {
    return CASES.stream().map(c -> dynamicTest(c.name, () -> assertExactly(c)));
  }

  private static void assertExactly(Case of) {
    for (long seed : SEEDS) {
      SimulatedDrive drive = SimulatedDrive.standard(seed, SECONDS);
      of.fault.accept(drive);
      for (int perBatch : new int[] {100_000, 64, 1}) {
        assertThat(TimeRules.over(drive.columns(), perBatch).brief())
            .as("seed %d, %d messages a batch", seed, perBatch)
            .containsExactlyElementsOf(of.expected);
      }
    }
  }

  @Test
  void findsAnEarlyDeathInAShortRecordingWhoeverTheOthersAre() {
    for (double hertz : new double[] {10, 20, 50}) {
      for (Modality modality : List.of(Modality.OTHER, Modality.IMU, Modality.CAMERA)) {
        SimulatedDrive drive = SimulatedDrive.standard(7, 4);
        Stream dying = drive.add("/dying", modality, hertz, 20_000, 4);
        dying.messages.subList((int) (3 * hertz), dying.messages.size()).clear();
        assertThat(TimeRules.over(drive.columns()).brief())
            .as("%s at %s Hz", modality, hertz)
            .containsExactly(
                "warning TIM016 /dying " + (int) (3 * hertz - 1) + ".." + (int) (3 * hertz - 1));
      }
    }
  }

  /// A list of stamps alone: all but the one whose clock jumps seem to end early.
  @Test
  void aJumpOfTheLongestStreamIsNoEarlyEndOfTheOthers() {
    for (long seed = 1; seed <= 8; seed++) {
      SimulatedDrive drive = new SimulatedDrive(seed);
      for (String name : List.of("/jumping", "/b", "/c", "/d")) {
        Stream stream = drive.add(name, Modality.CAMERA, 10, 300_000, 10);
        stream.messages.forEach(message -> {
          message.logNs = Times.NONE;
          message.publishNs = Times.NONE;
        });
      }
      drive.stream("/jumping").shiftStamps(50, 100, 37_000_000_000L);
      assertThat(TimeRules.over(drive.columns()).brief())
          .as("seed %d", seed)
          .isNotEmpty()
          .noneMatch(line -> line.contains("TIM016"));
    }
  }

  @Test
  void findsAnEarlyDeathWhereMessagesArriveInBurstsButAreStampedSteadily() {
    SimulatedDrive drive = SimulatedDrive.standard(8, 4);
    Stream bursts = drive.add("/bursts", Modality.OTHER, 50, 20_000, 4);
    for (int i = 0; i < bursts.messages.size(); i++) {
      // Sent twenty at a time.
      Message last = bursts.at(Math.min(bursts.messages.size() - 1, i / 20 * 20 + 19));
      bursts.at(i).logNs = last.stampNs + 2_000_000 + i % 20 * 10_000L;
      bursts.at(i).publishNs = bursts.at(i).logNs;
    }
    bursts.messages.subList(140, 200).clear();
    assertThat(TimeRules.over(drive.columns()).brief())
        .containsExactly("warning TIM016 /bursts 139..139");
  }

  /// A sender that is started anew while the recorder runs gets a channel of its own.
  @Test
  void aStreamThatAnotherOfItsTopicGoesOnWithNeitherEndsEarlyNorStartsLate() {
    for (int pause : new int[] {0, 30}) {
      SimulatedDrive drive = SimulatedDrive.standard(12, 20);
      Stream again = drive.add("/imu (channel 7)", Modality.IMU, 100, 20_000, 20);
      again.messages.subList(0, 1000 + 10 * pause).clear();
      drive.stream("/imu").messages.subList(1000, 2000).clear();
      assertThat(TimeRules.over(drive.columns()).brief())
          .as("%d periods of the LiDAR between", pause)
          .hasSize(pause == 0 ? 0 : 2);
    }
  }

  @Test
  void whatIsSentOnceAndKeptForLateReceiversMayBeOld() {
    SimulatedDrive drive = SimulatedDrive.standard(13, 20);
    Stream map = drive.add("/map", Modality.OTHER, 1, 20_000, 20);
    map.messages.subList(2, map.messages.size()).clear();
    map.messages.forEach(message -> {
      message.stampNs -= HOUR_NS;
      message.publishNs -= HOUR_NS;
    });
    assertThat(TimeRules.over(drive.columns()).brief()).isEmpty();
  }

  @Test
  void findsEachOfSeveralFaultsOnce() {
    SimulatedDrive drive = SimulatedDrive.standard(11, 60);
    Stream lidar = drive.stream("/lidar");
    lidar.shiftStamps(400, 401, 24 * HOUR_NS);
    lidar.shiftStamps(500, 600, 37 * Times.SECOND);
    lidar.messages.subList(300, 304).clear();
    lidar.messages.subList(200, 201).clear();
    drive.stream("/imu").at(3000).logNs = 0;
    assertThat(TimeRules.over(drive.columns()).brief())
        .containsExactlyInAnyOrder(
            "warning TIM008 /lidar 199..200",
            "error TIM008 /lidar 298..299",
            "error TIM004 /lidar 395..395 day",
            "error TIM007 /lidar 495..495 tai-utc",
            "error TIM014 /imu 3000..3000 never-set");
  }

  @Test
  void neverThrowsWhateverTheTimes() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      SimulatedDrive drive = SimulatedDrive.standard(seed, 3);
      for (Stream stream : drive.streams()) {
        List<Message> messages = new ArrayList<>(stream.messages);
        for (int i = 0; i < 12; i++) {
          Message message = messages.get(random.nextInt(messages.size()));
          long wild =
              switch (random.nextInt(6)) {
                case 0 -> 0;
                case 1 -> random.nextLong();
                case 2 -> Long.MAX_VALUE;
                case 3 -> Times.NONE;
                case 4 -> -random.nextLong(Long.MAX_VALUE);
                default -> random.nextLong(2 * SimulatedDrive.BEGIN_NS);
              };
          switch (random.nextInt(4)) {
            case 0 -> message.stampNs = wild;
            case 1 -> message.logNs = wild;
            case 2 -> message.publishNs = wild;
            default -> message.sequence = (int) wild;
          }
        }
      }
      List<String> whole = TimeRules.over(drive.columns(), 100_000).brief();
      assertThat(TimeRules.over(drive.columns(), 1).brief()).as("seed %d", seed).isEqualTo(whole);
      assertThat(TimeRules.over(drive.columns(), 13).brief()).as("seed %d", seed).isEqualTo(whole);
      assertThat(TimeRules.over(drive.columns()).findings(Severity.INFO))
          .as("seed %d", seed)
          .isNotNull();
    }
  }

  private static void exchangePublish(SimulatedDrive.Message message) {
    long logNs = message.logNs;
    message.logNs = message.publishNs;
    message.publishNs = logNs;
  }

  /// Sets the recorder's clock 5 s ahead in the middle of a drive.
  private static void setRecorder(SimulatedDrive drive) {
    for (Stream stream : drive.streams()) {
      int from = 2 * stream.messages.size() / 5;
      for (SimulatedDrive.Message m : stream.messages.subList(from, stream.messages.size())) {
        m.logNs += 5 * Times.SECOND;
        m.publishNs += 5 * Times.SECOND;
      }
    }
  }
}
