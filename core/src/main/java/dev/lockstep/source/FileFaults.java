package dev.lockstep.source;

import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.mapped.TextLines;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.payload.ZeroRuns;
import dev.lockstep.payload.ZeroRuns.Pages;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// What can be wrong with a file of any format: it is empty, it is a git-LFS pointer, or pages of
/// it were never written.
public final class FileFaults {
  /// Kinds of defect that [#examine] looks for.
  public static final List<DefectKind> KINDS =
      List.of(DefectKind.FILE_EMPTY, DefectKind.LFS_POINTER, DefectKind.ZERO_PAGES);

  /// First words of a git-LFS pointer; the host differs between versions of the specification
  /// (git-lfs `docs/spec.md`).
  private static final byte[] LFS_PREFIX = "version https://".getBytes(StandardCharsets.US_ASCII);

  /// Pointers are below 1024 bytes (git-lfs `docs/spec.md`).
  private static final int MAX_LFS_BYTES = 1023;

  private FileFaults() {}

  /// Maps a file, tells its length, and hands on its bytes. They are gone when this returns.
  ///
  /// @param lost told if it cannot be opened, or shrank or failed while it was read; what `reader`
  ///   made of it until then is not to be believed
  public static void read(
      Path path,
      Location at,
      LongConsumer lengthBytes,
      Consumer<MemorySegment> reader,
      Consumer<Defect> lost) {
    try (MappedFile file = MappedFile.open(path)) {
      lengthBytes.accept(file.lengthBytes());
      file.guard(() -> reader.accept(file.segment()));
    } catch (IOException e) {
      lost.accept(lost(at, e));
    }
  }

  /// A file that cannot be opened, or failed while it was read.
  public static Defect lost(Location at, IOException e) {
    return Defect.of(
        e instanceof MappedFaultException ? DefectKind.FILE_CHANGED : DefectKind.FILE_UNREADABLE,
        at,
        new Evidence.Violation("file", String.valueOf(e.getMessage()), ""));
  }

  /// Looks at a whole file for [#KINDS]. At most one defect is given: the others would follow from
  /// it.
  ///
  /// @param file the file's bytes
  /// @param at the file's place
  /// @return whether the content is worth interpreting
  public static boolean examine(MemorySegment file, Location at, Consumer<Defect> defects) {
    Defect defect = emptyOrPointer(file, at);
    boolean worth = defect == null;
    if (defect == null) {
      defect = zeroPages(file, at);
    }
    if (defect != null) {
      defects.accept(defect);
    }
    return worth;
  }

  /// An empty file or a git-LFS pointer, or null.
  public static @Nullable Defect emptyOrPointer(MemorySegment file, Location at) {
    if (file.byteSize() == 0) {
      return Defect.of(
          DefectKind.FILE_EMPTY,
          at.withBytes(0, 0),
          new Evidence.OutOfRange("file length", 0L, 1L, null, "bytes"));
    }
    String pointer = lfsPointer(file);
    if (pointer == null) {
      return null;
    }
    return Defect.of(
        DefectKind.LFS_POINTER,
        at.withBytes(0, file.byteSize()),
        new Evidence.Violation("content", pointer, "the data itself"));
  }

  private static @Nullable String lfsPointer(MemorySegment file) {
    if (file.byteSize() > MAX_LFS_BYTES || file.byteSize() < LFS_PREFIX.length) {
      return null;
    }
    // Not by MemorySegment.mismatch: on mapped memory a fault in it ends the process.
    for (int i = 0; i < LFS_PREFIX.length; i++) {
      if (file.get(ValueLayout.JAVA_BYTE, i) != LFS_PREFIX[i]) {
        return null;
      }
    }
    String oid = "";
    String size = "";
    boolean lfs = false;
    TextLines lines = new TextLines(file);
    while (lines.next()) {
      String line = lines.text();
      if (lines.number() == 1) {
        lfs = line.contains("git-lfs");
      } else if (line.startsWith("oid ")) {
        oid = line.substring("oid ".length());
      } else if (line.startsWith("size ")) {
        size = line.substring("size ".length());
      }
    }
    return lfs ? "pointer to " + size + " bytes, " + oid : null;
  }

  /// Pages that were never written or were lost, or null: runs of zeros that begin and end where
  /// pages do, give or take what the data has of zeros itself. Zeros that are data begin and end
  /// anywhere. Only for formats in which whole pages of zeros are no data.
  public static @Nullable Defect zeroPages(MemorySegment file, Location at) {
    long length = file.byteSize();
    Pages first = ZeroRuns.lostPages(file, 0, 0, length, 0);
    if (first == null) {
      return null;
    }
    long lostBytes = 0;
    for (Pages lost = first;
        lost != null;
        lost = ZeroRuns.lostPages(file, 0, lost.end(), length, 0)) {
      lostBytes += lost.bytes();
    }
    return Defect.of(
        DefectKind.ZERO_PAGES,
        at.withBytes(first.offset(), first.bytes()),
        new Evidence.Violation(
            "zeros on page bounds", lostBytes + " of " + length + " bytes", "data"));
  }
}
