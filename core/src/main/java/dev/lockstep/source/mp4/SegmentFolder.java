package dev.lockstep.source.mp4;

import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.source.FileFaults;
import dev.lockstep.source.Part;
import dev.lockstep.source.PartsReader;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.RecordingSink;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A folder that holds one stream in segments (DASH, HLS, CMAF): an initialisation with the tables,
/// and files of fragments. Several representations may lie beside each other.
///
/// Segments make it one recording also while their initialisation is missing: it may come later
/// than they do.
final class SegmentFolder {
  private static final Set<String> SEGMENTS = Set.of("m4s", "cmfv", "cmfa", "cmft", "m4v", "m4a");

  /// Extensions that whole files bear, too.
  private static final Set<String> WHOLE_TOO = Set.of("mp4", "m4v", "m4a");

  /// Extensions of what may lie beside; anything else makes the folder no recording of ours.
  private static final Set<String> BESIDE =
      Set.of("mpd", "m3u8", "txt", "md", "json", "xml", "sha256", "arrow", "");

  /// The word `init` in a name.
  private static final Pattern INIT = Pattern.compile("(?:^|(?<=[^a-z]))init(?=[^a-z]|$)");

  /// How far the length that a manifest tells may be from that of the segments, seconds and share.
  /// Judged: sound ends with a frame, and periods are told in milliseconds or to the frame.
  private static final double DURATION_SECONDS = 0.25;

  private static final double DURATION_SHARE = 0.005;

  /// Names that a finding repeats.
  private static final int SHOWN = 3;

  private static final Pattern NUMBER = Pattern.compile("\\d+|\\D+");

  private final List<Group> groups;
  private final List<String> manifests;

  /// An initialisation, null if it is missing, and its segments, in order.
  ///
  /// @param progress what its fragments have come to
  private record Group(
      @Nullable String init, String key, List<String> segments, Continuation progress) {
    Group(@Nullable String init, String key) {
      this(init, key, new ArrayList<>(), new Continuation());
    }

    boolean holds(String file) {
      return file.equals(init) || segments.contains(file);
    }
  }

  private SegmentFolder(List<Group> groups, List<String> manifests) {
    this.groups = groups;
    this.manifests = manifests;
  }

  /// The folder as one recording, or null if it is none.
  static @Nullable SegmentFolder of(Path folder, List<String> children) throws IOException {
    List<Group> groups = new ArrayList<>();
    List<String> segments = new ArrayList<>();
    for (String child : children) {
      String lower = child.toLowerCase(Locale.ROOT);
      String extension = extension(lower);
      boolean media = SEGMENTS.contains(extension) || extension.equals("mp4");
      boolean deeper = Files.isDirectory(folder.resolve(child));
      if (child.startsWith(".") || !deeper && !media && BESIDE.contains(extension)) {
        continue;
      }
      if (deeper || !media) {
        return null;
      }
      Matcher init = INIT.matcher(stem(lower));
      if (init.find()) {
        groups.add(new Group(child, key(init.replaceFirst(""))));
      } else {
        segments.add(child);
      }
    }
    if (segments.isEmpty()) {
      return null;
    }
    if (groups.isEmpty()) {
      groups.add(new Group(null, ""));
    }
    for (String segment : segments) {
      Group group = groupOf(segment, groups);
      if (group == null || !isSegment(folder.resolve(segment))) {
        return null;
      }
      group.segments().add(segment);
    }
    groups.forEach(group -> group.segments().sort(BY_NUMBERS));
    return new SegmentFolder(
        groups, children.stream().filter(child -> extension(child).equals("mpd")).toList());
  }

  private static @Nullable Group groupOf(String segment, List<Group> groups) {
    if (groups.size() == 1) {
      return groups.getFirst();
    }
    String stem = stem(segment.toLowerCase(Locale.ROOT));
    Group best = null;
    for (Group group : groups) {
      boolean longer = best == null || group.key().length() > best.key().length();
      if (!group.key().isEmpty() && stem.contains(group.key()) && longer) {
        best = group;
      }
    }
    return best;
  }

  /// Whether a file begins as a segment without tables of its own.
  private static boolean isSegment(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    if (!WHOLE_TOO.contains(extension(file.toString().toLowerCase(Locale.ROOT)))) {
      return true;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(Mp4Layout.HEAD_BYTES);
      int type = head.length < Mp4Layout.HEAD_BYTES ? 0 : ByteBuffer.wrap(head).getInt(4);
      return type == Mp4Layout.STYP || type == Mp4Layout.MOOF || type == Mp4Layout.SIDX;
    }
  }

