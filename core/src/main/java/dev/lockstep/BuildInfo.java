package dev.lockstep;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// The version of this build, for `--version`, reports and manifests.
///
/// It comes from the POM alone, never from the repository or the clock, so that equal sources give
/// equal jars.
public final class BuildInfo {

  private static final String RESOURCE = "build.properties";
  private static final String VERSION = readVersion();

  private BuildInfo() {}

  /// The version as the POM has it, for example `0.1.0-SNAPSHOT`.
  public static String version() {
    return VERSION;
  }

  private static String readVersion() {
    Properties properties = new Properties();
    try (InputStream in = BuildInfo.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("resource missing from the jar: " + RESOURCE);
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("resource unreadable: " + RESOURCE, e);
    }
    return properties.getProperty("version");
  }
}
