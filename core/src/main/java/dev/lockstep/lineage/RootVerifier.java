package dev.lockstep.lineage;

import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.Progress;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.source.LabelledFormat;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Checks a copy of a recording against its root file: root and signature, every file that it
/// names, and through the manifest every block of the data.
public final class RootVerifier {
  /// Files of a folder that are told.
  private static final int MAX_UNNAMED = 20;

  private RootVerifier() {}

  /// Something that is not as it was sealed.
  ///
  /// @param file file that differs, relative to the folder of the root file
  /// @param what what differs, with the stored and the computed value
  public record Difference(String file, String what) {}

  /// What is known of the signature.
  public enum Signed {
    /// There is none: whoever changes the data can make such a root anew.
    UNSIGNED,
    /// There is one, and no key to check it with.
    UNCHECKED,
    /// It is that of the key.
    RIGHT,
    /// It is not that of the key, or there is none though a key was given.
    WRONG
  }

  /// What a check gave.
  ///
  /// @param root the root file, null where it is malformed
  /// @param signed what is known of the signature
  /// @param differences what differs in files; the data is in `data`
  /// @param data the recording as the engine found it, null where it is missing
  public record Verified(
      @Nullable RootFile root,
      Signed signed,
      List<Difference> differences,
      @Nullable RecordingResult data) {
    /// Copies the list.
    public Verified {
      differences = List.copyOf(differences);
    }

    /// Whether everything is as it was sealed.
    public boolean same() {
      return differences.isEmpty()
          && data != null
          && data.results().stream().allMatch(result -> result.findings().isEmpty());
    }
  }

  /// Checks the recording at `recording`.
  ///
  /// @param format its format, null where no recording is there
  /// @param key key that must have signed the root, or null
  /// @param engine an engine with the rules about blocks and manifests, and no others
  /// @throws IOException if a file cannot be read
  public static Verified verify(
      Path recording,
      String name,
      @Nullable SourceFormat format,
      @Nullable PublicKey key,
      Engine engine,
      Progress progress)
      throws IOException {
    Path file = ManifestFiles.rootOf(recording);
    String rootName = String.valueOf(file.getFileName());
    List<Difference> differences = new ArrayList<>();
    RootFile root = null;
    Signed signed = key == null ? Signed.UNSIGNED : Signed.WRONG;
    try {
      root = RootFile.read(file);
      signed = check(root, rootName, key, differences);
      compare(root, recording, format, differences);
    } catch (RootFile.MalformedException e) {
      differences.add(new Difference(rootName, "no root file: " + e.getMessage()));
    }
    RecordingResult data =
        format == null ? null : engine.check(recording, name, format, finding -> {}, progress);
    return new Verified(root, signed, differences, data);
  }

  private static Signed check(
      RootFile root, String name, @Nullable PublicKey key, List<Difference> differences) {
    String computed = root.computedRoot();
    if (!computed.equals(root.root())) {
      differences.add(
          new Difference(name, "root SHA-256 stored " + root.root() + ", computed " + computed));
    }
    String signature = root.signature();
    if (key == null) {
      return signature == null ? Signed.UNSIGNED : Signed.UNCHECKED;
    }
    if (signature == null) {
      differences.add(new Difference(name, "signature missing (expected one by the given key)"));
      return Signed.WRONG;
    }
    if (!RootKeys.isRight(
        key, RootFile.signedText(root.root()), Base64.getDecoder().decode(signature))) {
      differences.add(new Difference(name, "signature is not one of this root by the given key"));
      return Signed.WRONG;
    }
    return Signed.RIGHT;
  }