  private static String extension(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1);
  }

  private static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /// What is left of a name without the word, and without what joined the two.
  private static String key(String rest) {
    return rest.replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
  }

  /// Names by their numbers: 2 before 10.
  private static final Comparator<String> BY_NUMBERS =
      (a, b) -> {
        Matcher left = NUMBER.matcher(a);
        Matcher right = NUMBER.matcher(b);
        while (left.find() && right.find()) {
          String l = left.group();
          String r = right.group();
          boolean numbers = Character.isDigit(l.charAt(0)) && Character.isDigit(r.charAt(0));
          int order = numbers ? new BigInteger(l).compareTo(new BigInteger(r)) : l.compareTo(r);
          if (order != 0) {
            return order;
          }
        }
        return a.compareTo(b);
      };

  /// A reader of a folder that is none of ours any more.
  static RecordingReader gone() {
    return missing(0);
  }

  /// A reader that cannot read `segments` for want of their initialisation.
  private static RecordingReader missing(int segments) {
    return new PartsReader(
        List.of(),
        (joined, sink) ->
            sink.defect(
                Defect.of(
                    DefectKind.FILE_MISSING,
                    Location.file("init.mp4"),
                    new Evidence.Violation(
                        "initialisation of the folder",
                        segments == 0 ? "absent" : "absent, " + segments + " segments not read",
                        "one that its segments belong to"))));
  }

  /// A file and where it stands among the others.
  record Member(Path file, Mp4Reader.Place place) {}

  /// The files of each representation, the initialisation first. Where there is none, the segments
  /// stand alone.
  List<List<Member>> members(Path folder) {
    List<List<Member>> all = new ArrayList<>();
    for (Group group : groups) {
      String prefix = groups.size() == 1 ? "" : group.key() + "/";
      List<Member> members = new ArrayList<>();
      Path init = group.init() == null ? null : folder.resolve(group.init());
      if (init != null) {
        boolean alone = group.segments().isEmpty();
        members.add(
            new Member(init, new Mp4Reader.Place(alone ? null : group.progress(), null, prefix)));
      }
      for (String segment : group.segments()) {
        Mp4Reader.Place place =
            init == null
                ? Mp4Reader.Place.ALONE
                : new Mp4Reader.Place(group.progress(), init, prefix);
        members.add(new Member(folder.resolve(segment), place));
      }
      all.add(members);
    }
    return all;
  }

  /// Writes the manifests for those files of `folder` that are in `target`, too.
  ///
  /// @param dropped seconds that are left out, by file
  /// @throws IOException if one cannot be read or written
  void cutManifests(Path folder, Path target, Map<String, Double> dropped) throws IOException {
    for (String name : manifests) {
      DashCut.write(
          name,
          folder,
          target,
          dropped,
          file -> INIT.matcher(stem(file.toLowerCase(Locale.ROOT))).find());
    }
  }

  /// Reads all representations one after another, each from its initialisation on.
  RecordingReader open(Path folder, ReadOptions options) {
    List<Part> parts = new ArrayList<>();
    for (Group group : groups) {
      if (group.init() == null) {
        return missing(group.segments().size());
      }
      String prefix = groups.size() == 1 ? "" : group.key() + "/";
      Continuation continuation = group.progress();
      continuation.filesMissing = lacksFiles(folder, group);
      Path init = folder.resolve(group.init());
      boolean alone = group.segments().isEmpty();
      parts.add(
          new Part(
              group.init(),
              () ->
                  new Mp4Reader(
                      MappedFile.openFirst(init, 0),
                      options,
                      new Mp4Reader.Place(alone ? null : continuation, null, prefix))));
      for (String segment : group.segments()) {
        Path file = folder.resolve(segment);
        parts.add(
            new Part(
                segment,
                () -> {
                  continuation.beginsFile();
                  return new Mp4Reader(
                      MappedFile.openFirst(file, 0),
                      options,
                      new Mp4Reader.Place(continuation, init, prefix));
                }));
      }
    }
    return new PartsReader(parts, (joined, sink) -> tellMissing(folder, sink));
  }

  /// Whether a manifest names segments of the group that are not there, which is told at the end.
  private boolean lacksFiles(Path folder, Group group) {
    for (String name : manifests) {
      try {
        DashManifest manifest = DashManifest.read(folder.resolve(name));
        for (DashManifest.Representation each : manifest.representations()) {
          boolean ours = each.files().stream().anyMatch(group::holds);
          if (manifest.complete() && ours && !each.files().stream().allMatch(group::holds)) {
            return true;
          }
        }
      } catch (DashManifest.Unusable | IOException e) {
        // Told where the manifest is held against the files.
        return false;
      }
    }
    return false;
  }

  /// Holds the files of the folder against those that manifests name.
  private void tellMissing(Path folder, RecordingSink sink) {
    for (String name : manifests) {
      try {
        DashManifest manifest = DashManifest.read(folder.resolve(name));
        if (!manifest.complete()) {
          sink.note(name + ": of a live stream, which names no end; its segments are not counted");
          continue;
        }
        boolean whole = true;
        for (DashManifest.Representation each : manifest.representations()) {
          if (!tellMissing(folder, name, each, sink)) {
            groups.stream()
                .filter(group -> each.files().stream().anyMatch(group::holds))
                .findFirst()
                .ifPresent(group -> compare(name, each, group, sink));
          } else {
            whole = false;
          }
        }
        if (whole && manifest.periods() == 1) {
          comparePeriod(name, manifest, sink);
        }
      } catch (DashManifest.Unusable e) {
        sink.examined(DefectKind.TEXT_MALFORMED, 1);
        sink.defect(
            Defect.of(
                DefectKind.TEXT_MALFORMED,
                Location.file(name),
                new Evidence.Violation(
                    "DASH manifest", String.valueOf(e.getMessage()), "one that can be used")));
      } catch (IOException e) {
        sink.defect(FileFaults.lost(Location.file(name), e));
      }
    }
  }

  /// Holds the segments and their length against what a manifest says of them, all of which are
  /// there.
  private static void compare(
      String manifest, DashManifest.Representation each, Group group, RecordingSink sink) {
    List<String> unknown =
        group.segments().stream().filter(file -> !each.files().contains(file)).toList();
    double seconds = group.progress().seconds();
    double apart = Math.abs(seconds - each.seconds());
    double most = DURATION_SECONDS + each.seconds() * DURATION_SHARE;
    sink.examined(DefectKind.COUNT_MISMATCH, 1);
    if (!unknown.isEmpty()) {
      int more = unknown.size() - SHOWN;
      sink.defect(
          new Defect(
              DefectKind.COUNT_MISMATCH,
              Severity.WARNING,
              Location.file(manifest),
              new Evidence.Violation(
                  "segments that representation " + each.id() + " does not name",
                  unknown.size()
                      + ": "
                      + String.join(", ", unknown.subList(0, Math.min(SHOWN, unknown.size())))
                      + (more > 0 ? " and " + more + " more" : ""),
                  "none")));
    } else if (seconds > 0 && apart > most && !group.progress().broken) {
      sink.defect(
          new Defect(
              DefectKind.COUNT_MISMATCH,
              Severity.WARNING,
              Location.file(manifest),
              new Evidence.Mismatch(
                  "duration of representation " + each.id() + ", s",
                  Numbers.text(Math.rint(each.seconds() * 1e3) / 1e3),
                  Numbers.text(Math.rint(seconds * 1e3) / 1e3))));
    }
  }

  /// Holds the length that a manifest tells against its own lists of segments, the longest of which
  /// fills it.
  private static void comparePeriod(String name, DashManifest manifest, RecordingSink sink) {
    double longest = 0;
    double period = Double.NaN;
    for (DashManifest.Representation each : manifest.representations()) {
      if (!Double.isNaN(each.periodSeconds())) {
        longest = Math.max(longest, each.seconds());
        period = each.periodSeconds();
      }
    }
    if (Math.abs(longest - period) > DURATION_SECONDS + period * DURATION_SHARE) {
      sink.defect(
          new Defect(
              DefectKind.COUNT_MISMATCH,
              Severity.WARNING,
              Location.file(name),
              new Evidence.Mismatch(
                  "duration that the manifest tells, against its lists of segments, s",
                  Numbers.text(Math.rint(period * 1e3) / 1e3),
                  Numbers.text(Math.rint(longest * 1e3) / 1e3))));
    }
  }

  /// Tells which files of a representation are not there.
  ///
  /// @return whether some are, or none at all is there
  private static boolean tellMissing(
      Path folder, String name, DashManifest.Representation each, RecordingSink sink) {
    List<String> missing = new ArrayList<>();
    for (String file : each.files()) {
      Path path = folder.resolve(file).normalize();
      if (!path.startsWith(folder.normalize())) {
        sink.note(name + ": " + each.id() + " lies outside of the folder and is not counted");
        return true;
      }
      if (!Files.exists(path)) {
        missing.add(file);
      }
    }
    if (missing.size() == each.files().size()) {
      if (!missing.isEmpty()) {
        sink.note(name + ": nothing of representation " + each.id() + " is here");
      }
      return true;
    }
    sink.examined(DefectKind.FILE_MISSING, each.files().size());
    if (!missing.isEmpty()) {
      String shown = String.join(", ", missing.subList(0, Math.min(SHOWN, missing.size())));
      int more = missing.size() - SHOWN;
      sink.defect(
          Defect.of(
              DefectKind.FILE_MISSING,
              Location.file(name),
              new Evidence.Violation(
                  "files of representation " + each.id(),
                  missing.size()
                      + " missing: "
                      + shown
                      + (more > 0 ? " and " + more + " more" : ""),
                  each.files().size()
                      + " files"
                      + (Double.isNaN(each.seconds())
                          ? ""
                          : " of " + Numbers.text(Math.rint(each.seconds() * 1e3) / 1e3) + " s"))));
    }
    return !missing.isEmpty();
  }
}
