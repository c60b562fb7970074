package dev.lockstep.bench.robustness;

import dev.lockstep.bench.robustness.Judge.Judgement;
import dev.lockstep.bench.robustness.Seeds.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/// One damage to one file of one recording, and what came of it.
final class Round {
  /// Spreads the rounds of one campaign over the seeds of the generator.
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private final Seed recording;
  private final Path file;
  private final byte[] sound;
  private final MutationKind kind;
  private final String name;
  private final SplittableRandom random;

  /// Damages the file.
  ///
  /// @throws IOException if it cannot be read or written
  Round(Seeds seeds, long seed, int round) throws IOException {
    random = new SplittableRandom((seed << 32) + round * SPREAD);
    recording = seeds.pick(random);
    List<Path> files = recording.files();
    file = files.get(random.nextInt(files.size()));
    sound = Files.readAllBytes(file);
    byte[] other = other(seeds);
    List<MutationKind> kinds = MutationKind.of(file.getFileName().toString());
    kind = kinds.get(random.nextInt(kinds.size()));
    Mutation mutation = new Mutation(random, other);
    int count = random.nextInt(5) < 3 ? 1 : random.nextInt(2, 5);
    byte[] bytes = sound.clone();
    for (int i = 0; i < count; i++) {
      bytes = mutation.apply(kind, bytes);
    }
    if (kind == MutationKind.DELETE_FILE && files.size() > 1) {
      Files.delete(file);
    } else {
      Files.write(file, bytes);
    }
    name =
        "round "
            + seed
            + ":"
            + round
            + ", "
            + kind.label()
            + " of "
            + recording.folder().relativize(file)
            + " of "
            + recording.name()
            + ": "
            + mutation.told();
  }

  private byte[] other(Seeds seeds) throws IOException {
    // Mostly of the same kind: what does not look alike at all is soon dismissed.
    String ending = ending(file);
    for (int attempt = 0; attempt < 4; attempt++) {
      List<Path> files = seeds.pick(random).files();
      Path candidate = files.get(random.nextInt(files.size()));
      if (ending(candidate).equals(ending)) {
        return Files.readAllBytes(candidate);
      }
    }
    return sound;
  }

  private static String ending(Path path) {
    String name = path.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  MutationKind kind() {
    return kind;
  }

  /// Which round it is and what was done.
  String name() {
    return name;
  }

  /// Where the damaged recording lies.
  Path folder() {
    return recording.folder();
  }

  /// Checks the damaged recording.
  Judgement run(Judge judge, boolean inPieces) {
    return judge.judge(recording.folder(), random.split(), inPieces);
  }

  /// Undoes the damage.
  ///
  /// @throws IOException if the file cannot be written
  void restore() throws IOException {
    Files.write(file, sound);
  }
}
