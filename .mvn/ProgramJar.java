import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.LocalDateTime;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Makes the program's jar from the shaded one, and one that starts it: `java ProgramJar.java
/// SHADED PROGRAM STARTER`.
///
/// Two things need doing. Classes from before version 50 (picocli's are 49) have no stack maps, and
/// the JVM keeps such classes out of an AOT cache; they get stack maps and the lowest version that
/// the cache takes, which saves a quarter of the start-up time. And the new jar takes the place of
/// the old one in one step, so that a program that runs from the old one keeps it.
///
/// The starter holds a manifest that names the program. Java lists all entries of the jar that it
/// starts, ten thousands of the program's, before anything runs; with the starter it does so only
/// where a class or a resource is not in the AOT cache.
final class ProgramJar {

  /// The first version whose verifier relies on stack maps alone.
  private static final int WITH_STACK_MAPS = 51;

  /// The last version that has none.
  private static final int WITHOUT_STACK_MAPS = 49;

  private ProgramJar() {}

  public static void main(String[] args) throws IOException {
    Path shaded = Path.of(args[0]);
    Path program = Path.of(args[1]);
    Path work = Files.copy(shaded, Path.of(program + ".part"), StandardCopyOption.REPLACE_EXISTING);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {shaded.toUri().toURL()});
        FileSystem jar = FileSystems.newFileSystem(work);
        Stream<Path> files = Files.walk(jar.getPath("/"))) {
      ClassFile classFile =
          ClassFile.of(
              StackMapsOption.GENERATE_STACK_MAPS,
              ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofClassLoading(loader)));
      List<Path> classes = files.filter(file -> file.toString().endsWith(".class")).toList();
      for (Path file : classes) {
        upgrade(classFile, file);
      }
    }
    writeStarter(program, Path.of(args[2]));
    Files.move(work, program, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void writeStarter(Path program, Path starter) throws IOException {
    Manifest manifest;
    try (JarFile jar = new JarFile(program + ".part")) {
      manifest = jar.getManifest();
    }
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, program.getFileName().toString());
    Path work = Path.of(starter + ".part");
    try (OutputStream file = Files.newOutputStream(work);
        ZipOutputStream jar = new ZipOutputStream(file)) {
      ZipEntry entry = new ZipEntry(JarFile.MANIFEST_NAME);
      // Equal sources give equal jars.
      entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
      jar.putNextEntry(entry);
      manifest.write(jar);
      jar.closeEntry();
    }
    Files.move(work, starter, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void upgrade(ClassFile classFile, Path file) throws IOException {
    ClassModel old = classFile.parse(Files.readAllBytes(file));
    if (old.majorVersion() > WITHOUT_STACK_MAPS) {
      return;
    }
    // Code that is handed on element by element is assembled anew, with its stack maps.
    MethodTransform assemble = MethodTransform.transformingCode(CodeTransform.ACCEPT_ALL);
    ClassTransform transform =
        (builder, element) -> {
          switch (element) {
            case ClassFileVersion _ -> builder.withVersion(WITH_STACK_MAPS, 0);
            case MethodModel method -> builder.transformMethod(method, assemble);
            default -> builder.with(element);
          }
        };
    byte[] upgraded = classFile.transformClass(old, transform);
    List<VerifyError> errors = classFile.verify(upgraded);
    if (!errors.isEmpty()) {
      throw new IOException("cannot give stack maps to " + file, errors.getFirst());
    }
    FileTime time = Files.getLastModifiedTime(file);
    Files.write(file, upgraded);
    Files.setLastModifiedTime(file, time);
  }
}
