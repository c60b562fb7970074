package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.lockstep.cli.Main;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IngestArchitectureTest {

  private static JavaClasses program;

  @BeforeAll
  static void readProgram() throws URISyntaxException {
    program = ArchitectureRules.classesBeside(Main.class);
  }

  static List<ArchRule> rules() {
    return ArchitectureRules.everywhere();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void programKeeps(ArchRule rule) {
    rule.check(program);
  }

  /// Otherwise a rule could pass on nothing.
  @Test
  void scanSeesEveryPackageThatHasSources() throws IOException {
    Set<String> seen = program.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    assertThat(seen)
        .contains("dev.lockstep.cli")
        .containsAll(ArchitectureRules.packagesWithSources(Path.of("src/main/java")));
  }

  /// A package that is spread over two jars would escape the arrows of core.
  @Test
  void noPackageIsAlsoInCore() throws IOException {
    assertThat(ArchitectureRules.packagesWithSources(Path.of("src/main/java")))
        .allSatisfy(name ->
            assertThat(ArchitectureRules.LAYERS.stream().anyMatch(l -> l.contains(name)))
                .as("%s is a package of core", name)
                .isFalse());
  }
}
