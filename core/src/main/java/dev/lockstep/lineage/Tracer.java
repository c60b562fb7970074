package dev.lockstep.lineage;

import dev.lockstep.labels.WantedRows;
import dev.lockstep.lineage.BlastRadius.By;
import dev.lockstep.lineage.LabelTrace.Rest;
import dev.lockstep.lineage.LabelTrace.Sealed;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.manifest.ManifestReader;
import dev.lockstep.model.Block;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
import dev.lockstep.model.Span;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.LabelledFormat;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.RecordingIndex;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Goes from labels to the sensor bytes that they rest on, and back.
///
/// Reads only what it needs: the recording through its [RecordingIndex], the manifest through its
/// rows. Where either turns out to be damaged, whoever asked opens anew, with [Reading] saying what
/// has to be read whole. Used by one thread.
public final class Tracer implements AutoCloseable {
  private final RecordingIndex index;
  private final RecordingIndex labels;
  private final boolean labelsApart;
  private final boolean ownToo;
  private final @Nullable ManifestReader manifest;
  private final String manifestState;

  /// By name: the order in which a recording defines them depends on how it is read.
  private final Map<String, StreamInfo> streams = new TreeMap<>();

  private final LabelBasis bases;

  private Tracer(
      RecordingIndex index,
      @Nullable RecordingIndex labels,
      boolean ownToo,
      @Nullable ManifestReader manifest,
      String manifestState) {
    this.index = index;
    this.labels = labels == null ? index : labels;
    this.labelsApart = labels != null;
    this.ownToo = ownToo;
    this.manifest = manifest;
    this.manifestState = manifestState;
    index.streams().forEach(stream -> streams.put(stream.name(), stream));
    this.bases = new LabelBasis(index, streams);
  }

  /// What is read from front to back, because a quicker way proved to be no way.
  ///
  /// @param recordings whether recording and labels are, after a
  ///   [dev.lockstep.source.DamagedIndexException]
  /// @param manifest whether the manifest is, after a [ManifestReader.UnsoundException]
  public record Reading(boolean recordings, boolean manifest) {
    /// Nothing is.
    public static final Reading QUICK = new Reading(false, false);
  }

  /// Opens a recording, the manifest beside it, and the labels if they lie elsewhere.
  ///
  /// Labels that lie beside the recording ([LabelledFormat]) are traced with its own.
  ///
  /// @param labelFile file of the labels, null where the recording holds them
  /// @param labelFormat its format, null where there is no such file
  /// @param reading what is to be read whole
  /// @throws IOException if the operating system refuses to open or map a file
  public static Tracer open(
      Path recording,
      SourceFormat format,
      @Nullable Path labelFile,
      @Nullable SourceFormat labelFormat,
      Reading reading)
      throws IOException {
    RecordingIndex index = index(recording, format, reading);
    ManifestReader manifest = null;
    try {
      String state = "no block manifest beside the recording";
      Path file = ManifestFiles.of(recording);
      if (Files.exists(file)) {
        state =
            switch (open(file, reading.manifest())) {
              case ManifestReader.Opened.Whole whole -> {
                manifest = whole.manifest();
                yield "";
              }
              case ManifestReader.Opened.Damaged damaged ->
                  "the block manifest is damaged: " + damaged.defect().evidence().what();
            };
      }
      Path beside = LabelledFormat.labelsOf(recording);
      RecordingIndex labels =
          labelFile != null && labelFormat != null
              ? index(labelFile, labelFormat, reading)
              : beside != null && format instanceof LabelledFormat labelled
                  ? index(beside, labelled.labels(), reading)
                  : null;
      return new Tracer(index, labels, labelFile == null, manifest, state);
    } catch (IOException | RuntimeException | Error e) {
      index.close();
      if (manifest != null) {
        manifest.close();
      }
      throw e;
    }
  }

  private static RecordingIndex index(Path path, SourceFormat format, Reading reading)
      throws IOException {
    return reading.recordings() ? format.scan(path) : format.index(path);
  }

  /// What is wrong with a manifest is said as by whoever reads all of it.
  private static ManifestReader.Opened open(Path manifest, boolean whole) throws IOException {
    if (!whole
        && ManifestReader.openForLookUp(manifest) instanceof ManifestReader.Opened.Whole sound) {
      return sound;
    }
    return ManifestReader.open(manifest);
  }

  /// Why stored checksums are not known; empty where they are.
  public String manifestState() {
    return manifestState;
  }

  /// Whether the whole recording had to be read.
  public boolean wasScanned() {
    return index.wasScanned();
  }

