package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.lockstep.ArchitectureRules.Layer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {

  private static JavaClasses program;

  @BeforeAll
  static void readProgram() throws URISyntaxException {
    program = ArchitectureRules.classesBeside(BuildInfo.class);
  }

  static List<ArchRule> rules() {
    return ArchitectureRules.ofCore();
  }

  static List<String> layerNames() {
    return ArchitectureRules.LAYERS.stream().map(Layer::name).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void programKeeps(ArchRule rule) {
    rule.check(program);
  }

  /// Otherwise a rule could pass on nothing.
  @Test
  void scanSeesEveryPackageThatHasSources() throws IOException {
    Set<String> seen =
        program.stream()
            .map(JavaClass::getPackageName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(seen).isNotEmpty().containsAll(packagesWithSources());
    assertThat(program.size()).isGreaterThan(packagesWithSources().size());
  }

  /// A package that no layer contains would be under no arrow rule at all.
  @Test
  void everyPackageBelongsToALayer() throws IOException {
    assertThat(packagesWithSources())
        .allSatisfy(name ->
            assertThat(
                    name.equals(ArchitectureRules.ROOT)
                        || ArchitectureRules.LAYERS.stream()
                            .anyMatch(layer -> layer.contains(name)))
                .as("package %s: add it to ArchitectureRules.LAYERS", name)
                .isTrue());
  }

  @Test
  void layersUseOnlyLayersBelowThem() {
    List<String> names = layerNames();
    assertThat(names).doesNotHaveDuplicates();
    for (Layer layer : ArchitectureRules.LAYERS) {
      assertThat(names.subList(0, names.indexOf(layer.name())))
          .as("layers below %s", layer.name())
          .containsAll(layer.mayUse());
    }
  }

  /// A layer that is still to come is no fault, but shows as skipped.
  @ParameterizedTest(name = "{0}")
  @MethodSource("layerNames")
  void layerHasCode(String name) throws IOException {
    Layer layer = ArchitectureRules.layerNamed(name);
    assumeTrue(
        packagesWithSources().stream().anyMatch(layer::contains), "layer without code: " + name);
    assertThat(program).anyMatch(type -> layer.contains(type.getPackageName()));
  }

  private static Set<String> packagesWithSources() throws IOException {
    return ArchitectureRules.packagesWithSources(Path.of("src/main/java"));
  }
}
