package dev.lockstep.lineage;

import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.model.Severity;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.RecordingCutter.Part;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Leaves out of a cut which parts of its container it can do without: large groups of parts first,
/// then smaller ones, and again in what is left, until nothing more can go.
///
/// A part stays if without it the finding is gone, or another check finds something that found
/// nothing in the cut. Where the finding is about the container alone, those are the checks of
/// containers: holes in streams do not matter there. Bytes of messages go only where whole messages
/// make too large a cut; then the checks of payloads may complain about those messages.
final class Reduction {
  /// Cuts that are tried at most. Judged: a chunk of ten thousand records of which one counts needs
  /// 40, its bytes as many.
  private static final int MAX_TRIES = 500;

  /// Rounds at most. Judged: bytes are divided by 32 in each.
  private static final int MAX_ROUNDS = 8;

  /// Checks that look at what is in messages.
  private static final Pattern OF_PAYLOADS = Pattern.compile("INT02\\d|LID\\d+|VID\\d+|LAB\\d+");

  /// Checks of containers.
  private static final Pattern OF_CONTAINERS = Pattern.compile("INT0[01]\\d");

  private final SourceFormat format;
  private final Engine engine;
  private final ReportedFinding target;
  private final boolean exact;
  private final Folders folders;
  private final Set<String> allowed = new HashSet<>();
  private boolean withinMessages;
  private int tries;

  /// Two folders: one with the smallest cut so far, one for the next.
  static final class Folders {
    private Path best;
    private Path next;

    Folders(Path best, Path next) {
      this.best = best;
      this.next = next;
    }

    /// The folder with the smallest cut.
    Path best() {
      return best;
    }

    private void swap() {
      Path was = best;
      best = next;
      next = was;
    }
  }

  /// What is left.
  ///
  /// @param streams the streams that it has
  /// @param tries cuts that were tried
  record Reduced(Path recording, Set<String> streams, int tries) {}

  /// A reduction of what lies in `folders`.
  ///
  /// @param result what the engine says of it
  /// @param exact whether the finding has to read the same but for its numbers
  Reduction(
      SourceFormat format,
      Engine engine,
      ReportedFinding target,
      RecordingResult result,
      boolean exact,
      Folders folders) {
    this.format = format;
    this.engine = engine;
    this.target = target;
    this.exact = exact;
    this.folders = folders;
    allowed.add(target.check());
    result.findings().forEach(finding -> allowed.add(finding.check().id()));
  }

  /// Reduces the cut at `recording`.
  ///
  /// @param enoughBytes length from which on messages stay whole
  /// @throws IOException if it cannot be read or written
  Reduced reduce(Path recording, long enoughBytes) throws IOException {
    Path best = recording;
    Set<String> streams = Set.of();
    for (int round = 0; round < MAX_ROUNDS; round++) {
      try (RecordingCutter cutter = format.cutter(best)) {
        streams = cutter == null ? streams : Set.copyOf(cutter.streams());
        Path less = cutter == null ? null : less(cutter);
        if (less != null) {
          best = less;
        } else if (!withinMessages && Reproduction.bytes(folders.best()) > enoughBytes) {
          withinMessages = true;
        } else {
          break;
        }
      }
    }
    return new Reduced(best, streams, tries);
  }

  /// A smaller cut, or null if there is none.
  private @Nullable Path less(RecordingCutter cutter) throws IOException {
    List<Part> parts = cutter.parts();
    BitSet kept = new BitSet(parts.size());
    kept.set(0, parts.size());
    boolean any = false;
    for (List<Integer> level : levels(parts)) {
      List<Integer> left = new ArrayList<>();
      for (int part : level) {
        int parent = parts.get(part).parent();
        if (parent >= 0 && !kept.get(parent)) {
          kept.clear(part);
        } else if (!parts.get(part).within() || withinMessages) {
          left.add(part);
        }
      }
      any |= thin(cutter, kept, left);
    }
    if (!any) {
      return null;
    }
    long before = Reproduction.bytes(folders.best());
    Reproduction.empty(folders.next);
    Path cut = cutter.cut(kept, folders.next);
    if (Reproduction.bytes(folders.next) >= before) {
      return null;
    }
    folders.swap();
    return cut;
  }

  /// The numbers of parts that lie in no other, then of those that lie in one of these, and so on.
  private static List<List<Integer>> levels(List<Part> parts) {
    List<List<Integer>> levels = new ArrayList<>();
    int[] depths = new int[parts.size()];
    for (int i = 0; i < depths.length; i++) {
      int parent = parts.get(i).parent();
      depths[i] = parent < 0 ? 0 : depths[parent] + 1;
      while (levels.size() <= depths[i]) {
        levels.add(new ArrayList<>());
      }
      levels.get(depths[i]).add(i);
    }
    return levels;
  }

  /// Clears those parts of `left` that the finding does not need; whether there was one.
  private boolean thin(RecordingCutter cutter, BitSet kept, List<Integer> left) throws IOException {
    boolean any = false;
    for (int size = left.size(); size > 0; size = size == 1 ? 0 : (size + 1) / 2) {
      for (int from = 0; from < left.size() && tries < MAX_TRIES; ) {
        List<Integer> group = left.subList(from, Math.min(left.size(), from + size));
        group.forEach(kept::clear);
        if (gives(cutter, kept)) {
          any = true;
          group.clear();
        } else {
          group.forEach(kept::set);
          from += size;
        }
      }
    }
    return any;
  }

  private boolean gives(RecordingCutter cutter, BitSet kept) throws IOException {
    tries++;
    Reproduction.empty(folders.next);
    Path cut = cutter.cut(kept, folders.next);
    RecordingResult result = engine.check(cut, ManifestFiles.name(cut), format);
    if (Reproduction.matching(result, target, exact) == null) {
      return false;
    }
    for (Finding finding : result.findings()) {
      String check = finding.check().id();
      boolean known =
          allowed.contains(check)
              || finding.severity() == Severity.INFO
              || target.location().stream() == null && !OF_CONTAINERS.matcher(check).matches();
      if (!known && !(withinMessages && OF_PAYLOADS.matcher(check).matches())) {
        return false;
      }
    }
    return true;
  }
}
