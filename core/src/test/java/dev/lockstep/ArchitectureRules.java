package dev.lockstep;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/// The layers of core and the rules that keep them apart.
///
/// [ArchitectureTest] holds the program against these rules; [ArchitectureRulesTest] proves that
/// each of them can fail.
final class ArchitectureRules {

  static final String ROOT = "dev.lockstep";

  /// A package, or with `.*` each package below one, and the layers that it may use.
  ///
  /// @param name relative to the root package, for example `clock` or `source.*`
  record Layer(String name, List<String> mayUse) {

    boolean contains(String packageName) {
      String own = ROOT + "." + name;
      return name.endsWith(".*")
          ? packageName.startsWith(own.substring(0, own.length() - 1))
          : packageName.equals(own) || (!isFamilyHead() && packageName.startsWith(own + "."));
    }

    /// Whether the packages below are a layer of their own.
    private boolean isFamilyHead() {
      return LAYERS.stream().anyMatch(layer -> layer.name.equals(name + ".*"));
    }
  }

  /// From the bottom to the top: a layer may use only layers that stand before it, so there can be
  /// no cycle.
  static final List<Layer> LAYERS =
      List.of(
          layer("model"),
          layer("mapped"),
          layer("codec"),
          layer("yaml"),
          layer("rig", "model", "yaml"),
          layer("checksum"),
          layer("payload", "model", "checksum"),
          layer("clock", "model"),
          layer("geometry", "model"),
          layer("arrow", "mapped", "codec"),
          layer("labels", "model", "mapped", "geometry"),
          layer("labels.*", "labels", "model", "mapped", "checksum", "codec", "geometry", "arrow"),
          layer("source", "model", "mapped", "checksum", "payload", "labels"),
          layer(
              "source.*",
              "source",
              "model",
              "mapped",
              "checksum",
              "codec",
              "payload",
              "arrow",
              "labels",
              "labels.*",
              "yaml"),
          layer("agreement", "model", "geometry"),
          layer("check", "model"),
          layer("check.*", "check", "model", "clock", "geometry", "checksum", "agreement"),
          layer("manifest", "model", "mapped", "checksum", "codec", "arrow"),
          layer(
              "shadow",
              "manifest",
              "codec",
              "source",
              "source.*",
              "labels",
              "labels.*",
              "check",
              "model",
              "checksum"),
          layer("engine", "source", "check", "manifest", "shadow", "geometry", "model", "mapped"),
          layer("synth", "model", "codec", "geometry", "source", "source.*", "labels", "labels.*"),
          layer("report", "agreement", "check", "model", "arrow"),
          layer("plot", "check", "check.*", "model"),
          layer(
              "lineage",
              "source",
              "labels",
              "check",
              "manifest",
              "engine",
              "report",
              "model",
              "mapped",
              "checksum"),
          layer("review", "lineage", "agreement", "report", "model"),
          layer(
              "catalog",
              "model",
              "mapped",
              "codec",
              "checksum",
              "payload",
              "clock",
              "geometry",
              "source",
              "source.*",
              "labels",
              "labels.*",
              "check",
              "check.*",
              "manifest",
              "shadow",
              "engine",
              "synth",
              "report"));

  /// Their public types meet other programs inside a Spark or Flink job.
  private static final List<String> API =
      List.of("model", "source", "check", "engine", "manifest", "shadow", "clock", "geometry");

  static final ArchRule FORMATS_DO_NOT_SEE_EACH_OTHER =
      slices()
          .matching(ROOT + ".source.(*)..")
          .should()
          .notDependOnEachOther()
          .allowEmptyShould(true)
          .as("formats do not see each other");

  static final ArchRule LABEL_FORMATS_DO_NOT_SEE_EACH_OTHER =
      slices()
          .matching(ROOT + ".labels.(*)..")
          .should()
          .notDependOnEachOther()
          .allowEmptyShould(true)
          .as("label formats do not see each other");

