package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Keeps the documents at the top level in step with the code.
class DocumentsTest {

  private static final Path TOP = Path.of("..");

  /// A name of a type in code marks, for example `` `SourceFormat` ``.
  private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z0-9]+([A-Z][A-Za-z0-9]*)?)`");

  private static final Set<String> OF_THE_JDK = Set.of("MemorySegment");

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "CONTRIBUTING.md"})
  void namedTypesExist(String document) throws IOException {
    String text = Files.readString(TOP.resolve(document));
    Set<String> named =
        TYPE.matcher(text)
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    named.removeAll(OF_THE_JDK);
    assertThat(sourceNames()).containsAll(named);
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "CONTRIBUTING.md"})
  void linkedFilesExist(String document) throws IOException {
    String text = Files.readString(TOP.resolve(document));
    assertThat(Pattern.compile("\\]\\(([^):#]+)\\)").matcher(text).results())
        .allSatisfy(match -> assertThat(TOP.resolve(match.group(1))).exists());
  }

  private static Set<String> sourceNames() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String module : List.of("core", "ingest")) {
      try (Stream<Path> files = Files.walk(TOP.resolve(module).resolve("src"))) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".java"))
            .forEach(name -> names.add(name.substring(0, name.length() - ".java".length())));
      }
    }
    return names;
  }
}
