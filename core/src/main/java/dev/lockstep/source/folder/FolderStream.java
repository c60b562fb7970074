package dev.lockstep.source.folder;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.payload.PayloadFile;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.source.FileMessage.Content;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.TextCloud;
import dev.lockstep.source.folder.Paths.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One stream of a folder: its stamps, its files, and what is wrong with both.
final class FolderStream {
  private static final Pattern COMMA = Pattern.compile(" *[,;\t] *");

  /// Names that a finding repeats.
  private static final int SHOWN = 3;

  private final Layout.Stream rule;
  private final StreamInfo info;
  private final @Nullable StampTable table;
  private final @Nullable MessageFiles files;
  private final @Nullable NpyArray values;
  private final List<Defect> defects = new ArrayList<>();

  private FolderStream(
      Layout.Stream rule,
      StreamInfo info,
      @Nullable StampTable table,
      @Nullable NpyArray values,
      @Nullable MessageFiles files) {
    this.rule = rule;
    this.info = info;
    this.table = table;
    this.values = values;
    this.files = files;
  }

  /// Whether anything of a stream is there.
  ///
  /// @throws IOException if a folder may not be read
  static boolean exists(Path root, Layout.Stream rule, String name) throws IOException {
    String path = rule.stamps().path();
    String pattern = rule.files();
    return (!path.isEmpty() && Files.exists(root.resolve(Paths.of(path, name))))
        || (pattern != null && !Paths.files(root, Paths.of(pattern, name)).isEmpty());
  }

  /// Reads the stamps of a stream and the names of its files.
  ///
  /// @throws IOException if a folder may not be read
  static FolderStream open(int id, Path root, Layout.Stream rule, String name) throws IOException {
    Layout.Stamps stamps = rule.stamps();
    String pattern = rule.files() == null ? null : Paths.of(rule.files(), name);
    List<Found> found = pattern == null ? List.of() : Paths.files(root, pattern);
    List<Defect> defects = new ArrayList<>();
    StampTable table = table(root, rule, name, pattern != null, defects);
    NpyArray values = table == null ? null : values(root, rule, name);
    if (pattern != null && found.isEmpty()) {
      defects.add(absent(name, "files", pattern, Paths.whatIsThere(root, pattern)));
    }
    MessageFiles files =
        pattern == null
            ? null
            : table != null
                ? MessageFiles.listed(table, found, stamps)
                : switch (stamps.source()) {
                  case NAME ->
                      MessageFiles.named(
                          found,
                          Objects.requireNonNull(stamps.name()),
                          stamps.unit(),
                          stamps.epoch());
                  case RATE -> MessageFiles.counted(found, stamps.name(), stamps.rate());
                  case NONE, LIST, NPY -> MessageFiles.counted(found, stamps.name(), null);
                };
    StreamInfo info =
        StreamInfo.of(
            id,
            name,
            rule.modality(),
            source(stamps, pattern != null),
            found.isEmpty() ? "" : found.getFirst().extension(),
            null);
    StampColumn all = files != null ? files.stamps() : table != null ? table.stamps() : null;
    if (all != null) {
      info =
          info.withStampStep(
              Math.max(table == null ? 1 : table.stampStepNs(), all.decimalStepNs()));
    }
    FolderStream stream = new FolderStream(rule, info, table, values, files);
    stream.defects.addAll(defects);
    if (files != null && !found.isEmpty()) {
      stream.judge(files, found.size(), Objects.requireNonNull(pattern));
    }
    return stream;
  }

  private static @Nullable StampTable table(
      Path root, Layout.Stream rule, String name, boolean files, List<Defect> defects) {
    Layout.Stamps stamps = rule.stamps();
    if (stamps.path().isEmpty()) {
      return null;
    }
    String path = Paths.of(stamps.path(), name);
    Path file = root.resolve(path);
    if (!Files.exists(file)) {
      defects.add(absent(name, "stamps", path, Paths.whatIsThere(root, path)));
      return null;
    }
    return stamps.source() == Layout.Source.NPY
        ? NpyArray.open(file, path, stamps)
        : TextTable.open(
            file,
            path,
            stamps,
            rule.turns(),
            files && stamps.fileColumn() == null && stamps.line() == null);
  }

  /// The array that says how the sensor turned, or null where there is none.
  private static @Nullable NpyArray values(Path root, Layout.Stream rule, String name) {
    Layout.Turns turns = rule.turns();
    if (turns == null || turns.npy().isEmpty()) {
      return null;
    }
    String path = Paths.of(turns.npy(), name);
    Path file = root.resolve(path);
    if (!Files.exists(file)) {
      return null;
    }
    return NpyArray.beside(file, path, rule.stamps());
  }

  private static StampSource source(Layout.Stamps stamps, boolean files) {
    return switch (stamps.source()) {
      case NAME -> StampSource.FILE_NAME;
      case LIST -> files ? StampSource.LIST : StampSource.COLUMN;
      case NPY -> StampSource.COLUMN;
      case RATE, NONE -> StampSource.FRAME_NUMBER;
    };
  }

  private static Defect absent(String stream, String what, String pattern, String there) {
    return Defect.of(
        DefectKind.FILE_MISSING,
        Location.stream(stream),
        new Evidence.Violation(what, there, pattern));
  }

