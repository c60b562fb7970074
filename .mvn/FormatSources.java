import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// Checks the format of every Java source below a folder, or repairs it.
///
/// The build runs this file as a source program, with google-java-format on the class path: `java
/// FormatSources.java check|apply ROOT RESULT`. What is badly formatted is named on the standard
/// error stream and in the file RESULT, which is absent when all is well: the build asks for that
/// file, because it buries the message of a program that fails under a stack trace. Exit code 1 is
/// for sources that cannot be read.
final class FormatSources {

  private FormatSources() {}

  public static void main(String[] args) throws Exception {
    boolean apply = args[0].equals("apply");
    Path root = Path.of(args[1]);
    Path result = Path.of(args[2]);
    Files.deleteIfExists(result);
    List<String> sources = findSources(root);
    if (sources.isEmpty()) {
      System.err.println("No Java source found below " + root + ": the format was not checked.");
      System.exit(1);
    }

    List<String> command = new ArrayList<>(List.of(apply ? "--replace" : "--dry-run"));
    command.addAll(sources);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        new Main(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                InputStream.nullInputStream())
            .format(command.toArray(String[]::new));

    System.err.print(err);
    List<String> changed =
        out.toString().lines().map(file -> "  " + root.relativize(Path.of(file))).sorted().toList();
    if (!changed.isEmpty()) {
      System.err.println("Not in google-java-format:");
      changed.forEach(System.err::println);
      Files.createDirectories(result.getParent());
      Files.write(result, changed);
    }
    System.exit(exit);
  }

  private static List<String> findSources(Path root) throws IOException {
    List<String> sources = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            return name.equals("target") || name.equals(".git")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              sources.add(file.toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }
}
