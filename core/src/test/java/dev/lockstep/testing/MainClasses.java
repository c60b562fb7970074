package dev.lockstep.testing;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The classes of the module under test, without tests: lists that claim to be complete are held
/// against them.
public final class MainClasses {
  private MainClasses() {}

  /// Names of all classes that implement `type`, without those that are abstract or anonymous.
  ///
  /// @param type of the module whose classes are looked through
  public static Set<String> implementing(Class<?> type) throws ReflectiveOperationException {
    Set<String> names = new TreeSet<>();
    for (String name : names(type)) {
      Class<?> found = Class.forName(name, false, type.getClassLoader());
      if (type.isAssignableFrom(found)
          && !found.isInterface()
          && !found.isAnonymousClass()
          && !Modifier.isAbstract(found.getModifiers())) {
        names.add(name);
      }
    }
    return names;
  }

  private static Set<String> names(Class<?> type) {
    Set<String> names = new TreeSet<>();
    try {
      Path root = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> walk = Files.walk(root.resolve("dev/lockstep"))) {
        walk.map(file -> root.relativize(file).toString())
            .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
            .map(file -> file.substring(0, file.length() - 6).replace(File.separatorChar, '.'))
            .forEach(names::add);
      }
    } catch (IOException | URISyntaxException e) {
      throw new AssertionError("classes of " + type, e);
    }
    return names;
  }
}
