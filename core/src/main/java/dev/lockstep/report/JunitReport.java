package dev.lockstep.report;

import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Run;
import dev.lockstep.model.Severity;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// JUnit XML, which every CI server shows: a suite a recording, a case a check and stream.
///
/// A finding is a failure, a skipped check is a skipped case, a broken one an error. Findings at
/// info level do not fail a case; they are its output.
public final class JunitReport implements Report {
  @Override
  public void write(Run run, OutputStream out) throws IOException {
    try {
      XMLStreamWriter xml =
          XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
      xml.writeStartDocument("UTF-8", "1.0");
      line(xml, 0);
      xml.writeStartElement("testsuites");
      xml.writeAttribute("name", "Lockstep " + run.version());
      for (RecordingResult recording : run.recordings()) {
        write(xml, recording);
      }
      line(xml, 0);
      xml.writeEndElement();
      line(xml, 0);
      xml.writeEndDocument();
      xml.flush();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  private static void write(XMLStreamWriter xml, RecordingResult recording)
      throws XMLStreamException {
    List<CheckResult> results = recording.results();
    line(xml, 1);
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", XmlText.legal(recording.name()));
    xml.writeAttribute("tests", Integer.toString(results.size()));
    xml.writeAttribute(
        "failures", Long.toString(results.stream().filter(JunitReport::fails).count()));
    xml.writeAttribute(
        "errors",
        Long.toString(results.stream().filter(r -> r.outcome() instanceof Outcome.Broken).count()));
    xml.writeAttribute(
        "skipped",
        Long.toString(
            results.stream().filter(r -> r.outcome() instanceof Outcome.Skipped).count()));
    for (CheckResult result : results) {
      write(xml, result);
    }
    line(xml, 1);
    xml.writeEndElement();
  }

  private static void write(XMLStreamWriter xml, CheckResult result) throws XMLStreamException {
    line(xml, 2);
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", result.check().id() + " " + result.check().name());
    xml.writeAttribute(
        "name", result.subject().isEmpty() ? "recording" : XmlText.legal(result.subject()));
    switch (result.outcome()) {
      case Outcome.Passed p -> {}
      case Outcome.Found f -> {
        String text =
            result.findings().stream().map(FindingText::of).collect(Collectors.joining("\n"));
        line(xml, 3);
        if (fails(result)) {
          Finding worst =
              result.findings().stream()
                  .reduce((a, b) -> b.severity().compareTo(a.severity()) > 0 ? b : a)
                  .orElseThrow();
          xml.writeStartElement("failure");
          xml.writeAttribute("type", worst.severity().label());
          xml.writeAttribute("message", XmlText.legal(FindingText.message(worst)));
        } else {
          xml.writeStartElement("system-out");
        }
        xml.writeCharacters(XmlText.legal(text));
        xml.writeEndElement();
        line(xml, 2);
      }
      case Outcome.Skipped s -> {
        line(xml, 3);
        xml.writeEmptyElement("skipped");
        xml.writeAttribute("message", XmlText.legal(s.reason()));
        line(xml, 2);
      }
      case Outcome.Broken b -> {
        line(xml, 3);
        xml.writeEmptyElement("error");
        xml.writeAttribute("message", XmlText.legal(b.cause()));
        line(xml, 2);
      }
    }
    xml.writeEndElement();
  }

  private static boolean fails(CheckResult result) {
    return result.findings().stream().anyMatch(f -> f.severity() != Severity.INFO);
  }

  private static void line(XMLStreamWriter xml, int depth) throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(depth));
  }
}
