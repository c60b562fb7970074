package dev.lockstep.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.lockstep.check.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The fingerprints that an earlier run's json or jsonl output holds.
final class Baseline {
  private static final Pattern FINGERPRINT =
      Pattern.compile("[0-9a-f]{" + Finding.FINGERPRINT_DIGITS + "}");

  private Baseline() {}

  /// Reads the values of every field `id` that is a fingerprint.
  ///
  /// @throws IOException if the file cannot be read
  /// @throws IllegalArgumentException if it is not JSON
  static Set<String> read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(
          "--baseline: " + file + ": a folder (expected a json or jsonl output)");
    }
    Set<String> known = new TreeSet<>();
    try (InputStream in = Files.newInputStream(file);
        JsonParser json = new JsonFactory().createParser(in)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING
            && "id".equals(json.currentName())
            && FINGERPRINT.matcher(json.getText()).matches()) {
          known.add(json.getText());
        }
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "--baseline: "
              + file
              + " is not JSON: "
              + e.getOriginalMessage()
              + " at line "
              + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()),
          e);
    }
    return known;
  }
}
