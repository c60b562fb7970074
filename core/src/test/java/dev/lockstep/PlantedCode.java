package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Code that breaks a rule on purpose, compiled into a folder of its own, so that it can stand in
/// the packages that the rules are about and still never meet the program.
final class PlantedCode {

  private final List<JavaFileObject> sources = new ArrayList<>();

  /// Adds a compilation unit: imports and classes, of any name.
  PlantedCode add(String packageName, String declarations) {
    return addUnit("Unit" + sources.size(), "package " + packageName + ";\n" + declarations);
  }

  /// Adds the annotations of a package.
  PlantedCode addPackageInfo(String packageName, String annotations) {
    return addUnit("package-info", annotations + " package " + packageName + ";");
  }

  private PlantedCode addUnit(String name, String text) {
    URI uri = URI.create("string:///%d/%s.java".formatted(sources.size(), name));
    sources.add(
        new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
          }

          @Override
          public boolean isNameCompatible(String simpleName, Kind kind) {
            return simpleName.equals("package-info") == name.equals("package-info");
          }
        });
    return this;
  }

  JavaClasses compile(Path folder) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options = List.of("-d", folder.toString(), "-proc:none", "-classpath", "");
    assertThat(compiler.getTask(null, null, null, options, null, sources).call())
        .as("planted code compiles")
        .isTrue();
    return new ClassFileImporter().importPath(folder);
  }
}
