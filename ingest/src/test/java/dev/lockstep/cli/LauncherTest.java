package dev.lockstep.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Runs the launcher on a tiny program of its own.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a POSIX shell script")
class LauncherTest {

  private static final String JAVA_HOME = System.getProperty("java.home");

  /// The program compiled, by what it greets with.
  private static final Map<String, byte[]> PROGRAMS = new HashMap<>();

  private final Map<String, String> environment = new HashMap<>();
  @TempDir private Path folder;
  private Path root;
  private Path launcher;
  private Path jar;

  private record Run(int exit, String out, String err) {}

  @BeforeEach
  void installLauncher() throws IOException {
    root = folder.toRealPath();
    launcher = Files.copy(Path.of("../lockstep"), root.resolve("lockstep"));
    jar = root.resolve("ingest/target/lockstep.jar");
    writeJar("one");
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", Files.createDirectory(root.resolve("home")).toString());
    environment.put("JAVA_HOME", JAVA_HOME);
    environment.put("LOCKSTEP_AOT", "off");
  }

  @Test
  void passesArgumentsOnAsTheyAre() throws Exception {
    assertThat(run("a b", "", "*", "$HOME")).isEqualTo(new Run(0, "one [a b, , *, $HOME]\n", ""));
  }

  @Test
  void endsWithTheExitCodeOfTheProgram() throws Exception {
    assertThat(run("exit", "3").exit()).isEqualTo(3);
  }

  @Test
  void startsFromAnyFolderAndThroughLinks() throws Exception {
    Path elsewhere = Files.createDirectory(root.resolve("else where"));
    Files.createSymbolicLink(elsewhere.resolve("link"), Path.of("../lockstep"));
    Files.createSymbolicLink(elsewhere.resolve("start"), elsewhere.resolve("link"));
    Run expected = new Run(0, "one [a]\n", "");
    assertThat(start(elsewhere, "./start", "a").finish()).isEqualTo(expected);
    assertThat(start(elsewhere, "link", "a").finish()).isEqualTo(expected);
    assertThat(start(root.resolve("ingest"), "../lockstep", "a").finish()).isEqualTo(expected);
  }

  @Test
  void ownOptionsWinOverTheDefaults() throws Exception {
    assertThat(run("options").out()).isEqualTo("large, null\n");
    environment.put("LOCKSTEP_JAVA_OPTS", "-XX:+UseSerialGC -Xmx64m -Dword=hello");
    assertThat(run("options").out()).isEqualTo("small, hello\n");
  }

  @Test
  void benchStartsTheBenchmarks() throws Exception {
    jar = root.resolve("bench/target/benchmarks.jar");
    writeJar("benchmarks");
    environment.remove("LOCKSTEP_AOT");
    assertThat(run("bench", "speed", "--rounds", "3"))
        .isEqualTo(new Run(0, "benchmarks [speed, --rounds, 3]\n", ""));
    assertThat(run("score", "--events", "3"))
        .isEqualTo(new Run(0, "benchmarks [score, --events, 3]\n", ""));
    assertThat(cachedFiles()).isEmpty();
    assertThat(run("check", "bench")).isEqualTo(new Run(0, "one [check, bench]\n", ""));
  }