  /// What files and stamps say about each other: one defect a cause.
  private void judge(MessageFiles files, int found, String pattern) {
    Location at = Location.stream(info.name());
    List<Found> unnamed = files.unnamed();
    if (!unnamed.isEmpty()) {
      boolean all = unnamed.size() == found;
      defects.add(
          Defect.of(
              all ? DefectKind.LAYOUT_BROKEN : DefectKind.TEXT_MALFORMED,
              at.withFile(unnamed.getFirst().name()),
              new Evidence.Violation(
                  rule.pointer() + "/stamps, names of files",
                  unnamed.size()
                      + " of "
                      + found
                      + " files of "
                      + pattern
                      + " do not fit: "
                      + examples(unnamed.stream().map(Found::last).toList()),
                  String.valueOf(rule.stamps().name()))));
    }
    StampTable list = table;
    if (list != null && list.stamps().size() == 0) {
      // Why there are none is reported; all files would follow from it.
      return;
    }
    int missing = files.missing().size();
    if (missing > 0) {
      defects.add(
          Defect.of(
              DefectKind.COUNT_MISMATCH,
              at.withMessages(firstMissing(files), lastMissing(files)),
              new Evidence.Loss(
                  missing == 1 ? "file" : "files",
                  missing,
                  files.basis() + "; missing: " + examples(files.missing()))));
    }
    List<Found> unstamped = files.unstamped();
    if (!unstamped.isEmpty()) {
      defects.add(
          Defect.of(
              DefectKind.COUNT_MISMATCH,
              at.withFile(unstamped.getFirst().name()),
              new Evidence.Violation(
                  "files without a stamp",
                  unstamped.size() + ": " + examples(unstamped.stream().map(Found::last).toList()),
                  "a row of "
                      + (list == null ? "the list" : list.name())
                      + " for each; "
                      + files.basis())));
    }
    long contradiction = files.firstContradiction();
    if (contradiction >= 0) {
      Found file = files.file((int) contradiction);
      boolean alike = files.contradictAlike();
      long last = alike ? files.size() - 1L : contradiction;
      String apart =
          alike
              ? " by "
                  + Numbers.duration(
                      Times.difference(files.contradictingNs(), stampNs(contradiction)))
              : "";
      defects.add(
          Defect.of(
              DefectKind.STAMPS_CONTRADICT,
              at.withFile(file == null ? null : file.name())
                  .withMessages(alike ? 0 : contradiction, last)
                  .withKnownStamps(stampNs(contradiction), stampNs(last)),
              new Evidence.Violation(
                  "stamps in names of files",
                  files.contradictions()
                      + " of "
                      + files.compared()
                      + " differ from the list"
                      + apart
                      + ", the first: "
                      + files.contradictingNs()
                      + " ns",
                  stampNs(contradiction)
                      + " ns, as "
                      + (list == null ? "" : list.name())
                      + " says")));
    }
  }

  private static long firstMissing(MessageFiles files) {
    int i = 0;
    while (files.file(i) != null || (files.stamps().get(i) == Times.NONE && i + 1 < files.size())) {
      i++;
    }
    return i;
  }

  private static long lastMissing(MessageFiles files) {
    int i = files.size() - 1;
    while (i > 0 && files.file(i) != null) {
      i--;
    }
    return i;
  }

  private static String examples(List<String> names) {
    String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    int more = names.size() - SHOWN;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }

  StreamInfo info() {
    return info;
  }

  @Nullable StampTable table() {
    return table;
  }

  /// The array that says how the sensor turned, or null where no array does.
  @Nullable NpyArray values() {
    return values;
  }

  /// The array that should say how the sensor turned and is not there, or null.
  @Nullable String absentTurns() {
    Layout.Turns turns = rule.turns();
    if (turns == null || turns.npy().isEmpty() || values != null) {
      return null;
    }
    return Paths.of(turns.npy(), info.name());
  }

  /// Where it stands how the sensor turned, or null where nothing says so.
  Layout.@Nullable Turns turns() {
    return rule.turns();
  }

  /// The stream's files, or null where its rows are messages.
  @Nullable MessageFiles files() {
    return files;
  }

  int messages() {
    if (files != null) {
      return files.size();
    }
    return table == null ? 0 : table.stamps().size();
  }

  long stampNs(long i) {
    StampColumn stamps = files != null ? files.stamps() : table == null ? null : table.stamps();
    return stamps == null ? Times.NONE : stamps.get((int) i);
  }

  /// Reports what lists and names of files say.
  void report(RecordingSink sink) {
    sink.examined(DefectKind.FILE_MISSING, 1);
    if (table != null) {
      table.report(info.name(), sink);
    }
    if (values != null) {
      values.report(info.name(), sink);
    }
    if (files != null) {
      sink.examined(DefectKind.COUNT_MISMATCH, 1);
      sink.examined(DefectKind.TEXT_MALFORMED, files.size());
      if (files.compared() > 0) {
        sink.examined(DefectKind.STAMPS_CONTRADICT, files.compared());
      }
    }
    defects.forEach(sink::defect);
  }

  /// How a file of the stream is read.
  Content content(Found file) {
    String extension = file.extension().toLowerCase(Locale.ROOT);
    String kind = rule.content().equals("auto") ? extension : rule.content();
    List<String> fields = rule.fields();
    return switch (kind) {
      case "jpg", "jpeg", "png" -> Content.ofImage(kind);
      case "pcd" -> Content.of(PayloadFile.PCD, "", false);
      case "bin" ->
          fields.isEmpty()
              ? Content.unknown()
              : Content.of(
                  PayloadProfile.ofPoints(
                      fields.size(),
                      fields.indexOf("x"),
                      fields.indexOf("y"),
                      fields.indexOf("z"),
                      fields.indexOf("time")),
                  "",
                  true);
      case "csv" ->
          fields.isEmpty() || info.modality() != Modality.LIDAR
              ? Content.unknown()
              : TextCloud.content(COMMA, fields.size(), true, String.join(",", fields));
      default -> Content.unknown();
    };
  }
}
