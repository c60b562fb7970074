package dev.lockstep.cli;

import dev.lockstep.report.FindingText;
import dev.lockstep.synth.Injector;
import dev.lockstep.synth.fault.Corruption;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.fault.InapplicableFaultException;
import dev.lockstep.synth.fault.Injection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep inject`: plants known faults in a copy of a recording.
@Command(
    name = "inject",
    description = "Plants seeded faults in a copy of a recording, and says what should be found.")
final class InjectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "PATH", description = "Recording; it is not changed.")
  private @Nullable Path input;

  @Option(
      names = "--fault",
      paramLabel = "NAME[:KEY=VALUE,...]",
      description =
          "Fault to plant; repeatable. Keys: stream, at (message or frame), and the fault's own.")
  private List<String> faults = List.of();

  @Option(names = "--seed", paramLabel = "N", description = "Decides what is not set. Default: 1.")
  private long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the damaged copy and " + Injector.EXPECTED + ".")
  private @Nullable Path out;

  @Option(names = "--list", description = "Lists the faults and ends.")
  private boolean list;

  private static String words(Injection injection) {
    String place = FindingText.place(injection.location());
    return injection.spec().name()
        + ": "
        + injection.what()
        + (place.isEmpty() ? "" : ", at " + place)
        + (injection.effective()
            ? " (expected: " + String.join(" or ", injection.expected()) + ")"
            : " (changes nothing that could be seen)");
  }

  @Override
  public Integer call() {
    if (list) {
      Corruption.names().forEach((name, summary) -> System.out.printf("%-28s %s%n", name, summary));
      return ExitCode.CLEAN;
    }
    Path from = input;
    Path to = out;
    if (from == null || to == null || faults.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "needs PATH, --fault and --out (or --list)");
    }
    if (!Files.exists(from)) {
      throw new ParameterException(spec.commandLine(), from + ": no such file or folder");
    }
    try {
      List<FaultSpec> specs = new ArrayList<>();
      for (String fault : faults) {
        specs.add(FaultSpec.parse(fault, seed));
      }
      for (Injection injection : Injector.inject(from, specs, to)) {
        System.out.println(words(injection));
      }
      return ExitCode.CLEAN;
    } catch (InapplicableFaultException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      Messages.error(Messages.reason(e));
      return ExitCode.INPUT_OUTPUT;
    }
  }
}
