package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.lockstep.ArchitectureRules.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that each architecture rule can fail, and that it stays silent beside the fault.
class ArchitectureRulesTest {

  private static final Pattern ARROW = Pattern.compile("dev\\.lockstep\\.(\\S+)\\.Uses\\d+\\.used");
  private static final Pattern METHOD =
      Pattern.compile("dev\\.lockstep\\.engine\\.Planted\\.(\\w+)\\(");
  private static final Pattern TARGET = Pattern.compile("dev\\.lockstep\\.(\\S+)\\.Used>");

  private static final String VECTOR = "org.apache.arrow.vector.V";
  @TempDir private Path folder;

  /// Every layer is made to use every other one: exactly the arrows that the table lacks are
  /// reported.
  @Test
  void arrowRulesReportEveryArrowThatIsNotAllowed() throws IOException {
    PlantedCode code = new PlantedCode();
    List<String> forbidden = new ArrayList<>();
    for (Layer layer : ArchitectureRules.LAYERS) {
      code.add(packageOf(layer), "public class Used {}");
      for (int i = 0; i < ArchitectureRules.LAYERS.size(); i++) {
        Layer other = ArchitectureRules.LAYERS.get(i);
        code.add(packageOf(layer), "class Uses%d { %s.Used used; }".formatted(i, packageOf(other)));
        if (!other.equals(layer) && !layer.mayUse().contains(other.name())) {
          forbidden.add(layer.name() + " -> " + other.name());
        }
      }
    }
    JavaClasses planted = code.compile(folder);

    List<String> reported = new ArrayList<>();
    for (Layer layer : ArchitectureRules.LAYERS) {
      for (String detail : failuresOf(ArchitectureRules.arrowsOf(layer), planted)) {
        reported.add(nameIn(ARROW, detail) + " -> " + nameIn(TARGET, detail));
      }
    }
    assertThat(forbidden).hasSizeGreaterThan(200);
    assertThat(reported).containsExactlyInAnyOrderElementsOf(forbidden);
  }

  @Test
  void formatsThatSeeEachOtherAreReported() throws IOException {
    assertSiblingsAreReported("source", ArchitectureRules.FORMATS_DO_NOT_SEE_EACH_OTHER);
  }

  @Test
  void labelFormatsThatSeeEachOtherAreReported() throws IOException {
    assertSiblingsAreReported("labels", ArchitectureRules.LABEL_FORMATS_DO_NOT_SEE_EACH_OTHER);
  }

  @Test
  void ruleFamiliesThatSeeEachOtherAreReported() throws IOException {
    assertSiblingsAreReported("check", ArchitectureRules.RULE_FAMILIES_DO_NOT_SEE_EACH_OTHER);
  }

  @Test
  void mappingOutsideOfMappedIsReported() throws IOException {
    assertMethodsAreReported(
        ArchitectureRules.ONLY_MAPPED_MAPS,
        "mapped",
        """
        class Planted {
          void channel(java.nio.channels.FileChannel c) throws java.io.IOException {
            c.map(java.nio.channels.FileChannel.MapMode.READ_ONLY, 0, 1);
          }
          void confined() { java.lang.foreign.Arena.ofConfined().close(); }
          void shared() { java.lang.foreign.Arena.ofShared().close(); }
          void auto() { java.lang.foreign.Arena.ofAuto(); }
          void global() { java.lang.foreign.Arena.global(); }
          Object reference() { return (Runnable) java.lang.foreign.Arena::ofAuto; }
          void notHeap() { java.lang.foreign.MemorySegment.ofArray(new byte[1]); }
          void notUse(java.lang.foreign.Arena a) { a.allocate(1); }
        }
        """,
        List.of("channel", "confined", "shared", "auto", "global", "reference"));
  }

  @Test
  void printingOutsideOfCliIsReported() throws IOException {
    assertMethodsAreReported(
        ArchitectureRules.ONLY_CLI_PRINTS,
        "cli",
        """
        class Planted {
          void out() { System.out.println(); }
          void err() { System.err.println(); }
          void trace(Throwable t) { t.printStackTrace(); }
          void traceOf(IllegalStateException e) { e.printStackTrace(); }
          Object reference(Throwable t) { return (Runnable) t::printStackTrace; }
          void notToWriter(Throwable t, java.io.PrintWriter w) { t.printStackTrace(w); }
          void notToStream(java.io.PrintStream s) { s.println(); }
        }
        """,
        List.of("out", "err", "trace", "traceOf", "reference"));
  }

  @Test
  void exitOutsideOfCliIsReported() throws IOException {
    assertMethodsAreReported(
        ArchitectureRules.ONLY_CLI_EXITS,
        "cli",
        """
        class Planted {
          void system() { System.exit(1); }
          void runtime() { Runtime.getRuntime().exit(1); }
          void halt() { Runtime.getRuntime().halt(1); }
          Object reference() { return (java.util.function.IntConsumer) System::exit; }
          void notGc() { System.gc(); }
        }
        """,
        List.of("system", "runtime", "halt", "reference"));
  }

  @Test
  void optionParserOutsideOfCliIsReported() throws IOException {
    JavaClasses planted =
        new PlantedCode()
            .add("picocli", "public class CommandLine {}")
            .add("dev.lockstep.report", "class Planted { picocli.CommandLine c; }")
            .add("dev.lockstep.cli", "class Planted { picocli.CommandLine c; }")
            .compile(folder);

    assertOnlyReported(ArchitectureRules.ONLY_CLI_PARSES_OPTIONS, planted, "report.Planted.c>");
  }

