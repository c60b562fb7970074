package dev.lockstep.bench.ingest;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Map;

/// Runs a campaign against the TCP endpoint and prints its table:
///
/// ```text
/// java -cp bench/target/benchmarks.jar dev.lockstep.bench.ingest.Campaign power [ROUNDS] [SEED]
/// ```
public final class Campaign {
  private Campaign() {}

  /// @param args name of the campaign, then its numbers
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out));
    String name = args.length == 0 ? "" : args[0];
    String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
    switch (name) {
      case "power" -> power(out, (int) number(rest, 0, 1000), number(rest, 1, 1));
      default -> throw new IllegalArgumentException("campaign: " + name + " (known: power)");
    }
    out.flush();
  }

  static long number(String[] args, int index, long otherwise) {
    return args.length > index ? Long.parseLong(args[index]) : otherwise;
  }

  private static void power(PrintStream out, int rounds, long seed) {
    out.println("| promise | fault | rounds | acknowledged bytes held against it | losses |");
    out.println("|---|---|---|---|---|");
    for (Map.Entry<PowerLoss.Fault, PowerLoss.Result> each :
        PowerLoss.play(seed, rounds).entrySet()) {
      out.printf(
          "| acknowledged bytes are there and right, seals hold, start needs nobody | %s | %d | %d"
              + " | 0 |%n",
          each.getKey().words, each.getValue().rounds(), each.getValue().acknowledgedBytes());
    }
  }
}
