package dev.lockstep.source.mcap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Severity;
import dev.lockstep.testing.ReaderDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads files that tests make.
final class Mcaps {
  private Mcaps() {}

  /// Reads `bytes` as a file of the folder.
  static ReaderDriver.Read read(Path folder, byte[] bytes, long... steps) {
    try {
      Path file = folder.resolve("drive.mcap");
      Files.write(file, bytes);
      return new ReaderDriver(new McapFormat()).steps(steps).read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Two reads gave the same; tells the first line that differs.
  static void assertSame(ReaderDriver.Read expected, ReaderDriver.Read actual, String how) {
    List<String> a = expected.text().lines().toList();
    List<String> b = actual.text().lines().toList();
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      String left = i < a.size() ? a.get(i) : "(end)";
      String right = i < b.size() ? b.get(i) : "(end)";
      assertThat(right).as("%s, line %d", how, i + 1).isEqualTo(left);
    }
  }

  /// Offsets of the top-level records of that opcode.
  static List<Integer> records(byte[] file, int opcode) {
    List<Integer> found = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int at = 8;
    while (at + 9 <= file.length - 8) {
      if ((bytes.get(at) & 0xFF) == opcode) {
        found.add(at);
      }
      at += 9 + (int) bytes.getLong(at + 1);
    }
    return found;
  }

  /// Sets the number at `at`.
  static byte[] setLong(byte[] file, int at, long value) {
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
    return file;
  }

  /// Kinds of the defects at warning level or above.
  static List<DefectKind> kinds(ReaderDriver.Read read) {
    return read.defects(Severity.WARNING).stream().map(Defect::kind).toList();
  }
}
