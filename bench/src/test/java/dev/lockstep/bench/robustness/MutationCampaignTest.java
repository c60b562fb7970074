package dev.lockstep.bench.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutationCampaignTest {
  /// Tests run in their module's folder. What is larger than this costs too much time here.
  private static final List<String> SHORT =
      List.of("--max-bytes", "300000", "--hang-seconds", "300", "--memory-mib", "4096");

  private record Campaign(int exit, String text) {}

  private static Campaign campaign(Path work, String... more) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    List<String> args = new java.util.ArrayList<>(SHORT);
    args.addAll(List.of(more));
    args.addAll(List.of("--work", work.toString(), "../fixtures"));
    try (PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8)) {
      int exit = MutationCampaign.run(out, args.toArray(String[]::new));
      return new Campaign(exit, text.toString(StandardCharsets.UTF_8));
    }
  }

  @Test
  void everyPromiseIsKeptOnDamagedRecordings(@TempDir Path work) {
    Campaign campaign = campaign(work, "--rounds", "400", "--seed", "7");
    assertThat(campaign.exit).as(campaign.text).isZero();
    assertThat(campaign.text).containsPattern("\nall +400 +[34]\\d\\d +134 +[1-9]\\d+ +0\n");
  }

  @Test
  void aRoundCanBeRepeatedAlone(@TempDir Path work) throws IOException {
    Campaign first = campaign(work.resolve("a"), "--replay", "7:11");
    Campaign second = campaign(work.resolve("b"), "--replay", "7:11");
    assertThat(first.exit).as(first.text).isZero();
    assertThat(first.text).contains("\nround 7:11, ");
    assertThat(files(work.resolve("a/round-7-11"))).isNotEmpty();
    assertThat(files(work.resolve("b/round-7-11"))).isEqualTo(files(work.resolve("a/round-7-11")));
    assertThat(second.text.lines().filter(line -> line.startsWith("round")).toList())
        .isEqualTo(first.text.lines().filter(line -> line.startsWith("round")).toList());
  }

  private static List<String> files(Path folder) throws IOException {
    List<String> files = new java.util.ArrayList<>();
    try (var walk = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) walk.filter(Files::isRegularFile).sorted()::iterator) {
        files.add(
            folder.relativize(file)
                + " "
                + new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  @Test
  void eachKindOfMutationChangesTheFile() throws IOException {
    Path mcap = Path.of("../fixtures/mcap/clean-lz4/drive.mcap");
    Path text = Path.of("../fixtures/kitti/clean-tracking/oxts/0000.txt");
    for (MutationKind kind : MutationKind.values()) {
      byte[] sound = Files.readAllBytes(kind.name().startsWith("TEXT") ? text : mcap);
      int changed = 0;
      for (int seed = 0; seed < 20; seed++) {
        byte[] other = Files.readAllBytes(text);
        byte[] damaged = new Mutation(new SplittableRandom(seed), other).apply(kind, sound.clone());
        changed += java.util.Arrays.equals(sound, damaged) ? 0 : 1;
      }
      assertThat(changed).as(kind.label()).isGreaterThan(10);
    }
  }
}
