package dev.lockstep.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Formats;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.mapped.OffHeap;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.source.Probe;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.ScanUnit;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every [SourceFormat] promises. The test of a format implements this; its recordings are the
/// project's fixtures of the format, and what [#make] adds.
///
/// A recording is copied, damaged there by seed, and read. Each failure names the case, and the
/// round or cut, which repeats it.
public interface SourceFormatContract {
  /// Rounds of mutations over all recordings of a format.
  int MUTATIONS = Integer.getInteger("lockstep.fuzz", 60);

  /// Flips under checksums, and half the cuts, of a recording at most.
  int PLACES = 24;

  /// What is read of one damaged recording in all, about, bytes: large ones get fewer places, but
  /// at least [#FEWEST_PLACES].
  long READ_BYTES = 8 << 20;

  int FEWEST_PLACES = 8;

  /// Far above what any of these small recordings takes: it tells a reader that hangs.
  Duration PATIENCE = Duration.ofSeconds(60);

  /// What the heap of a process may vary by with nothing leaked, bytes; judged. A reader that kept
  /// 53 kB of each of twenty reads would exceed it.
  long NOISE_BYTES = 1 << 20;

  /// Files that describe a fixture and are no part of a recording.
  Set<String> ABOUT_FIXTURES = Set.of("expected.json", "README.md");

  /// The format.
  SourceFormat format();

  /// Writes further recordings into an empty folder, one below it each; nothing by default.
  ///
  /// @throws IOException if a file cannot be written
  default void make(Path folder) throws IOException {}

  /// Whether checksums that the recording stores protect every byte of `file`.
  default boolean underChecksum(Path file) {
    return false;
  }

  /// Whether a cut of `file` that costs messages or labels can be seen: whether the file says
  /// somewhere how long it is. Lists of lines and of points do not.
  default boolean tellsItsLength(Path file) {
    return true;
  }

  /// Places at which a file with that content is cut: by default where its quarters, its pages, its
  /// lines and its braces end, and around its ends.
  default TreeSet<Integer> edges(byte[] content) {
    int n = content.length;
    TreeSet<Integer> edges =
        new TreeSet<>(List.of(0, 1, n / 4, n / 2, n - n / 4, Math.max(0, n - 1)));
    Random random = new Random(n);
    for (int i = 0; i < PLACES && n > 0; i++) {
      int at = random.nextInt(n);
      edges.add(at);
      edges.add(at / 4096 * 4096);
      int line = at;
      while (line < n && content[line] != '\n' && content[line] != '}') {
        line++;
      }
      edges.add(Math.min(line + 1, n));
    }
    edges.remove(n);
    return edges;
  }

  /// A recording, and the folder that holds it and what belongs to it.
  ///
  /// @param folder everything
  /// @param path the recording
  record Case(Path folder, Path path) {
    /// The files, without those about the fixture.
    List<Path> files() throws IOException {
      try (Stream<Path> walk = Files.walk(folder)) {
        return walk.filter(Files::isRegularFile)
            .filter(file -> !ABOUT_FIXTURES.contains(file.getFileName().toString()))
            .sorted()
            .toList();
      }
    }

    /// How many places of it are damaged.
    int places() throws IOException {
      long sizeBytes = 1;
      for (Path file : files()) {
        sizeBytes += Files.size(file);
      }
      return Math.clamp(READ_BYTES / sizeBytes, FEWEST_PLACES, PLACES);
    }

    /// One file of each kind, by folder and name without digits, and as many more as make `count`.
    List<Path> someOfEachKind(int count) throws IOException {
      List<Path> all = files();
      Map<String, Path> kinds = new TreeMap<>();
      all.forEach(file -> kinds.putIfAbsent(file.toString().replaceAll("[0-9]+", "0"), file));
      Set<Path> chosen = new TreeSet<>(kinds.values());
      for (int f = 0; f < all.size(); f += Math.max(1, all.size() / count)) {
        if (chosen.size() < count) {
          chosen.add(all.get(f));
        }
      }
      return List.copyOf(chosen);
    }

    /// The same, copied to a folder that is emptied first.
    Case copyTo(Path target) throws IOException {
      clear(target);
      for (Path file : files()) {
        Path copy = target.resolve(folder.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
      return new Case(target, target.resolve(folder.relativize(path).toString()));
    }

    private static void clear(Path folder) throws IOException {
      if (Files.exists(folder)) {
        try (Stream<Path> walk = Files.walk(folder)) {
          List<Path> deepestFirst = walk.sorted((a, b) -> b.compareTo(a)).toList();
          for (Path each : deepestFirst) {
            Files.delete(each);
          }
        }
      }
    }

    @Override
    public String toString() {
      return folder.getFileName() + "/" + folder.relativize(path);
    }
  }

  /// Every recording of the format that the contract is held against.
  private List<Case> cases(Path scratch) throws IOException {
    List<Path> folders = new ArrayList<>(children(Path.of("..", "fixtures", format().name())));
    Path made = Files.createDirectories(scratch.resolve("made"));
    make(made);
    folders.addAll(children(made));
    List<Case> cases = new ArrayList<>();
    for (Path folder : folders) {
      for (Recording found : new RecordingFinder(Formats.ALL).find(folder).recordings()) {
        assertThat(found.format().name()).as(found.name()).isEqualTo(format().name());
        cases.add(new Case(folder, found.path()));
      }
    }
    assertThat(cases).as("recordings of " + format().name()).isNotEmpty();
    return cases;
  }

  private static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(Files::isDirectory).sorted().toList();
    }
  }

