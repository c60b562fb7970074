package dev.lockstep.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs a program that serves as an independent implementation; tests are skipped where it is
/// absent.
final class CommandLine {
  private CommandLine() {}

  /// What the program writes when it is given `input`, which it must do without complaint.
  static byte[] run(byte[] input, String program, String... arguments)
      throws IOException, InterruptedException {
    assumeTrue(isInstalled(program), program + " is not installed");
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    Path errors = Files.createTempFile("stderr", ".txt");
    try {
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                try (OutputStream out = process.getOutputStream()) {
                  out.write(input);
                } catch (IOException e) {
                  // The program ended early: its exit code says so.
                }
              });
      byte[] output = process.getInputStream().readAllBytes();
      writer.join();
      assertThat(process.waitFor())
          .as("exit code of %s; it said: %s", command, Files.readString(errors))
          .isZero();
      return output;
    } finally {
      Files.delete(errors);
    }
  }

  private static boolean isInstalled(String program) {
    String path = System.getenv("PATH");
    if (path == null) {
      return false;
    }
    for (String folder : path.split(java.io.File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }
}
