package dev.lockstep;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.lockstep.cli.Main;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IngestArchitectureTest {

  /// The packages of this module, from the bottom to the top, and those of them that each may use;
  /// cli may use all.
  private static final Map<String, Set<String>> ARROWS =
      Map.of(
          "follow", Set.of(),
          "ops", Set.of("follow"),
          "sidecar", Set.of("follow", "ops"),
          "wire", Set.of(),
          "store", Set.of(),
          "session", Set.of("wire", "store"),
          "server", Set.of("wire", "store", "session", "follow", "ops"),
          "client", Set.of("wire"),
          "conformance", Set.of("wire"));

  private static JavaClasses program;

  @BeforeAll
  static void readProgram() throws URISyntaxException {
    program = ArchitectureRules.classesBeside(Main.class);
  }

  /// Sessions and the store can be tested, and read, without sockets.
  private static final ArchRule ONLY_SERVER_KNOWS_NETTY =
      noClasses()
          .that()
          .resideOutsideOfPackage(ArchitectureRules.ROOT + ".server..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..")
          .as("only server knows Netty");

  static List<ArchRule> rules() {
    List<ArchRule> rules = new ArrayList<>(ArchitectureRules.everywhere());
    rules.add(ONLY_SERVER_KNOWS_NETTY);
    ARROWS.forEach((name, mayUse) -> rules.add(arrowsOf(name, mayUse)));
    return rules;
  }

  private static ArchRule arrowsOf(String name, Set<String> mayUse) {
    String[] forbidden =
        Stream.concat(ARROWS.keySet().stream(), Stream.of("cli"))
            .filter(other -> !other.equals(name) && !mayUse.contains(other))
            .map(other -> ArchitectureRules.ROOT + "." + other + "..")
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(ArchitectureRules.ROOT + "." + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .allowEmptyShould(true)
        .as(name + " uses, of this module, only " + new TreeSet<>(mayUse));
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