  @Test
  void useOfTheCommandLineFromBelowIsReported() throws IOException {
    JavaClasses planted =
        new PlantedCode()
            .add("dev.lockstep.cli", "public class Used {}")
            .add("dev.lockstep.cli", "class Planted { Used used; }")
            .add("dev.lockstep.server", "class Planted { dev.lockstep.cli.Used used; }")
            .compile(folder);

    assertOnlyReported(ArchitectureRules.NOTHING_USES_CLI, planted, "server.Planted.used>");
  }

  @Test
  void networkInCoreIsReported() throws IOException {
    JavaClasses planted =
        new PlantedCode()
            .add("io.netty.buffer", "public class ByteBuf {}")
            .add("dev.lockstep.engine", "class Planted { io.netty.buffer.ByteBuf b; }")
            .compile(folder);

    assertOnlyReported(ArchitectureRules.NO_NETWORK, planted, "engine.Planted.b>");
  }

  @Test
  void arrowTypesInTheApiAreReported() throws IOException {
    JavaClasses planted =
        new PlantedCode()
            .add("org.apache.arrow.vector", "public class V {}")
            .add("org.apache.arrow.vector", "public class F extends Exception {}")
            .add(
                "dev.lockstep.model",
                """
                import org.apache.arrow.vector.*;
                import java.util.List;
                public abstract class Api<T extends V> extends V implements Comparable<V> {
                  public V field;
                  protected V[] array;
                  public Api(V parameter) {}
                  public abstract List<? extends V> result();
                  public abstract void generic(List<V[]> parameter);
                  public abstract <U extends V> void variable();
                  public abstract void fails() throws F;
                  public record Nested(V component) {}
                  V hiddenField;
                  private V hiddenMethod() { return null; }
                  static class HiddenClass { public V field; }
                }
                class HiddenClass { public V field; }
                """)
            .add("dev.lockstep.report", "public class NotApi { public %s f; }".formatted(VECTOR))
            .compile(folder);

    assertThat(failuresOf(ArchitectureRules.API_CARRIES_NO_ARROW_TYPE, planted))
        .extracting(
            text -> text.replace("dev.lockstep.model.", "").replace("org.apache.arrow.", ""))
        .containsExactlyInAnyOrder(
            "Class <Api> exposes vector.V",
            "Field <Api.field> exposes vector.V",
            "Field <Api.array> exposes vector.V",
            "Constructor <Api.<init>(vector.V)> exposes vector.V",
            "Method <Api.result()> exposes vector.V",
            "Method <Api.generic(java.util.List)> exposes vector.V",
            "Method <Api.variable()> exposes vector.V",
            "Method <Api.fails()> exposes vector.F",
            "Constructor <Api$Nested.<init>(vector.V)> exposes vector.V",
            "Method <Api$Nested.component()> exposes vector.V");
  }

  @Test
  void packagesThatAreNotNullMarkedAreReported() throws IOException {
    JavaClasses planted =
        new PlantedCode()
            .add(
                "org.jspecify.annotations",
                """
                import java.lang.annotation.*;
                @Retention(RetentionPolicy.RUNTIME)
                public @interface NullMarked {}
                """)
            .add("dev.lockstep.clock", "class Unmarked {}")
            .add("dev.lockstep.model", "class Marked {}")
            .addPackageInfo("dev.lockstep.model", "@org.jspecify.annotations.NullMarked")
            .compile(folder);

    assertOnlyReported(ArchitectureRules.PACKAGES_ARE_NULL_MARKED, planted, "clock.Unmarked>");
  }

  private void assertSiblingsAreReported(String family, ArchRule rule) throws IOException {
    String root = "dev.lockstep." + family;
    JavaClasses planted =
        new PlantedCode()
            .add(root, "public class Head {}")
            .add(root + ".one", "public class One { %s.Head h; }".formatted(root))
            .add(root + ".one.deep", "public class Deep { %s.one.One o; }".formatted(root))
            .add(root + ".two", "class Two { %s.one.deep.Deep d; }".formatted(root))
            .compile(folder);

    assertOnlyReported(rule, planted, "Two.d>");
  }

  /// The same class stands in a package that may do it, and in one that may not.
  private void assertMethodsAreReported(
      ArchRule rule, String allowedIn, String source, List<String> methods) throws IOException {
    JavaClasses planted =
        new PlantedCode()
            .add("dev.lockstep.engine", source)
            .add("dev.lockstep." + allowedIn, source)
            .compile(folder);
    List<String> reported =
        failuresOf(rule, planted).stream().map(detail -> nameIn(METHOD, detail)).toList();
    assertThat(reported).containsExactlyInAnyOrderElementsOf(methods);
  }

  private static void assertOnlyReported(ArchRule rule, JavaClasses planted, String where) {
    assertThat(failuresOf(rule, planted)).hasSize(1).first().asString().contains(where);
  }

  private static List<String> failuresOf(ArchRule rule, JavaClasses planted) {
    return rule.evaluate(planted).getFailureReport().getDetails();
  }

  private static String packageOf(Layer layer) {
    return "dev.lockstep." + layer.name().replace("*", "planted");
  }

  private static String nameIn(Pattern pattern, String detail) {
    Matcher matcher = pattern.matcher(detail);
    assertThat(matcher.find()).as(detail).isTrue();
    return matcher.group(1).replace("planted", "*");
  }
}
