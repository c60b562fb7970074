package dev.lockstep.check.time;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.lockstep.check.Check;
import dev.lockstep.check.rig.RigRule;
import dev.lockstep.check.time.SimulatedDrive.Stream;
import dev.lockstep.model.Times;
import dev.lockstep.report.FindingText;
import dev.lockstep.testing.CheckPages;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The page of each rule about time shows what the rule says of one fault in a simulated drive.
class TimePagesTest {
  private static final double SECONDS = 20;

  @TestFactory
  java.util.stream.Stream<DynamicTest> everyPageShowsWhatIsRendered() {
    return TimeRules.all().stream()
        // The minutes that a drift needs are not simulated here, see ClockDriftsTest.
        .filter(check -> !(check instanceof ClockDrifts))
        // Rules that judge by a profile have their own tests.
        .filter(check -> !(check instanceof RigRule))
        .map(check ->
            dynamicTest(check.card().id(), () -> CheckPages.assertComplete(check, example(check))));
  }

  private static String example(Check check) {
    SimulatedDrive drive = SimulatedDrive.standard(1, SECONDS);
    plant(check.card().id(), drive, drive.stream("/lidar"));
    return TimeRules.over(drive.columns()).findings().stream()
        .filter(f -> f.check().id().equals(check.card().id()))
        .map(FindingText::of)
        .collect(Collectors.joining("\n"));
  }

  /// Puts a fault that the rule is for into the drive.
  private static void plant(String id, SimulatedDrive drive, Stream lidar) {
    switch (id) {
      case "TIM021" -> {
        for (String name : java.util.List.of("/lidar", "/camera", "/imu", "/status")) {
          Stream stream = drive.fileNamesOnly(name);
          stream.shiftStamps(
              0, stream.messages.size(), 46_000 * Times.SECOND - SimulatedDrive.BEGIN_NS);
        }
        lidar.messages.forEach(m -> m.stampNs *= 1000);
      }
      case "TIM001" -> lidar.shiftStamps(90, 91, -350_000_000);
      case "TIM002" -> lidar.at(91).stampNs = lidar.at(90).stampNs;
      case "TIM003" -> {
        for (int i = 90; i < 97; i++) {
          lidar.at(i).stampNs = lidar.at(90).stampNs;
        }
      }
      case "TIM004" -> lidar.at(90).stampNs = 0;
      case "TIM005" -> lidar.messages.subList(80, 200).forEach(m -> m.stampNs /= 1000);
      case "TIM006" ->
          lidar.shiftStamps(80, 85, 315_964_800L * Times.SECOND - SimulatedDrive.BEGIN_NS);
      case "TIM007" -> lidar.shiftStamps(80, 200, 37 * Times.SECOND);
      case "TIM008" -> lidar.messages.subList(80, 83).clear();
      case "TIM009" -> lidar.shiftStamps(90, 91, 30_000_000);
      case "TIM010" -> {
        for (int i = 199; i > 80; i -= 2) {
          lidar.messages.remove(i);
        }
        for (int i = 0; i < lidar.messages.size(); i++) {
          lidar.at(i).sequence = i + 1;
        }
      }
      case "TIM011" -> {
        Random random = new Random(11);
        Stream camera = drive.stream("/camera");
        for (int i = 0; i < camera.messages.size(); i++) {
          camera.shiftStamps(i, i + 1, (long) (5_500_000 * random.nextGaussian()));
        }
      }
      case "TIM012" ->
          lidar.messages.forEach(m -> m.stampNs = Double.valueOf(m.stampNs).longValue());
      case "TIM013" -> lidar.messages.subList(90, 200).forEach(m -> m.sequence += 5);
      case "TIM014" -> lidar.at(90).publishNs += 3600 * Times.SECOND;
      case "TIM015" -> drive.stream("/imu").messages.subList(0, 300).clear();
      case "TIM016" -> drive.stream("/imu").messages.subList(1700, 2000).clear();
      default -> throw new AssertionError("no example of " + id);
    }
  }
}