  private static void compare(
      RootFile root, Path recording, @Nullable SourceFormat format, List<Difference> differences)
      throws IOException {
    String name = ManifestFiles.name(recording);
    if (!name.equals(root.recording())) {
      differences.add(new Difference(name, "sealed under the name " + root.recording()));
    }
    if (format == null) {
      differences.add(new Difference(name, "missing, or no recording any more"));
    } else {
      if (!format.name().equals(root.format())) {
        differences.add(
            new Difference(name, "format stored " + root.format() + ", found " + format.name()));
      }
      long bytes = ManifestFiles.sizeBytes(recording);
      if (bytes != root.recordingBytes()) {
        differences.add(
            new Difference(name, "length stored " + root.recordingBytes() + ", found " + bytes));
      }
    }
    String manifest = String.valueOf(ManifestFiles.of(recording).getFileName());
    for (RootFile.Entry entry : root.files()) {
      if (entry.manifest() && !entry.path().equals(manifest)) {
        differences.add(
            new Difference(entry.path(), "named as the manifest (expected " + manifest + ")"));
        continue;
      }
      compare(entry, RootFile.folderOf(recording).resolve(entry.path()), differences);
    }
    foreign(root, recording, format, differences);
  }

  /// The files beside a recording that are read with it: labels, and parts of it.
  ///
  /// @param format its format, null where no recording is there
  public static List<Path> readWith(Path recording, @Nullable SourceFormat format) {
    List<Path> read = new ArrayList<>();
    Path labels = LabelledFormat.labelsOf(recording);
    if (labels != null) {
      read.add(labels);
    }
    if (format != null) {
      read.addAll(format.beside(recording));
    }
    Path absolute = recording.toAbsolutePath().normalize();
    return read.stream()
        .map(file -> file.toAbsolutePath().normalize())
        .filter(file -> Files.isRegularFile(file) && !file.startsWith(absolute))
        .toList();
  }

  /// What would be read with the recording, so that the result is another, and nobody sealed.
  private static void foreign(
      RootFile root, Path recording, @Nullable SourceFormat format, List<Difference> differences) {
    Path folder = RootFile.folderOf(recording).toAbsolutePath().normalize();
    Set<Path> named = new HashSet<>();
    root.files().forEach(entry -> named.add(folder.resolve(entry.path()).normalize()));
    for (Path file : readWith(recording, format)) {
      if (!named.contains(file)) {
        differences.add(
            new Difference(
                folder.relativize(file).toString(),
                "not under the root, and read with the recording"));
      }
    }
  }

  /// Files in folders of which the root names some, and it does not name them; at most as many as
  /// are worth telling.
  ///
  /// @throws IOException if a folder cannot be listed
  public static List<String> unnamed(RootFile root, Path recording) throws IOException {
    Path folder = RootFile.folderOf(recording);
    Set<Path> named = new HashSet<>();
    Set<Path> folders = new TreeSet<>();
    for (RootFile.Entry entry : root.files()) {
      Path file = folder.resolve(entry.path()).normalize();
      named.add(file);
      Path parent = file.getParent();
      if (parent != null && !parent.equals(folder.normalize()) && Files.isDirectory(parent)) {
        folders.add(parent);
      }
    }
    List<String> found = new ArrayList<>();
    for (Path each : folders) {
      try (Stream<Path> files = Files.list(each)) {
        files
            .filter(file -> Files.isRegularFile(file) && !named.contains(file.normalize()))
            .sorted()
            .limit(MAX_UNNAMED)
            .forEach(file -> found.add(folder.normalize().relativize(file.normalize()).toString()));
      }
    }
    return found;
  }

  private static void compare(RootFile.Entry entry, Path file, List<Difference> differences)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      differences.add(new Difference(entry.path(), "missing"));
      return;
    }
    FileDigest found = FileDigest.of(file);
    if (found.bytes() != entry.bytes()) {
      differences.add(
          new Difference(
              entry.path(), "length stored " + entry.bytes() + ", found " + found.bytes()));
    } else if (!found.sha256().equals(entry.sha256())) {
      differences.add(
          new Difference(
              entry.path(), "SHA-256 stored " + entry.sha256() + ", computed " + found.sha256()));
    }
  }
}