  @Test
  void littleDataGetsTheQuickCompilerOnly() throws Exception {
    Path little = Files.write(root.resolve("little.mcap"), new byte[1000]);
    Path much = root.resolve("much.mcap");
    try (FileChannel file =
        FileChannel.open(much, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), 4L << 30);
    }
    assertThat(run("check", little.toString(), "compilers").out()).isEqualTo("first\n");
    assertThat(run("check", "-v", "little.mcap", "compilers").out()).isEqualTo("first\n");
    assertThat(run("check", little.toString(), much.toString(), "compilers").out())
        .isEqualTo("both\n");
    assertThat(run("check", root.toString(), "compilers").out()).isEqualTo("both\n");
    Path drive = Files.createDirectory(root.resolve("a drive"));
    Files.write(drive.resolve("little one.mcap"), new byte[1000]);
    assertThat(run("check", "a drive", "compilers").out()).isEqualTo("first\n");
    Files.move(much, drive.resolve("much.mcap"));
    assertThat(run("check", "a drive", "compilers").out()).isEqualTo("both\n");
    assertThat(run("check", "not-there", "compilers").out()).isEqualTo("both\n");
    assertThat(run("synth", little.toString(), "compilers").out()).isEqualTo("both\n");
    assertThat(run("trace", much.toString(), "compilers").out()).isEqualTo("first\n");
    assertThat(run("trace", much.toString(), "--check", "compilers").out()).isEqualTo("both\n");
  }

  @Test
  void starterLeadsToTheProgram() throws Exception {
    assertThat(run("jar").out()).isEqualTo(jar + "\n");
    Path starter = jar.resolveSibling("start.jar");
    Manifest manifest = manifest();
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "lockstep.jar");
    try (OutputStream out = Files.newOutputStream(starter)) {
      new JarOutputStream(out, manifest).close();
    }
    assertThat(run("jar").out()).isEqualTo(starter + "\n");
    makeCache("one");
    assertThat(programComesFromTheCache()).isTrue();
    writeJar("two");
    makeCache("two");
    assertThat(run()).isEqualTo(new Run(0, "two []\n", ""));
  }

  @Test
  void checkEndsAtOnceUnlessSomebodyGaveTheJvmOptions() throws Exception {
    assertThat(run("check", "x", "halts").out()).isEqualTo("true\n");
    assertThat(run("serve", "x", "halts").out()).isEqualTo("false\n");
    environment.put("LOCKSTEP_JAVA_OPTS", "-Dword=1");
    assertThat(run("check", "x", "halts").out()).isEqualTo("false\n");
  }

  @Test
  void firstStartMakesTheCacheInTheBackground() throws Exception {
    environment.remove("LOCKSTEP_AOT");
    assertThat(run()).isEqualTo(new Run(0, "one []\n", ""));
    Instant tooLate = Instant.now().plus(Duration.ofMinutes(2));
    while (cachedFiles().stream().noneMatch(file -> file.toString().endsWith(".aot"))
        || cachedFiles().size() != 2) {
      assertThat(Instant.now()).as("gives up waiting").isBefore(tooLate);
      Thread.sleep(50);
    }
    assertThat(programComesFromTheCache()).isTrue();
  }

  /// The JVM itself does not notice: from a stale cache it runs the old code.
  @Test
  void newCodeRunsAfterTheJarChanged() throws Exception {
    makeCache("one");
    assertThat(programComesFromTheCache()).isTrue();
    FileTime time = Files.getLastModifiedTime(jar);
    long size = Files.size(jar);

    writeJar("two");
    Files.setLastModifiedTime(jar, time);
    assertThat(Files.size(jar)).as("the change is as hard to see as can be").isEqualTo(size);

    makeCache("two");
    assertThat(run()).isEqualTo(new Run(0, "two []\n", ""));
    assertThat(programComesFromTheCache()).isTrue();
  }

  @Test
  void formerCodeRunsAfterTheJarWasPutBack() throws Exception {
    makeCache("one");
    Path kept = Files.move(jar, root.resolve("kept.jar"));
    writeJar("two");
    makeCache("two");
    Files.delete(jar);
    Files.move(kept, jar);
    makeCache("one");
    assertThat(programComesFromTheCache()).isTrue();
  }

  @Test
  void damagedCacheDoesNoHarm() throws Exception {
    makeCache("one");
    for (Path file : cachedFiles()) {
      if (file.toString().endsWith(".aot")) {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 3));
      }
    }
    assertThat(run()).isEqualTo(new Run(0, "one []\n", ""));
  }

  @Test
  void cacheFolderThatCannotBeWrittenDoesNoHarm() throws Exception {
    environment.put("XDG_CACHE_HOME", Files.createFile(root.resolve("file")).toString());
    environment.put("LOCKSTEP_AOT", "now");
    assertThat(run()).isEqualTo(new Run(0, "one []\n", ""));
    environment.remove("LOCKSTEP_AOT");
    assertThat(run()).isEqualTo(new Run(0, "one []\n", ""));
  }

  @Test
  void startsAtTheSameTimeShareOneCache() throws Exception {
    environment.put("LOCKSTEP_AOT", "now");
    List<Started> started = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      started.add(start(root, "./lockstep", "a"));
    }
    for (Started one : started) {
      assertThat(one.finish()).isEqualTo(new Run(0, "one [a]\n", ""));
    }
    assertThat(cachedFiles()).hasSize(2);
    assertThat(programComesFromTheCache()).isTrue();
  }

  @Test
  void buildsOnceAndAfterEachChange() throws Exception {
    Path calls = installMaven("cp prepared.jar ingest/target/lockstep.jar");
    Path source = root.resolve("core/src/main/A.java");

    Run first = run("a");
    assertThat(first.out()).isEqualTo("one [a]\n");
    assertThat(first.err())
        .isEqualTo(
            "lockstep: building the program with Maven; this happens once, and after a change\n");
    assertThat(run("a")).isEqualTo(new Run(0, "one [a]\n", ""));
    assertThat(calls).content().isEqualTo("call\n");

    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plus(Duration.ofSeconds(2))));
    assertThat(run("a").err()).contains("building");
    assertThat(calls).content().isEqualTo("call\ncall\n");

    Files.setLastModifiedTime(source, FileTime.fromMillis(0));
    assertThat(run("a").err()).isEmpty();
    Files.delete(source);
    assertThat(run("a").err()).contains("building");
  }

  @Test
  void startsAtTheSameTimeBuildOnce() throws Exception {
    // The build ends when the two others wait for it.
    Path calls =
        installMaven(
            "until [ `cat stderr* | grep -c waiting` = 2 ]; do sleep 0.05; done;"
                + " cp prepared.jar ingest/target/lockstep.jar");
    List<Started> started = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      started.add(start(root, "./lockstep"));
    }
    for (Started one : started) {
      assertThat(one.finish().out()).isEqualTo("one []\n");
    }
    assertThat(calls).content().isEqualTo("call\n");
  }

  @Test
  void lockOfADeadBuildIsTakenOver() throws Exception {
    installMaven("cp prepared.jar ingest/target/lockstep.jar");
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Files.createSymbolicLink(jar.resolveSibling("building"), Path.of(Long.toString(dead.pid())));
    assertThat(run().out()).isEqualTo("one []\n");
  }

  @Test
  void failedBuildIsSaidAndEnds() throws Exception {
    installMaven("echo no such luck; exit 1");
    Run run = run();
    assertThat(run.exit()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .endsWith("no such luck\nlockstep: the build failed; see above\n")
        .startsWith("lockstep: building");
    assertThat(jar.resolveSibling("building")).doesNotExist();
  }

  @Test
  void olderJavaIsPassedOver() throws Exception {
    environment.put("JAVA_HOME", fakeJava("17.0.15").toString());
    environment.put("PATH", JAVA_HOME + "/bin:" + System.getenv("PATH"));
    assertThat(run("a")).isEqualTo(new Run(0, "one [a]\n", ""));
  }

  @Test
  void javaWithKnownDefectsIsUsedWithAWarning() throws Exception {
    hideInstalledJava();
    Path home = fakeJava("25.0.2");
    environment.put("JAVA_HOME", home.toString());
    Run run = run();
    assertThat(run.out()).startsWith("fake java");
    assertThat(run.err())
        .isEqualTo(
            "lockstep: warning: Java 25.0.2 in "
                + home
                + " can corrupt data that native code reads (JDK-8377811);"
                + " use 25.0.3 or later.\n");
  }

  @Test
  void javaWithoutKnownDefectsIsPreferred() throws Exception {
    environment.put("JAVA_HOME", fakeJava("25.0.2").toString());
    environment.put("PATH", JAVA_HOME + "/bin:" + System.getenv("PATH"));
    assertThat(run("a")).isEqualTo(new Run(0, "one [a]\n", ""));
  }

  @Test
  void withoutJavaOneSentenceSaysWhatToInstall() throws Exception {
    hideInstalledJava();
    environment.put("JAVA_HOME", fakeJava("17.0.15").toString());
    assertThat(run())
        .isEqualTo(
            new Run(
                ExitCode.UNAVAILABLE,
                "",
                "lockstep: needs Java 25, and none was found in JAVA_HOME, on the PATH or in the"
                    + " usual places: install one (for example Temurin 25.0.3 or later from"
                    + " https://adoptium.net) under /usr/lib/jvm or ~/.jdks, or set JAVA_HOME to"
                    + " it.\n"));
  }

  private Run run(String... arguments) throws Exception {
    return start(root, "./lockstep", arguments).finish();
  }

  private Started start(Path folder, String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", program));
    command.addAll(List.of(arguments));
    Path err = Files.createTempFile(root, "stderr", null);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new Started(builder.redirectError(err.toFile()).start(), err);
  }

  private record Started(Process process, Path err) {

    Run finish() throws IOException, InterruptedException {
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Run(process.waitFor(), out, Files.readString(err));
    }
  }

  private void makeCache(String greeting) throws Exception {
    environment.put("LOCKSTEP_AOT", "now");
    assertThat(run()).isEqualTo(new Run(0, greeting + " []\n", ""));
    environment.remove("LOCKSTEP_AOT");
  }

  /// When a cache is complete: the cache and the stamp that leads to it.
  private List<Path> cachedFiles() throws IOException {
    if (!Files.exists(root.resolve("home/.cache/lockstep"))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(root.resolve("home/.cache/lockstep"))) {
      return files.toList();
    }
  }

  private boolean programComesFromTheCache() throws Exception {
    Path log = root.resolve("classes.log");
    environment.put("LOCKSTEP_JAVA_OPTS", "-XX:AOTMode=on -Xlog:class+load:file=" + log);
    assertThat(run().exit()).isZero();
    environment.remove("LOCKSTEP_JAVA_OPTS");
    return Files.readString(log).contains(" Program source: shared objects file");
  }

  /// A Maven that runs `commands`, and a source tree for it that has no jar yet.
  ///
  /// @return the file that gets a line for every call
  private Path installMaven(String commands) throws IOException {
    for (String file :
        List.of(
            "pom.xml",
            "core/pom.xml",
            "ingest/pom.xml",
            "core/src/main/A.java",
            "core/src/main/B.java",
            "ingest/src/main/C.java")) {
      Path path = root.resolve(file);
      Files.createDirectories(path.getParent());
      Files.createFile(path);
    }
    Files.move(jar, root.resolve("prepared.jar"));
    Path calls = root.resolve("calls");
    Path folder = Files.createDirectory(root.resolve("maven"));
    writeScript(
        folder.resolve("mvn"), "cd '%s'; echo call >>'%s'; %s".formatted(root, calls, commands));
    environment.put("PATH", folder + ":" + System.getenv("PATH"));
    return calls;
  }

  /// Every Java of this machine, but for the one of `JAVA_HOME`, leaves the launcher's sight.
  private void hideInstalledJava() throws IOException {
    String text = Files.readString(launcher);
    String hidden = text.replaceAll(" /((usr|opt|Library)/\\S*\\*)", " " + root + "/none/$1");
    assertThat(hidden).isNotEqualTo(text);
    Files.writeString(launcher, hidden);
    environment.put("PATH", root.resolve("empty").toString());
  }

  private Path fakeJava(String version) throws IOException {
    Path home = root.resolve("jdk-" + version);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    writeScript(home.resolve("bin/java"), "echo fake java \"$@\"");
    return home;
  }

  private static void writeScript(Path file, String commands) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Manifest manifest() {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "Program");
    return manifest;
  }

  /// A jar that greets with `greeting`; equally long greetings give jars of the same size.
  private void writeJar(String greeting) throws IOException {
    String source =
        """
        import java.util.Arrays;
        public class Program {
          public static void main(String[] a) {
            if (a.length == 2 && a[0].equals("exit")) {
              System.exit(Integer.parseInt(a[1]));
            } else if (a.length > 1 && a[a.length - 1].equals("compilers")) {
              String mode = System.getProperty("java.vm.info");
              System.out.println(mode.contains("emulated-client") ? "first" : "both");
            } else if (a.length == 1 && a[0].equals("jar")) {
              System.out.println(System.getProperty("java.class.path"));
            } else if (a.length > 1 && a[a.length - 1].equals("halts")) {
              System.out.println(Boolean.getBoolean("lockstep.halt"));
            } else if (a.length == 1 && a[0].equals("options")) {
              boolean small = Runtime.getRuntime().maxMemory() <= 64 << 20;
              System.out.println((small ? "small, " : "large, ") + System.getProperty("word"));
            } else {
              System.out.println("%s " + Arrays.asList(a));
            }
          }
        }
        """;
    byte[] program = PROGRAMS.get(greeting);
    if (program == null) {
      program = compile(source.formatted(greeting));
      PROGRAMS.put(greeting, program);
    }
    Manifest manifest = manifest();
    Files.createDirectories(jar.getParent());
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.setLevel(Deflater.NO_COMPRESSION);
      entries.putNextEntry(new JarEntry("META-INF/MANIFEST.MF"));
      manifest.write(entries);
      entries.putNextEntry(new JarEntry("Program.class"));
      entries.write(program);
    }
  }

  private byte[] compile(String source) throws IOException {
    Path classes = Files.createTempDirectory(root, "classes");
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Program.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, null, List.of("-d", classes.toString()), null, List.of(file))
                .call())
        .isTrue();
    return Files.readAllBytes(classes.resolve("Program.class"));
  }
}
