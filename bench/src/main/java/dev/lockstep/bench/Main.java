package dev.lockstep.bench;

import dev.lockstep.bench.ingest.SidecarLoad;
import dev.lockstep.bench.ingest.ThreeDoors;
import dev.lockstep.bench.labels.LabelScore;
import dev.lockstep.bench.labels.LabelSpeed;
import dev.lockstep.bench.labels.SensorScore;
import dev.lockstep.bench.robustness.CutSizes;
import dev.lockstep.bench.robustness.FaultCampaign;
import dev.lockstep.bench.robustness.MutationCampaign;
import dev.lockstep.bench.speed.ShadowCost;
import dev.lockstep.bench.speed.SideBySide;
import dev.lockstep.bench.time.ContentCampaign;
import dev.lockstep.bench.time.TimeCampaign;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Entry point of the benchmarks: `./lockstep bench NAME ...`. To add a campaign, add its line
/// here.
public final class Main {
  private static final Map<String, Campaign> CAMPAIGNS = campaigns();

  private Main() {}

  /// Something to run.
  ///
  /// @param summary what it does, in a few words
  private record Campaign(String summary, Program program) {}

  private interface Program {
    void main(String... args) throws Exception;
  }

  private static Map<String, Campaign> campaigns() {
    Map<String, Campaign> all = new LinkedHashMap<>();
    all.put("jmh", new Campaign("benchmarks, with the options of JMH", org.openjdk.jmh.Main::main));
    all.put("mutations", new Campaign("damages recordings at random", MutationCampaign::main));
    all.put(
        "faults", new Campaign("each fault of the kit, and what is found", FaultCampaign::main));
    all.put("score", new Campaign("faults planted in labels, and what is found", LabelScore::main));
    all.put(
        "score-sensors",
        new Campaign("the same for faults that only sensors show", SensorScore::main));
    all.put("label-speed", new Campaign("label rows a second, beside the floor", LabelSpeed::main));
    all.put("repro", new Campaign("how small the cut of each finding is", CutSizes::main));
    all.put("shadow", new Campaign("what a second read costs", ShadowCost::main));
    all.put("speed", new Campaign("whole checks beside their floor and peers", SideBySide::main));
    all.put("time", new Campaign("faults planted into real stamps", TimeCampaign::main));
    all.put("content", new Campaign("real motion under stamps that lie", ContentCampaign::main));
    all.put("doors", new Campaign("one verdict through all doors", ThreeDoors::main));
    all.put("sidecar", new Campaign("what watching costs a recorder", SidecarLoad::main));
    all.put(
        "endpoint",
        new Campaign(
            "kill, power, bad or load: the TCP endpoint",
            dev.lockstep.bench.ingest.Campaign::main));
    return all;
  }

  public static void main(String[] args) throws Exception {
    Campaign named = args.length == 0 ? null : CAMPAIGNS.get(args[0]);
    if (named != null) {
      named.program().main(Arrays.copyOfRange(args, 1, args.length));
      return;
    }
    if (args.length > 0) {
      System.err.println("lockstep bench: unknown name: " + args[0]);
    }
    System.err.println("Usage: lockstep bench NAME ...");
    CAMPAIGNS.forEach((name, each) -> System.err.printf("  %-14s %s%n", name, each.summary()));
    System.exit(2);
  }
}