  static final ArchRule RULE_FAMILIES_DO_NOT_SEE_EACH_OTHER =
      slices()
          .matching(ROOT + ".check.(*)..")
          .should()
          .notDependOnEachOther()
          .allowEmptyShould(true)
          .as("rule families do not see each other");

  static final ArchRule ONLY_MAPPED_MAPS =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "..")
          .and()
          .resideOutsideOfPackage(ROOT + ".mapped..")
          .should()
          .accessTargetWhere(
              codeTarget(
                  "FileChannel.map or a factory of Arena",
                  target ->
                      (target.getOwner().isAssignableTo(FileChannel.class)
                              && target.getName().equals("map"))
                          || (target.getOwner().isEquivalentTo(Arena.class)
                              && (target.getName().startsWith("of")
                                  || target.getName().equals("global")))))
          .allowEmptyShould(true)
          .as("only mapped maps files and opens arenas");

  static final ArchRule ONLY_CLI_PRINTS =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".cli..")
          .should()
          .accessFieldWhere(
              describe(
                  "System.out or System.err",
                  access ->
                      access.getTargetOwner().isEquivalentTo(System.class)
                          && Set.of("out", "err").contains(access.getTarget().getName())))
          .orShould()
          .accessTargetWhere(
              codeTarget(
                  "printStackTrace()",
                  target ->
                      target.getName().equals("printStackTrace")
                          && target.getRawParameterTypes().isEmpty()))
          .allowEmptyShould(true)
          .as("only cli prints");

  static final ArchRule ONLY_CLI_EXITS =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".cli..")
          .should()
          .accessTargetWhere(
              codeTarget(
                  "exit or halt",
                  target ->
                      (target.getOwner().isEquivalentTo(System.class)
                              || target.getOwner().isEquivalentTo(Runtime.class))
                          && Set.of("exit", "halt").contains(target.getName())))
          .allowEmptyShould(true)
          .as("only cli ends the process");

  static final ArchRule ONLY_CLI_PARSES_OPTIONS =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "..")
          .and()
          .resideOutsideOfPackage(ROOT + ".cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..")
          .allowEmptyShould(true)
          .as("only cli knows picocli");

  static final ArchRule NOTHING_USES_CLI =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + ".cli..")
          .allowEmptyShould(true)
          .as("nothing uses cli");

  static final ArchRule NO_NETWORK =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..")
          .allowEmptyShould(true)
          .as("core does not know Netty");

  static final ArchRule API_CARRIES_NO_ARROW_TYPE =
      classes()
          .that(describe("are API", ArchitectureRules::isApi))
          .should(exposeNothingFrom("org.apache.arrow."))
          .allowEmptyShould(true)
          .as("the public API carries no Arrow type");

  static final ArchRule PACKAGES_ARE_NULL_MARKED =
      classes()
          .that()
          .resideInAPackage(ROOT + "..")
          .should(
              ArchCondition.from(
                  describe(
                      "be in a package with a package-info that says @NullMarked",
                      (JavaClass type) -> type.getPackage().isAnnotatedWith(NullMarked.class))))
          .allowEmptyShould(true)
          .as("every package has a package-info that says @NullMarked");

  private ArchitectureRules() {}

  /// The rules that hold in every module.
  static List<ArchRule> everywhere() {
    return List.of(
        ONLY_MAPPED_MAPS,
        ONLY_CLI_PRINTS,
        ONLY_CLI_EXITS,
        ONLY_CLI_PARSES_OPTIONS,
        NOTHING_USES_CLI,
        PACKAGES_ARE_NULL_MARKED);
  }

  static List<ArchRule> ofCore() {
    List<ArchRule> rules = new ArrayList<>(everywhere());
    LAYERS.forEach(layer -> rules.add(arrowsOf(layer)));
    rules.addAll(
        List.of(
            FORMATS_DO_NOT_SEE_EACH_OTHER,
            LABEL_FORMATS_DO_NOT_SEE_EACH_OTHER,
            RULE_FAMILIES_DO_NOT_SEE_EACH_OTHER,
            NO_NETWORK,
            API_CARRIES_NO_ARROW_TYPE));
    return rules;
  }

  /// All classes of the module to which `type` belongs.
  static JavaClasses classesBeside(Class<?> type) throws URISyntaxException {
    return new ClassFileImporter()
        .importPath(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
  }

  /// The packages below the root package that have a source file in `folder`.
  static Set<String> packagesWithSources(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(file -> folder.relativize(file.getParent()).toString().replace('/', '.'))
          .filter(name -> (name + ".").startsWith(ROOT + "."))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /// The layer uses itself, the layers that it may use, the root package, and nothing else of ours.
  static ArchRule arrowsOf(Layer layer) {
    List<Layer> allowed =
        LAYERS.stream()
            .filter(other -> other.equals(layer) || layer.mayUse.contains(other.name))
            .toList();
    return classes()
        .that(describe("are in " + layer.name, type -> layer.contains(type.getPackageName())))
        .should()
        .onlyDependOnClassesThat(
            describe(
                "are in " + layer.mayUse,
                type -> {
                  String used = type.getBaseComponentType().getPackageName();
                  return !(used + ".").startsWith(ROOT + ".")
                      || used.equals(ROOT)
                      || allowed.stream().anyMatch(other -> other.contains(used));
                }))
        .allowEmptyShould(true)
        .as(layer.name + " uses only " + (layer.mayUse.isEmpty() ? "itself" : layer.mayUse));
  }

  static Layer layerNamed(String name) {
    return LAYERS.stream().filter(layer -> layer.name.equals(name)).findFirst().orElseThrow();
  }

  private static Layer layer(String name, String... mayUse) {
    return new Layer(name, List.of(mayUse));
  }

  /// Calls of methods and references to them alike.
  private static DescribedPredicate<JavaAccess<?>> codeTarget(
      String what, Predicate<CodeUnitAccessTarget> matches) {
    return describe(
        what,
        access -> access.getTarget() instanceof CodeUnitAccessTarget code && matches.test(code));
  }

  private static boolean isApi(JavaClass type) {
    boolean listed =
        API.stream()
            .map(name -> ROOT + "." + name + ".")
            .anyMatch((type.getPackageName() + ".")::startsWith);
    return listed && isVisible(type);
  }

  private static boolean isVisible(JavaClass type) {
    return isVisible(type.getModifiers())
        && type.getEnclosingClass().map(ArchitectureRules::isVisible).orElse(true);
  }

  private static boolean isVisible(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static ArchCondition<JavaClass> exposeNothingFrom(String packagePrefix) {
    return new ArchCondition<>("expose nothing from " + packagePrefix) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        List<JavaType> ofClass = new ArrayList<>(type.getInterfaces());
        type.getSuperclass().ifPresent(ofClass::add);
        ofClass.addAll(type.getTypeParameters());
        report(type.getDescription(), ofClass, events);
        for (JavaMember member : type.getMembers()) {
          if (isVisible(member.getModifiers())) {
            report(member.getDescription(), typesOf(member), events);
          }
        }
      }

      private void report(String where, List<JavaType> types, ConditionEvents events) {
        types.stream()
            .flatMap(type -> type.getAllInvolvedRawTypes().stream())
            .map(JavaClass::getBaseComponentType)
            .filter(type -> type.getName().startsWith(packagePrefix))
            .distinct()
            .forEach(type ->
                events.add(
                    SimpleConditionEvent.violated(type, where + " exposes " + type.getName())));
      }
    };
  }

  private static List<JavaType> typesOf(JavaMember member) {
    return switch (member) {
      case JavaField field -> List.of(field.getType());
      case JavaCodeUnit code -> {
        List<JavaType> types = new ArrayList<>(code.getParameterTypes());
        types.add(code.getReturnType());
        types.addAll(code.getExceptionTypes());
        for (JavaTypeVariable<?> parameter : code.getTypeParameters()) {
          types.addAll(parameter.getUpperBounds());
        }
        yield types;
      }
      default -> throw new IllegalArgumentException("neither field nor code: " + member);
    };
  }
}
