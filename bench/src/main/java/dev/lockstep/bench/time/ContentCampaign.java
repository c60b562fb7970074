package dev.lockstep.bench.time;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.sync.ContentLags;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.TurnTrack;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.av2.Av2Format;
import dev.lockstep.source.folder.FolderFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Lets real sensors show what is past under stamps that stay as they are, and counts what SYN021
/// says: of stretches by chance of recordings in which two sensors show turns.
public final class ContentCampaign {
  private static final String USAGE =
      """
      Usage: lockstep bench content [--trials N] [--seed N] [DATA]
      Takes stretches of 30 s (all of shorter recordings) of real motion below DATA (default:
      ../shared/data), N of each size (default: 20), stamps one of two sensors later or earlier by
      that size, and counts what SYN021 finds. Found is what is reported within 10 ms.\
      """;

  private static final String GROUND_TRUTH =
      """
      streams:
        - {stream: imu0, modality: imu, stamps: {list: "mav0/{stream}/data.csv"}, turns: {rates: [1, 2, 3]}}
        - {stream: gt0, modality: pose, stamps: {list: "mav0/{stream}/data.csv"}, turns: {quaternion: [4, 5, 6, 7]}}
      """;

  private static final double[] SIZES_MS = {0, 30, 50, 100, 200, 500};
  private static final long STRETCH_NS = 30_000_000_000L;
  private static final double NEAR_MS = 10;

  private ContentCampaign() {}

  /// Entry point of the campaign.
  public static void main(String... args) throws IOException {
    int trials = 20;
    long seed = 1;
    Path data = Path.of("../shared/data");
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--trials" -> trials = Integer.parseInt(args[++i]);
        case "--seed" -> seed = Long.parseLong(args[++i]);
        case "--help" -> {
          System.out.println(USAGE);
          return;
        }
        default -> data = Path.of(args[i]);
      }
    }
    System.out.println(
        "pair                                     ms | trials found wrong missed undecided");
    for (Pair pair : pairs(data)) {
      for (double size : SIZES_MS) {
        pair.run(size, trials, new Random(seed));
      }
    }
  }

  private static List<Pair> pairs(Path data) throws IOException {
    List<Pair> pairs = new ArrayList<>();
    Path euroc = data.resolve("multisensor/Kimera-VIO/tests/data/ForOnlineAlignment");
    SourceFormat truth = FolderFormat.of(GROUND_TRUTH, "layout", List.of());
    add(pairs, euroc, truth);
    add(pairs, euroc.resolve("real_data"), truth);
    add(
        pairs,
        data.resolve("multisensor/comma2k19/Example_1/b0c9d2329ad1606b|2018-08-02--08-34-47/40"),
        FolderFormat.of(FolderFormat.preset("comma2k19"), "comma2k19", List.of()));
    Path unit = data.resolve("av2/av2-api/tests/unit");
    add(
        pairs,
        unit.resolve("test_data/sensor/val/7fab2350-7eaf-3b7e-a39d-6937a4c1bede"),
        new Av2Format());
    for (String log :
        List.of("3bffdcff-c3a7-38b6-a0f2-64196d130958", "3b3570b4-7b0b-3268-a571-b0889dbf40b6")) {
      add(pairs, unit.resolve("evaluation/scenario_mining/data").resolve(log), new Av2Format());
    }
    return pairs;
  }

  private static void add(List<Pair> pairs, Path path, SourceFormat format) throws IOException {
    if (!Files.isDirectory(path)) {
      System.out.println("absent: " + path);
      return;
    }
    Taken taken = new Taken();
    try (Engine engine = new Engine(List.of(taken), EngineOptions.defaults())) {
      engine.check(path, "drive", format);
    }
    Alignment alignment = taken.alignment;
    if (alignment == null || alignment.turning().isEmpty()) {
      System.out.println("no turns: " + path);
      return;
    }
    Alignment.Turning first = alignment.turning().getFirst();
    PoseSeries poses = alignment.poses();
    Alignment.Turning second =
        alignment.turning().size() > 1
            ? alignment.turning().get(1)
            : poses == null ? null : ContentLags.ofPoses(poses);
    if (second != null) {
      String name = path.getFileName().toString();
      pairs.add(new Pair(name.substring(0, Math.min(18, name.length())), first, second));
    }
  }

  /// Two sensors of one recording.
  private record Pair(String name, Alignment.Turning first, Alignment.Turning second) {
    void run(double sizeMs, int trials, Random random) {
      int found = 0;
      int wrong = 0;
      int missed = 0;
      int undecided = 0;
      long beginNs = Math.max(first.track().timesNs()[0], second.track().timesNs()[0]);
      long endNs = Math.min(end(first.track()), end(second.track()));
      long room = endNs - beginNs - STRETCH_NS;
      boolean whole = room < STRETCH_NS / 2;
      for (int trial = 0; trial < trials; trial++) {
        long fromNs = whole ? beginNs : beginNs + (long) (random.nextDouble() * room);
        long toNs = whole ? endNs : fromNs + STRETCH_NS;
        double lateMs = (random.nextBoolean() ? 1 : -1) * (sizeMs + random.nextDouble());
        lateMs = sizeMs == 0 ? 0 : lateMs;
        Heard heard = judged(fromNs, toNs, Math.round(lateMs * 1e6));
        if (heard.undecided) {
          undecided++;
        } else if (!heard.reported) {
          missed++;
        } else if (sizeMs > 0 && Math.abs(Math.abs(heard.offsetMs) - Math.abs(lateMs)) <= NEAR_MS) {
          found++;
        } else {
          wrong++;
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%-18s %-18s %4.0f | %6d %5d %5d %6d %9d%n",
          name,
          first.info().name(),
          sizeMs,
          trials,
          found,
          wrong,
          missed,
          undecided);
    }

    private static long end(TurnTrack track) {
      return track.timesNs()[track.size() - 1];
    }

    private Heard judged(long fromNs, long toNs, long laterNs) {
      Alignment part =
          new Alignment(
              List.of(),
              List.of(),
              List.of(part(first, fromNs, toNs, laterNs), part(second, fromNs, toNs, 0)),
              List.of(),
              null,
              new SharedAnalyses());
      Heard heard = new Heard();
      new ContentLags()
          .examine(
              part,
              (subject, examination) ->
                  heard.undecided |= examination.apply(heard) instanceof Conclusion.Undecided);
      return heard;
    }

    private static Alignment.Turning part(
        Alignment.Turning of, long fromNs, long toNs, long laterNs) {
      StreamInfo info =
          StreamInfo.of(0, of.info().name(), Modality.POSE, StampSource.HEADER, "", "");
      return new Alignment.Turning(info, of.track().part(fromNs, toNs, laterNs), List.of());
    }
  }

  /// What the rule said.
  private static final class Heard implements CheckSink {
    private boolean undecided;
    private boolean reported;
    private double offsetMs;

    @Override
    public void report(
        Severity severity,
        String title,
        Location location,
        Evidence evidence,
        @Nullable Cause cause) {
      reported = true;
    }

    @Override
    public void measure(String quantity, double value, String unit) {
      if (quantity.equals("content-offset")) {
        offsetMs = value;
      }
    }
  }

  /// Takes the streams of a recording side by side.
  private static final class Taken implements AlignmentCheck {
    private @Nullable Alignment alignment;

    @Override
    public CheckCard card() {
      return new ContentLags().card();
    }

    @Override
    public boolean readsTurns() {
      return true;
    }

    @Override
    public void examine(Alignment streams, Results results) {
      alignment = streams;
    }
  }
}
