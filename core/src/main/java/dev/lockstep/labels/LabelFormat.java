package dev.lockstep.labels;

import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One format of label files, read into and written from the canonical [LabelSet]. Stateless.
public interface LabelFormat {
  /// Short lower-case name (`mot`, `cvat`), as options and reports use it.
  String name();

  /// One line for the table of formats: what is read and written.
  String summary();

  /// What a file of this format can say, and how exactly.
  LabelCapabilities capabilities();

  /// Why a file is one of this format, in a few words, or null if it is not.
  ///
  /// @param fileName last part of its path
  /// @param head its first bytes, up to [#HEAD_BYTES]
  @Nullable String recognise(String fileName, byte[] head);

  /// Reads a file.
  ///
  /// Bad data is never an exception: what can be read is, and `defects` is told of the rest.
  Reading read(LabelInput input, Consumer<Defect> defects);

  /// The label sets of a file, sealed, with at least the rows that are `wanted`, which are as
  /// [#read] makes them; null where they cannot be found without reading everything.
  default @Nullable List<LabelSet> find(LabelInput input, WantedRows wanted) {
    return null;
  }

  /// Files beside a label file that its reading depends on, whether or not they are there.
  default List<Path> dependsOn(Path file) {
    return List.of();
  }

  /// Writes a sealed set into `folder`, which exists.
  ///
  /// Rows and fields that the format cannot carry are left out; [LabelLosses] tells which.
  ///
  /// @return the files written, that with the labels first
  /// @throws IOException if a file cannot be written
  /// @throws IllegalArgumentException if the format needs something that neither set nor options
  ///   say
  List<Path> write(LabelSet labels, LabelWriteOptions options, Path folder) throws IOException;

  /// Whether a file alone is a recording to this program; not so where another format reads it
  /// together with what lies beside.
  default boolean standsAlone() {
    return true;
  }

  /// Whether files can be written.
  default boolean isWritable() {
    return true;
  }

  /// Whether files are read piece by piece, so that any length is as good as another; others are
  /// held whole, and not read above a limit.
  default boolean isStreamed() {
    return false;
  }

  /// Whether whole pages of zeros may be data.
  default boolean zerosAreData() {
    return false;
  }

  /// Bytes by which files are recognised.
  int HEAD_BYTES = 4096;

  /// What a file held.
  ///
  /// @param sets its label sets, sealed; of a damaged file, what was read before and after the
  ///   damage
  /// @param examined labels that were looked at, malformed ones included
  /// @param notes facts worth telling that are no faults
  /// @param sums the file's own checksums
  record Reading(List<LabelSet> sets, long examined, List<String> notes, Sums sums) {
    /// Copies the lists.
    public Reading {
      sets = List.copyOf(sets);
      notes = List.copyOf(notes);
    }

    /// A file without checksums.
    public Reading(List<LabelSet> sets, long examined, List<String> notes) {
      this(sets, examined, notes, Sums.NONE);
    }
  }

  /// Checksums that a file stores.
  ///
  /// @param compared how many were compared
  /// @param protectedBytes bytes of the file whose checksums match
  /// @param basis what they are, in words
  record Sums(long compared, long protectedBytes, String basis) {
    /// None.
    public static final Sums NONE = new Sums(0, 0, "none");
  }
}
