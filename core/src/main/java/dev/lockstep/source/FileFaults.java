package dev.lockstep.source;

import dev.lockstep.mapped.TextLines;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What can be wrong with a file of any format: it is empty, it is a git-LFS pointer, or pages of
/// it were never written.
public final class FileFaults {
  /// Kinds of defect that [#examine] looks for.
  public static final List<DefectKind> KINDS =
      List.of(DefectKind.FILE_EMPTY, DefectKind.LFS_POINTER, DefectKind.ZERO_PAGES);

  /// Bytes of a page, the unit in which file systems and caches lose data.
  public static final int PAGE_BYTES = 4096;

  /// Shortest part of a page at the end of a file that counts as one. Judged: a sector.
  static final int MIN_LAST_PAGE_BYTES = 512;

  /// Zeros that data may have by itself beside lost pages. Judged: 256^-8 by chance.
  static final int EDGE_BYTES = 8;

  /// First words of a git-LFS pointer; the host differs between versions of the specification
  /// (git-lfs `docs/spec.md`).
  private static final byte[] LFS_PREFIX = "version https://".getBytes(StandardCharsets.US_ASCII);

  /// Pointers are below 1024 bytes (git-lfs `docs/spec.md`).
  private static final int MAX_LFS_BYTES = 1023;

  private FileFaults() {}

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
    long lostBytes = 0;
    long first = -1;
    long firstBytes = 0;
    for (long page = 0; page < length; ) {
      long size = Math.min(PAGE_BYTES, length - page);
      if (size < MIN_LAST_PAGE_BYTES || !isZero(file, page, size)) {
        page += PAGE_BYTES;
        continue;
      }
      long from = page;
      while (from > 0 && page - from <= EDGE_BYTES && isZero(file, from - 1, 1)) {
        from--;
      }
      long to = page + size;
      while (to < length && isZero(file, to, 1)) {
        to++;
      }
      long pages = (to - page) / PAGE_BYTES * PAGE_BYTES;
      long next = to == length ? length : page + pages;
      if (page - from <= EDGE_BYTES && to - next <= EDGE_BYTES) {
        lostBytes += next - page;
        if (first < 0) {
          first = page;
          firstBytes = next - page;
        }
      }
      page = Math.max(next, page + PAGE_BYTES);
    }
    if (first < 0) {
      return null;
    }
    return Defect.of(
        DefectKind.ZERO_PAGES,
        at.withBytes(first, firstBytes),
        new Evidence.Violation(
            "zeros on page bounds", lostBytes + " of " + length + " bytes", "data"));
  }

  private static boolean isZero(MemorySegment file, long offset, long size) {
    long at = offset;
    long end = offset + size;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      if (file.get(ValueLayout.JAVA_LONG_UNALIGNED, at) != 0) {
        return false;
      }
    }
    for (; at < end; at++) {
      if (file.get(ValueLayout.JAVA_BYTE, at) != 0) {
        return false;
      }
    }
    return true;
  }
}
