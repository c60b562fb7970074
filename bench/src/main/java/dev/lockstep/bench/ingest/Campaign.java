package dev.lockstep.bench.ingest;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/// Runs a campaign against the TCP endpoint and prints its table:
///
/// ```text
/// ./lockstep bench endpoint power [ROUNDS] [SEED]
/// ... kill [ROUNDS] [SEED] [FOLDER]
/// ... full FOLDER [ROUNDS] [SEED]          FOLDER is a file system of its own, 8 to 64 MB
/// ... bad [ATTEMPTS] [SEED] [FOLDER]
/// ... load [BYTES] [SENDERS] [FOLDER]
/// ... peers NODE_MODULES [FOLDER]
/// ```
public final class Campaign {
  private Campaign() {}

  /// Runs one campaign.
  ///
  /// @param args name of the campaign, then its numbers
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out));
    String name = args.length == 0 ? "" : args[0];
    String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
    switch (name) {
      case "load" ->
          EndpointLoad.run(
              folder(rest, 2), number(rest, 0, 2_000_000_000), (int) number(rest, 1, 200), out);
      case "power" -> power(out, (int) number(rest, 0, 1000), number(rest, 1, 1));
      case "kill" -> kill(out, (int) number(rest, 0, 1000), number(rest, 1, 1), folder(rest, 2));
      case "full" -> full(out, rest);
      case "bad" -> bad(out, (int) number(rest, 0, 5000), number(rest, 1, 1), folder(rest, 2));
      case "peers" -> PeerClients.run(folder(rest, 1), Path.of(rest[0]), out);
      default ->
          throw new IllegalArgumentException(
              "campaign: " + name + " (known: bad, full, kill, load, peers, power)");
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

  private static Path folder(String[] args, int index) throws IOException {
    return args.length > index
        ? Files.createDirectories(Path.of(args[index]))
        : Files.createTempDirectory("lockstep-campaign");
  }

  private static void kill(PrintStream out, int rounds, long seed, Path work) throws Exception {
    Map<KillCampaign.Trouble, KillCampaign.Tally> tallies = KillCampaign.play(work, rounds, seed);
    out.println(
        "| promise | fault | rounds | acknowledged bytes held against it | sealed | losses |");
    out.println("|---|---|---|---|---|---|");
    tallies.forEach((trouble, tally) ->
        out.printf(
            "| acknowledged bytes are there and right, start needs nobody | %s | %d | %d | %d | 0"
                + " |%n",
            trouble.words, tally.rounds, tally.acknowledgedBytes, tally.sealedParts));
  }

  private static void full(PrintStream out, String[] args) throws Exception {
    Map<DiskFull.Fault, DiskFull.Tally> result =
        DiskFull.play(Path.of(args[0]), (int) number(args, 1, 200), number(args, 2, 1));
    out.println("| promise | fault | rounds | disk ran full | acknowledged bytes | losses |");
    out.println("|---|---|---|---|---|---|");
    result.forEach((fault, tally) ->
        out.printf(
            "| acknowledged bytes are there and right, goes on once there is space | %s | %d | %d"
                + " | %d | 0 |%n",
            fault.words, tally.rounds, tally.full, tally.acknowledgedBytes));
  }

  private static void bad(PrintStream out, int attempts, long seed, Path work) throws Exception {
    byte[] recording = Files.readAllBytes(Path.of("fixtures/mcap/clean-lz4/drive.mcap"));
    BadInput.Result result = BadInput.play(work, attempts, seed, recording);
    out.println("| sent | attempts | answers |");
    out.println("|---|---|---|");
    result
        .attempts()
        .forEach((attack, count) ->
            out.printf("| %s | %d | %s |%n", attack.words, count, result.answers().get(attack)));
    out.printf(
        "%nsound streams beside them, all sealed as sent: %d; buffers leaked: %d%n",
        result.soundStreams(), result.leaks());
  }
}
