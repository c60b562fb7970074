package dev.lockstep.report;

import java.io.IOException;
import java.io.OutputStream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Writes the elements of an HTML page. What comes from recordings is escaped, whatever it holds.
///
/// Attributes are given in pairs of name and value; an attribute whose value is empty is left out.
final class HtmlPage {
  private final XMLStreamWriter xml;

  /// A page that goes to `out`, which stays open.
  ///
  /// @throws IOException if `out` fails
  HtmlPage(OutputStream out) throws IOException {
    try {
      xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
      xml.writeDTD("<!DOCTYPE html>\n");
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  /// Begins an element that [#close] ends.
  HtmlPage open(String element, String... attributes) throws IOException {
    try {
      xml.writeStartElement(element);
      write(attributes);
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
    return this;
  }

  /// Ends the element that was begun last, and the line.
  HtmlPage close() throws IOException {
    try {
      xml.writeEndElement();
      xml.writeCharacters("\n");
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
    return this;
  }

  /// An element that holds text alone.
  HtmlPage text(String element, String text, String... attributes) throws IOException {
    try {
      xml.writeStartElement(element);
      write(attributes);
      xml.writeCharacters(XmlText.legal(text));
      xml.writeEndElement();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
    return this;
  }

  /// An element that holds nothing, of those that HTML knows as such, or of SVG.
  HtmlPage empty(String element, String... attributes) throws IOException {
    try {
      xml.writeEmptyElement(element);
      write(attributes);
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
    return this;
  }

  /// Text in the element that was begun last.
  HtmlPage text(String text) throws IOException {
    try {
      xml.writeCharacters(XmlText.legal(text));
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
    return this;
  }

  /// Hands on what has been written so far.
  void flush() throws IOException {
    try {
      xml.flush();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  private void write(String... attributes) throws XMLStreamException {
    for (int i = 0; i < attributes.length; i += 2) {
      if (!attributes[i + 1].isEmpty()) {
        xml.writeAttribute(attributes[i], XmlText.legal(attributes[i + 1]));
      }
    }
  }
}
