package dev.lockstep.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.checksum.Sha256;
import dev.lockstep.manifest.DurableFile;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.model.Order;
import java.io.IOException;
import java.io.Serial;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A root: one digest over the block manifest of a recording and over further files, such as
/// exported labels and a rig profile, by which anyone can check a copy again.
///
/// It lies beside the recording as `NAME.root.json`. `root.md` and `root.schema.json` in the
/// resources of this package define its layout and what the digest takes. Equal files give equal
/// bytes.
///
/// @param tool program and version that wrote it
/// @param recording name of the recording
/// @param format name of its format
/// @param recordingBytes length of its file, or of all its files
/// @param files what the digest covers, by path
/// @param root the digest, lower-case hexadecimal
/// @param signature Ed25519 signature of [#signedText] in base64, or null
public record RootFile(
    String tool,
    String recording,
    String format,
    long recordingBytes,
    List<Entry> files,
    String root,
    @Nullable String signature) {

  /// Version of the layout.
  static final int VERSION = 1;

  private static final String VERSION_KEY = "lockstep_root";
  private static final String MANIFEST_ROLE = "manifest";
  private static final String NAMED_ROLE = "named";

  /// Longest root file that is read. Judged: a hundred thousand named files.
  private static final int MAX_BYTES = 32 << 20;

  /// A file that the digest covers.
  ///
  /// @param manifest whether it is the block manifest
  /// @param path where it is, relative to the folder of the root file, with `/`
  /// @param bytes its length
  /// @param sha256 its SHA-256, lower-case hexadecimal
  public record Entry(boolean manifest, String path, long bytes, String sha256) {
    String role() {
      return manifest ? MANIFEST_ROLE : NAMED_ROLE;
    }
  }

  /// Copies the list.
  public RootFile {
    files = List.copyOf(files);
  }

  /// A root file that cannot be one.
  public static final class MalformedException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message);
    }
  }

  /// Digests the manifest of `recording` and the files `named`; folders stand for all files in
  /// them.
  ///
  /// @param key signs the root, or null
  /// @throws IOException if a file cannot be read
  /// @throws IllegalArgumentException if a file is named twice, is the root file itself, or lies on
  ///   another file system root
  public static RootFile of(
      Path recording, String format, List<Path> named, String tool, @Nullable PrivateKey key)
      throws IOException {
    Path folder = folderOf(recording);
    Path own = ManifestFiles.rootOf(recording);
    List<Entry> entries = new ArrayList<>();
    entries.add(entry(folder, ManifestFiles.of(recording), true));
    for (Path each : named) {
      for (Path file : filesIn(each)) {
        if (file.equals(own)) {
          throw new IllegalArgumentException(each + ": the root file cannot cover itself");
        }
        entries.add(entry(folder, file, false));
      }
    }
    entries.sort(Order.by(Entry::path));
    for (int i = 1; i < entries.size(); i++) {
      if (entries.get(i).path().equals(entries.get(i - 1).path())) {
        throw new IllegalArgumentException(entries.get(i).path() + ": named twice");
      }
    }
    String name = ManifestFiles.name(recording);
    long bytes = ManifestFiles.sizeBytes(recording);
    String root = digest(tool, name, format, bytes, entries);
    String signature =
        key == null
            ? null
            : Base64.getEncoder().encodeToString(RootKeys.sign(key, signedText(root)));
    return new RootFile(tool, name, format, bytes, entries, root, signature);
  }

  /// Folder that paths are relative to.
  static Path folderOf(Path recording) {
    Path parent = ManifestFiles.rootOf(recording).getParent();
    if (parent == null) {
      throw new IllegalArgumentException(recording + ": has no folder to put a root file in");
    }
    return parent;
  }

  private static List<Path> filesIn(Path named) throws IOException {
    Path absolute = named.toAbsolutePath().normalize();
    if (!Files.isDirectory(absolute)) {
      return List.of(absolute);
    }
    try (Stream<Path> files = Files.walk(absolute)) {
      List<Path> found = files.filter(Files::isRegularFile).sorted().toList();
      if (found.isEmpty()) {
        throw new IllegalArgumentException(named + ": a folder without files");
      }
      return found;
    }
  }

  private static Entry entry(Path folder, Path file, boolean manifest) throws IOException {
    String path = folder.relativize(file).toString().replace('\\', '/');
    FileDigest digest = FileDigest.of(file);
    return new Entry(manifest, path, digest.bytes(), digest.sha256());
  }

  /// The digest as it follows from everything else.
  String computedRoot() {
    return digest(tool, recording, format, recordingBytes, files);
  }

  private static String digest(
      String tool, String recording, String format, long bytes, List<Entry> entries) {
    StringBuilder text = new StringBuilder("lockstep-root " + VERSION + "\n");
    append(text.append("tool "), tool);
    append(text.append("recording "), recording);
    append(text.append("format "), format);
    text.append("bytes ").append(bytes).append('\n');
    for (Entry entry : entries) {
      text.append(entry.role()).append(' ').append(entry.bytes());
      append(text.append(' ').append(entry.sha256()).append(' '), entry.path());
    }
    byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Sha256.of(MemorySegment.ofArray(content), 0, content.length));
  }

  /// The length in front keeps one text from passing for two.
  private static void append(StringBuilder text, String value) {
    text.append(value.getBytes(StandardCharsets.UTF_8).length)
        .append(':')
        .append(value)
        .append('\n');
  }

  /// What a signature signs.
  static byte[] signedText(String root) {
    return ("lockstep-root " + VERSION + " " + root).getBytes(StandardCharsets.UTF_8);
  }

  /// Writes the root file of `recording` and returns where.
  ///
  /// @throws IOException if it cannot be written
  public Path write(Path recording) throws IOException {
    Path file = ManifestFiles.rootOf(recording);
    DurableFile.write(file, toJson());
    return file;
  }

  /// The bytes of the file.
  byte[] toJson() {
    ObjectNode json = JsonText.MAPPER.createObjectNode();
    json.put(VERSION_KEY, VERSION);
    json.put("tool", tool);
    json.put("recording", recording);
    json.put("format", format);
    json.put("recording_bytes", recordingBytes);
    ArrayNode list = json.putArray("files");
    for (Entry entry : files) {
      ObjectNode each = list.addObject();
      each.put("role", entry.role());
      each.put("path", entry.path());
      each.put("bytes", entry.bytes());
      each.put("sha256", entry.sha256());
    }
    json.put("root_sha256", root);
    if (signature != null) {
      ObjectNode each = json.putObject("signature");
      each.put("algorithm", RootKeys.ALGORITHM);
      each.put("value", signature);
    }
    return JsonText.of(json);
  }

  /// Reads a root file; whether its digests are right is not looked at.
  ///
  /// @throws IOException if it cannot be read
  /// @throws MalformedException if it is no root file of this version
  public static RootFile read(Path file) throws IOException, MalformedException {
    if (Files.size(file) > MAX_BYTES) {
      throw new MalformedException(
          Files.size(file) + " bytes (expected at most " + MAX_BYTES + ")");
    }
    JsonNode json;
    try {
      json = JsonText.MAPPER.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw new MalformedException("no JSON: " + e.getOriginalMessage());
    }
    if (number(json, VERSION_KEY) != VERSION) {
      throw new MalformedException(
          VERSION_KEY + ": " + json.path(VERSION_KEY) + " (expected " + VERSION + ")");
    }
    List<Entry> files = new ArrayList<>();
    int manifests = 0;
    for (JsonNode each : json.path("files")) {
      String role = text(each, "role");
      boolean manifest = role.equals(MANIFEST_ROLE);
      if (!manifest && !role.equals(NAMED_ROLE)) {
        throw new MalformedException("role: " + role + " (expected manifest or named)");
      }
      manifests += manifest ? 1 : 0;
      files.add(
          new Entry(manifest, text(each, "path"), number(each, "bytes"), text(each, "sha256")));
    }
    if (manifests != 1) {
      throw new MalformedException("files: " + manifests + " manifests (expected 1)");
    }
    return new RootFile(
        text(json, "tool"),
        text(json, "recording"),
        text(json, "format"),
        number(json, "recording_bytes"),
        files,
        text(json, "root_sha256"),
        signature(json.path("signature")));
  }

  private static @Nullable String signature(JsonNode json) throws MalformedException {
    if (json.isMissingNode()) {
      return null;
    }
    String algorithm = text(json, "algorithm");
    if (!algorithm.equals(RootKeys.ALGORITHM)) {
      throw new MalformedException(
          "algorithm: " + algorithm + " (expected " + RootKeys.ALGORITHM + ")");
    }
    String value = text(json, "value");
    try {
      Base64.getDecoder().decode(value);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("signature: no base64");
    }
    return value;
  }

  private static String text(JsonNode json, String member) throws MalformedException {
    JsonNode value = json.path(member);
    if (!value.isTextual()) {
      throw new MalformedException(member + ": " + shown(value) + " (expected a text)");
    }
    return value.textValue();
  }

  private static long number(JsonNode json, String member) throws MalformedException {
    JsonNode value = json.path(member);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw new MalformedException(member + ": " + shown(value) + " (expected a whole number)");
    }
    return value.longValue();
  }

  private static String shown(JsonNode value) {
    return value.isMissingNode() ? "missing" : value.toString();
  }
}
