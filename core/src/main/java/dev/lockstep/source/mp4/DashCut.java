package dev.lockstep.source.mp4;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Writes a DASH manifest for some of the files that it names: as lists of names, whatever it was.
/// Files that were missing stay missing, and a length that was wrong is wrong by as much.
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
      String name,
      Path folder,
      Path target,
      Map<String, Double> dropped,
      Predicate<String> isInit)
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
        XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
        new DashCut(manifest, folder, target, dropped, isInit).write(xml);
        xml.close();
      } catch (XMLStreamException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }

  private void write(XMLStreamWriter xml) throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeStartElement("MPD");
    xml.writeDefaultNamespace(NAMESPACE);
    xml.writeAttribute("type", "static");
    xml.writeAttribute("profiles", "urn:mpeg:dash:profile:full:2011");
    xml.writeAttribute("minBufferTime", "PT1S");
    xml.writeStartElement("Period");
    for (DashManifest.Representation each : manifest.representations()) {
      representation(each, xml);
    }
    xml.writeEndElement();
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void representation(DashManifest.Representation each, XMLStreamWriter xml)
      throws XMLStreamException {
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
    if (!any) {
      return;
    }
    xml.writeStartElement("AdaptationSet");
    xml.writeStartElement("Representation");
    xml.writeAttribute("id", each.id());
    xml.writeAttribute("bandwidth", "0");
    xml.writeStartElement("SegmentList");
    boolean init = !files.isEmpty() && isInit.test(files.getFirst());
    int segments = files.size() - (init ? 1 : 0);
    if (!Double.isNaN(seconds) && segments > 0) {
      xml.writeAttribute("timescale", Long.toString(TIMESCALE));
      long ticks = Math.max(0, Math.round(seconds * TIMESCALE / segments));
      xml.writeAttribute("duration", String.format(Locale.ROOT, "%d", ticks));
    }
    if (init) {
      xml.writeEmptyElement("Initialization");
      xml.writeAttribute("sourceURL", files.getFirst());
    }
    for (String file : files.subList(init ? 1 : 0, files.size())) {
      xml.writeEmptyElement("SegmentURL");
      xml.writeAttribute("media", file);
    }
    xml.writeEndElement();
    xml.writeEndElement();
    xml.writeEndElement();
  }
}