  @Test
  default void opensEveryRecording(@TempDir Path scratch) throws IOException {
    for (Case each : cases(scratch)) {
      ReaderDriver.Read read = new ReaderDriver(format()).read(each.path());
      assertThat(read.messageCount() + boxes(read)).as(each.toString()).isPositive();
      assertThat(read.coverage().totalBytes()).as(each.toString()).isPositive();
      assertLocated(read, each.path(), each.toString());
    }
  }

  @Test
  default void readsTheSameWithAnyNumberOfThreads(@TempDir Path scratch) throws IOException {
    for (Case each : cases(scratch)) {
      String one = new ReaderDriver(format()).read(each.path()).text();
      String three = new ReaderDriver(format()).threads(3).steps(1, 3).read(each.path()).text();
      assertThat(three).as(each.toString()).isEqualTo(one);
    }
  }

  @Test
  default void aloneClaimsItsRecordings(@TempDir Path scratch) throws IOException {
    for (Case each : cases(scratch)) {
      Probe probe = Probe.of(each.path());
      List<String> claimants =
          Formats.ALL.stream()
              .filter(format -> format.match(probe).claimed())
              .map(SourceFormat::name)
              .toList();
      assertThat(claimants).as(each.toString()).containsExactly(format().name());
    }
  }

  @Test
  default void tellsOfFlippedBitsUnderChecksums(@TempDir Path scratch) throws IOException {
    int flips = 0;
    for (Case each : cases(scratch)) {
      List<Path> files = each.files().stream().filter(this::underChecksum).toList();
      if (files.isEmpty()) {
        continue;
      }
      Set<String> before = findings(new ReaderDriver(format()).read(each.path()));
      Case copy = each.copyTo(scratch.resolve("copy"));
      int places = each.places();
      for (int n = 0; n < places; n++) {
        Random random = new Random(n);
        Path file = onCopy(each, copy, files.get(random.nextInt(files.size())));
        byte[] whole = Files.readAllBytes(file);
        byte[] flipped = whole.clone();
        int at = random.nextInt(whole.length);
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, flipped);
        ReaderDriver.Read read = new ReaderDriver(format()).read(copy.path());
        String how = each + ", flip " + n + " in byte " + at + " of " + file.getFileName();
        assertThat(findings(read)).as(how).isNotEqualTo(before);
        assertThat(read.defects(Severity.WARNING)).as(how).isNotEmpty();
        assertLocated(read, copy.path(), how);
        Files.write(file, whole);
        flips++;
      }
    }
    Assumptions.assumeTrue(flips > 0, "no file of the format is protected by a checksum");
  }

  @Test
  default void tellsOfCutsThatCostData(@TempDir Path scratch) throws IOException {
    for (Case each : cases(scratch)) {
      ReaderDriver.Read whole = new ReaderDriver(format()).read(each.path());
      Case copy = each.copyTo(scratch.resolve("copy"));
      int places = each.places();
      List<Path> files = each.someOfEachKind(places);
      for (Path original : files) {
        Path file = onCopy(each, copy, original);
        byte[] content = Files.readAllBytes(file);
        List<Integer> edges = new ArrayList<>(edges(content));
        int most = Math.max(4, 2 * places / files.size());
        for (int e = 0; e < edges.size(); e += Math.max(1, edges.size() / most)) {
          int length = edges.get(e);
          Files.write(file, Arrays.copyOf(content, length));
          String how = each + ", " + file.getFileName() + " cut to " + length;
          ReaderDriver.Read read = readInTime(copy.path(), how);
          assertLocated(read, copy.path(), how);
          if (tellsItsLength(original) && content(read) < content(whole)) {
            assertThat(findings(read)).as(how).isNotEqualTo(findings(whole));
          }
        }
        Files.write(file, content);
      }
    }
  }

  @Test
  default void survivesMutations(@TempDir Path scratch) throws IOException {
    List<Case> cases = cases(scratch);
    for (int n = 0; n < MUTATIONS; n++) {
      Random random = new Random(n);
      Case each = cases.get(n % cases.size());
      Case copy = each.copyTo(scratch.resolve("copy"));
      List<Path> files = copy.files();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        Path file = files.get(random.nextInt(files.size()));
        if (random.nextInt(10) == 0 && files.size() > 1) {
          Files.deleteIfExists(file);
        } else if (Files.exists(file)) {
          Files.write(file, mutated(Files.readAllBytes(file), random));
        }
      }
      if (!Files.exists(copy.path())) {
        continue;
      }
      String how = each + ", round " + n;
      ReaderDriver.Read read = readInTime(copy.path(), how);
      assertLocated(read, copy.path(), how);
      assertThat(new ReaderDriver(format()).threads(2).steps(2, 5).read(copy.path()).text())
          .as(how)
          .isEqualTo(read.text());
    }
  }

  /// Flips, overwrites, cuts, splices, repeats, zeros, and numbers that lie.
  private static byte[] mutated(byte[] bytes, Random random) {
    if (bytes.length == 0) {
      return new byte[random.nextInt(200)];
    }
    byte[] out = bytes.clone();
    int at = random.nextInt(bytes.length);
    int length = 1 + random.nextInt(Math.min(300, bytes.length - at));
    switch (random.nextInt(7)) {
      case 0 -> out[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> Arrays.fill(out, at, at + length, (byte) random.nextInt());
      case 2 -> Arrays.fill(out, at, at + length, (byte) '9');
      case 3 -> out = Arrays.copyOf(out, at);
      case 4 -> {
        out = Arrays.copyOf(out, bytes.length - length);
        System.arraycopy(bytes, at + length, out, at, bytes.length - at - length);
      }
      case 5 -> {
        out = Arrays.copyOf(out, bytes.length + length);
        System.arraycopy(bytes, at, out, at + length, bytes.length - at);
      }
      default -> {
        int from = random.nextInt(bytes.length - length + 1);
        System.arraycopy(bytes, from, out, at, length);
      }
    }
    return out;
  }

  @Test
  default void releasesMappings(@TempDir Path scratch) throws IOException {
    int mappings = MappedFile.openCount();
    long offHeapBytes = OffHeap.openBytes();
    for (Case each : cases(scratch)) {
      new ReaderDriver(format()).read(each.path());
      assertThat(MappedFile.openCount()).as(each + ", read").isEqualTo(mappings);
      assertThat(OffHeap.openBytes()).as(each + ", read").isEqualTo(offHeapBytes);
      try (RecordingReader reader = format().open(each.path(), ReadOptions.DEFAULT)) {
        reader.extend(reader.available(), false);
        ScanUnit first = reader.next();
        if (first != null) {
          first.scan();
        }
        reader.next();
      }
      assertThat(MappedFile.openCount()).as(each + ", left early").isEqualTo(mappings);
      assertThat(OffHeap.openBytes()).as(each + ", left early").isEqualTo(offHeapBytes);
    }
  }

  @Test
  default void privateMemoryDoesNotGrow(@TempDir Path scratch) throws IOException {
    Case each = cases(scratch).getFirst();
    for (int i = 0; i < 3; i++) {
      new ReaderDriver(format()).read(each.path());
    }
    long before = usedHeapBytes();
    long offHeapBytes = OffHeap.openBytes();
    for (int i = 0; i < 20; i++) {
      new ReaderDriver(format()).read(each.path());
    }
    assertThat(usedHeapBytes() - before).as("heap after 20 more reads").isLessThan(NOISE_BYTES);
    assertThat(OffHeap.openBytes()).isEqualTo(offHeapBytes);
  }

  private static long usedHeapBytes() {
    System.gc();
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private ReaderDriver.Read readInTime(Path path, String how) {
    return Assertions.assertTimeoutPreemptively(
        PATIENCE, () -> new ReaderDriver(format()).read(path), how);
  }

  private static Path onCopy(Case original, Case copy, Path file) {
    return copy.folder().resolve(original.folder().relativize(file).toString());
  }

  /// Every defect names a file or a stream, and bytes that the file has.
  private static void assertLocated(ReaderDriver.Read read, Path path, String how)
      throws IOException {
    for (Defect defect : read.defects()) {
      String file = defect.location().file();
      ByteRange bytes = defect.location().bytes();
      boolean placed = file != null || defect.location().stream() != null;
      assertThat(placed).as(how + ": place of " + defect).isTrue();
      if (bytes != null) {
        assertThat(file).as(how + ": bytes of no file: " + defect).isNotNull();
        Path named = Files.isDirectory(path) ? path.resolve(file) : path.resolveSibling(file);
        assertThat(bytes.endBytes())
            .as(how + ": bytes behind the end of " + defect)
            .isLessThanOrEqualTo(Files.size(named));
      }
    }
  }

  private static Set<String> findings(ReaderDriver.Read read) {
    Set<String> texts = new TreeSet<>();
    read.defects().forEach(defect -> texts.add(defect.toString()));
    return texts;
  }

  private static long boxes(ReaderDriver.Read read) {
    return read.labels().stream().mapToLong(LabelSet::size).sum();
  }

  /// Readable messages, their points, boxes, poses and calibrations: what a loss would make less.
  private static long content(ReaderDriver.Read read) {
    long content = boxes(read) + read.calibrations().size();
    content += read.poses().stream().mapToLong(poses -> poses.size()).sum();
    for (int s = 0; s < read.streams().size(); s++) {
      MessageBatch rows = read.messages(s);
      for (int r = 0; r < rows.size(); r++) {
        boolean readable = (rows.flags()[r] & MessageBatch.UNREADABLE) == 0;
        content += readable ? 1 : 0;
        content += rows.points().length == 0 ? 0 : Math.max(0, rows.points()[r]);
      }
    }
    return content;
  }
}