  /// The labels that are meant, in order of names of label sets and of time.
  ///
  /// @throws IOException if they cannot be read
  public List<LabelRow> find(LabelSelector selector) throws IOException {
    WantedRows wanted = selector.wanted();
    List<LabelRow> found = new ArrayList<>();
    List<Labels> all = labels(index -> index.labels(wanted));
    for (Labels each : all) {
      LabelSet set = each.set();
      for (int row = 0; row < set.size(); row++) {
        if (selector.matches(set, row)) {
          found.add(rowOf(each, row));
        }
      }
    }
    return found;
  }

  /// A label set and what it was read from.
  private record Labels(LabelSet set, RecordingIndex from, boolean inRecording) {}

  /// The label sets that are traced, in order of names. One that lies beside the recording goes
  /// before one of the same name in it.
  private List<Labels> labels(SourceFormat.Question<List<LabelSet>> question) throws IOException {
    List<Labels> all = new ArrayList<>();
    Set<String> beside = new HashSet<>();
    if (labelsApart) {
      for (LabelSet set : question.of(labels)) {
        all.add(new Labels(set, labels, false));
        beside.add(set.name());
      }
    }
    if (ownToo || !labelsApart) {
      for (LabelSet set : question.of(index)) {
        if (!beside.contains(set.name())) {
          all.add(new Labels(set, index, true));
        }
      }
    }
    all.sort(Order.by(each -> each.set().name()));
    return all;
  }

  /// A row with its bytes; labels that are messages have those of their message.
  private static LabelRow rowOf(Labels labels, int row) throws IOException {
    LabelSet set = labels.set();
    LabelRow label = LabelRow.of(set, row);
    long count = labels.from().messages(label.stream());
    boolean message =
        set.stampSource() != StampSource.COLUMN
            && label.position() >= 0
            && label.position() < count;
    return label.bytes() == null && message
        ? label.withBytes(labels.from().message(label.stream(), label.position()).bytes())
        : label;
  }

  /// Everything that a label rests on, without findings.
  ///
  /// @throws IOException if it cannot be read
  public LabelTrace trace(LabelRow label) throws IOException {
    LabelBasis.Basis basis = bases.of(label);
    MessageAt message = basis.message();
    if (message == null) {
      return new LabelTrace(label, null, basis.why(), List.of(), List.of(), null);
    }
    List<Rest> paired = new ArrayList<>();
    List<String> unpaired = new ArrayList<>();
    for (StreamInfo stream : streams.values()) {
      if (!LabelBasis.SENSORS.contains(stream.modality())
          || stream.name().equals(message.stream())) {
        continue;
      }
      MessageAt other = bases.pairOf(message, stream.name());
      if (other == null) {
        unpaired.add(stream.name());
      } else {
        paired.add(rest(other, Times.difference(other.stampNs(), message.stampNs()), true));
      }
    }
    long offsetNs = basis.timed() ? Times.difference(message.stampNs(), label.stampNs()) : 0;
    return new LabelTrace(
        label, rest(message, offsetNs, basis.timed()), basis.why(), paired, unpaired, null);
  }

  private Rest rest(MessageAt message, long offsetNs, boolean timed) throws IOException {
    return new Rest(message, offsetNs, timed, index.crc32c(message), sealed(message));
  }

  private @Nullable Sealed sealed(MessageAt message) {
    ManifestReader rows = manifest;
    if (rows == null || message.index() >= rows.messages(message.stream())) {
      return null;
    }
    int number = rows.blockOf(message.stream(), message.index());
    Block block = rows.block(message.stream(), number);
    return new Sealed(
        number, block.messageCrc32c().get((int) (message.index() - block.firstMessage())));
  }

  static boolean holds(Span span, long value) {
    return value >= span.first() && value <= span.last();
  }

  /// What rests on bytes of a file of the recording.
  ///
  /// @throws IOException if it cannot be read
  public BlastRadius of(String file, ByteRange bytes) throws IOException {
    String place = file + ", byte " + bytes.offsetBytes() + "+" + bytes.lengthBytes();
    List<MessageAt> messages = new ArrayList<>(index.touching(file, bytes));
    messages.sort(Order.by(MessageAt::stream).thenComparingLong(MessageAt::index));
    return radius(place, file, bytes, messages);
  }

