package dev.lockstep.source.folder;

import dev.lockstep.yaml.YamlSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The JSON Schema of layouts.
final class LayoutSchema {
  private LayoutSchema() {}

  /// Loaded when the first layout is read: most runs need none.
  private static final class Holder {
    static final YamlSchema INSTANCE = YamlSchema.of(text(), "urn:lockstep:layout");
  }

  static YamlSchema get() {
    return Holder.INSTANCE;
  }

  /// The schema as it is published.
  static String text() {
    return resource("layout.schema.json");
  }

  /// A text that belongs to this package.
  static String resource(String name) {
    try (InputStream in = LayoutSchema.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource missing: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
