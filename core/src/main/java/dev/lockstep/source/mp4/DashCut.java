package dev.lockstep.source.mp4;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/// Writes a DASH manifest for some of the files that it names: as lists of names, whatever it was,
/// or, where the length of a period is held against it, as a timeline of one. Files that were
/// missing stay missing, and a length that was wrong is wrong by as much.
final class DashCut {
  private static final String NAMESPACE = "urn:mpeg:dash:schema:mpd:2011";
  private static final long TIMESCALE = 1_000_000;

  private final DashManifest manifest;
  private final Path folder;
  private final Path target;
  private final Map<String, Double> dropped;
  private final Predicate<String> isInit;

  private DashCut(
      DashManifest manifest,
      Path folder,
      Path target,
      Map<String, Double> dropped,
      Predicate<String> isInit) {
    this.manifest = manifest;
    this.folder = folder;
    this.target = target;
    this.dropped = dropped;
    this.isInit = isInit;
  }

  /// Writes the manifest of that name for the files that are in `target`.
  ///
  /// @param dropped seconds that are left out, by file
  /// @param isInit whether a file is an initialisation
  /// @throws IOException if it cannot be read or written
  static void write(
      String name, Path folder, Path target, Map<String, Double> dropped, Predicate<String> isInit)
      throws IOException {
    DashManifest manifest;
    try {
      manifest = DashManifest.read(folder.resolve(name));
    } catch (DashManifest.Unusable e) {
      Files.copy(folder.resolve(name), target.resolve(name));
      return;
    }
    // A live one names no end, and nothing is held against it.
    if (manifest.complete()) {
      try (OutputStream out = Files.newOutputStream(target.resolve(name))) {
        XMLStreamWriter xml =
            XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
        new DashCut(manifest, folder, target, dropped, isInit).write(xml);
        xml.close();
      } catch (XMLStreamException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }

  /// What stays of a representation.
  ///
  /// @param files names of its segments
  /// @param init name of its initialisation, empty where it has none
  private record Kept(
      DashManifest.Representation of, String init, List<String> files, double seconds) {
    /// Whether a timeline can name the segment, whose lengths are held against the period.
    boolean isTimeline() {
      return files.size() == 1 && !Double.isNaN(of.periodSeconds());
    }

    double periodSeconds() {
      return Math.max(0, of.periodSeconds() - (of.seconds() - seconds));
    }
  }

  private void write(XMLStreamWriter xml) throws XMLStreamException {
    List<Kept> kept = new ArrayList<>();
    for (DashManifest.Representation each : manifest.representations()) {
      Kept some = kept(each);
      if (some != null) {
        kept.add(some);
      }
    }
    double period =
        kept.stream()
            .filter(each -> manifest.periods() == 1 && each.isTimeline())
            .mapToDouble(Kept::periodSeconds)
            .max()
            .orElse(Double.NaN);
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeStartElement("MPD");
    xml.writeDefaultNamespace(NAMESPACE);
    xml.writeAttribute("type", "static");
    xml.writeAttribute("profiles", "urn:mpeg:dash:profile:full:2011");
    xml.writeAttribute("minBufferTime", "PT1S");
    if (!Double.isNaN(period)) {
      xml.writeAttribute(
          "mediaPresentationDuration", Duration.ofNanos(Math.round(period * 1e9)).toString());
    }
    xml.writeStartElement("Period");
    for (Kept each : kept) {
      xml.writeStartElement("AdaptationSet");
      xml.writeStartElement("Representation");
      xml.writeAttribute("id", each.of().id());
      xml.writeAttribute("bandwidth", "0");
      if (!Double.isNaN(period) && each.isTimeline()) {
        timeline(each, xml);
      } else {
        list(each, xml);
      }
      xml.writeEndElement();
      xml.writeEndElement();
    }
    xml.writeEndElement();
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private @Nullable Kept kept(DashManifest.Representation each) {
    List<String> files = new ArrayList<>();
    boolean any = false;
    double seconds = each.seconds();
    for (String file : each.files()) {
      boolean here = Files.exists(target.resolve(file));
      any |= here;
      if (here || !Files.exists(folder.resolve(file))) {
        files.add(file);
      }
      seconds -= dropped.getOrDefault(file, 0.0);
    }
    boolean init = !files.isEmpty() && isInit.test(files.getFirst());
    return any
        ? new Kept(
            each, init ? files.getFirst() : "", files.subList(init ? 1 : 0, files.size()), seconds)
        : null;
  }

  private static void timeline(Kept kept, XMLStreamWriter xml) throws XMLStreamException {
    xml.writeStartElement("SegmentTemplate");
    xml.writeAttribute("timescale", Long.toString(TIMESCALE));
    if (!kept.init().isEmpty()) {
      xml.writeAttribute("initialization", kept.init());
    }
    xml.writeAttribute("media", kept.files().getFirst());
    xml.writeStartElement("SegmentTimeline");
    xml.writeEmptyElement("S");
    xml.writeAttribute("d", ticks(kept.seconds()));
    xml.writeEndElement();
    xml.writeEndElement();
  }

  private static String ticks(double seconds) {
    return Long.toString(Math.max(0, Math.round(seconds * TIMESCALE)));
  }

  private static void list(Kept kept, XMLStreamWriter xml) throws XMLStreamException {
    xml.writeStartElement("SegmentList");
    if (!Double.isNaN(kept.seconds()) && !kept.files().isEmpty()) {
      xml.writeAttribute("timescale", Long.toString(TIMESCALE));
      xml.writeAttribute("duration", ticks(kept.seconds() / kept.files().size()));
    }
    if (!kept.init().isEmpty()) {
      xml.writeEmptyElement("Initialization");
      xml.writeAttribute("sourceURL", kept.init());
    }
    for (String file : kept.files()) {
      xml.writeEmptyElement("SegmentURL");
      xml.writeAttribute("media", file);
    }
    xml.writeEndElement();
  }
}