  /// What rests on a block of the manifest.
  ///
  /// @throws IOException if it cannot be read
  /// @throws IllegalArgumentException if there is no manifest or no such block
  public BlastRadius ofBlock(String stream, long number) throws IOException {
    ManifestReader rows = manifest;
    if (rows == null) {
      throw new IllegalArgumentException("block: " + manifestState);
    }
    if (number < 0 || number >= rows.blocks(stream)) {
      throw new IllegalArgumentException(
          "block: "
              + number
              + " of "
              + stream
              + " (the manifest has "
              + rows.blocks(stream)
              + " blocks of it; streams: "
              + String.join(", ", rows.streams())
              + ")");
    }
    Block block = rows.block(stream, (int) number);
    List<MessageAt> messages = new ArrayList<>();
    long last = Math.min(block.lastMessage(), index.messages(stream) - 1);
    for (long i = block.firstMessage(); i <= last; i++) {
      messages.add(index.message(stream, i));
    }
    return radius("block " + number + " of " + stream, null, null, messages);
  }

  private BlastRadius radius(
      String place, @Nullable String file, @Nullable ByteRange bytes, List<MessageAt> messages)
      throws IOException {
    Map<String, Set<Long>> touched = new HashMap<>();
    for (MessageAt message : messages) {
      touched.computeIfAbsent(message.stream(), _ -> new HashSet<>()).add(message.index());
    }
    List<String> sensors =
        streams.values().stream()
            .filter(stream -> LabelBasis.SENSORS.contains(stream.modality()))
            .map(StreamInfo::name)
            .toList();
    LabelWindow window = LabelWindow.of(index, sensors, messages);
    List<BlastRadius.Touched> found = new ArrayList<>();
    Map<Instant, Optional<By>> known = new HashMap<>();
    for (Labels each : labels(index -> index.labels(window.fromNs(), window.toNs()))) {
      LabelSet set = each.set();
      for (int row = 0; row < set.size(); row++) {
        // Where a row lies decides only if no message does.
        LabelRow label = touched.isEmpty() ? rowOf(each, row) : LabelRow.of(set, row);
        By by = by(label, each.inRecording(), file, bytes, touched, known);
        if (by != null) {
          found.add(new BlastRadius.Touched(rowOf(each, row), by));
        }
      }
    }
    return new BlastRadius(place, messages, found);
  }

  /// Labels of one instant and kind have the same basis, and rest on it in the same way.
  private record Instant(String set, long stampNs, long frame, boolean solid) {}

  private @Nullable By by(
      LabelRow label,
      boolean inRecording,
      @Nullable String file,
      @Nullable ByteRange bytes,
      Map<String, Set<Long>> touched,
      Map<Instant, Optional<By>> known)
      throws IOException {
    StreamInfo own = inRecording ? streams.get(label.stream()) : null;
    if (own != null && own.stampSource() != StampSource.COLUMN) {
      // Labels that are messages: the row says which.
      if (holds(touched, own.name(), label.position())) {
        return By.STORED;
      }
    } else if (touched.isEmpty() && label.file().equals(file) && overlaps(label.bytes(), bytes)) {
      return By.STORED;
    } else if (own != null && touched.containsKey(own.name())) {
      // The rows of one stamp are one message of such a table.
      long message = index.nearest(own.name(), label.stampNs());
      return holds(touched, own.name(), message) ? By.STORED : null;
    }
    if (touched.isEmpty()) {
      return null;
    }
    Instant instant = new Instant(label.set(), label.stampNs(), label.frame(), label.solid());
    Optional<By> by = known.get(instant);
    if (by == null) {
      by = Optional.ofNullable(byBasis(label, touched));
      known.put(instant, by);
    }
    return by.orElse(null);
  }

  private @Nullable By byBasis(LabelRow label, Map<String, Set<Long>> touched) throws IOException {
    MessageAt message = bases.of(label).message();
    if (message == null) {
      return null;
    }
    if (holds(touched, message.stream(), message.index())) {
      return By.MADE;
    }
    for (String stream : touched.keySet()) {
      StreamInfo info = streams.get(stream);
      if (info != null
          && LabelBasis.SENSORS.contains(info.modality())
          && !stream.equals(message.stream())) {
        MessageAt pair = bases.pairOf(message, stream);
        if (pair != null && holds(touched, stream, pair.index())) {
          return By.PAIRED;
        }
      }
    }
    return null;
  }

  /// Where the bytes of a row are not known, it may lie anywhere in its file.
  static boolean overlaps(@Nullable ByteRange row, @Nullable ByteRange bytes) {
    return row == null
        || bytes == null
        || row.offsetBytes() < bytes.endBytes() && row.endBytes() > bytes.offsetBytes();
  }

  private static boolean holds(Map<String, Set<Long>> touched, String stream, long index) {
    Set<Long> indices = touched.get(stream);
    return indices != null && indices.contains(index);
  }

  @Override
  public void close() {
    if (manifest != null) {
      manifest.close();
    }
    if (labelsApart) {
      labels.close();
    }
    index.close();
  }
}
