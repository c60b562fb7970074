package dev.lockstep.source.mcap;

import java.util.Arrays;
import java.util.BitSet;

/// Which records an index should list: offset and fingerprint of each, 16 bytes a record, in order
/// of offset. Bounded; beyond the bound records are only counted.
final class IndexTable {
  /// Records that are kept. Judged: a million chunks are a terabyte of recording, and 16 MB here.
  static final int MAX_RECORDS = 1 << 20;

  private long[] offsets = new long[16];
  private long[] fingerprints = new long[16];
  private final BitSet listed = new BitSet();
  private final BitSet doubtful = new BitSet();
  private int kept;
  private long count;
  private long astray;

  /// Adds the record at `offset`, which lies behind all earlier ones.
  ///
  /// @param believed whether the record is sound, so that an index must agree with it
  void add(long offset, long fingerprint, boolean believed) {
    count++;
    if (kept == MAX_RECORDS) {
      return;
    }
    if (kept == offsets.length) {
      offsets = Arrays.copyOf(offsets, kept * 2);
      fingerprints = Arrays.copyOf(fingerprints, kept * 2);
    }
    offsets[kept] = offset;
    fingerprints[kept] = fingerprint;
    doubtful.set(kept, !believed);
    kept++;
  }

  /// Says that the record at `offset`, if there is one, is not as it was read.
  void doubt(long offset) {
    int record = at(offset);
    if (record >= 0) {
      doubtful.set(record);
    }
  }

  /// Number of records.
  long count() {
    return count;
  }

  /// Whether all records are kept.
  boolean isWhole() {
    return count == kept;
  }

  /// Number of the record at `offset`, or -1.
  int at(long offset) {
    int i = Arrays.binarySearch(offsets, 0, kept, offset);
    return i < 0 ? -1 : i;
  }

  long offset(int record) {
    return offsets[record];
  }

  long fingerprint(int record) {
    return fingerprints[record];
  }

  /// Whether an index must agree with the record.
  boolean believed(int record) {
    return !doubtful.get(record);
  }

  /// Marks the record as listed; returns whether it was before.
  boolean list(int record) {
    boolean before = listed.get(record);
    listed.set(record);
    return before;
  }

  /// Counts an index entry that points to no record.
  void countAstray() {
    astray++;
  }

  /// Number of index entries that point to no record.
  long astray() {
    return astray;
  }

  /// The first record from `from` on that no index lists, or -1.
  int nextUnlisted(int from) {
    int next = listed.nextClearBit(from);
    return next < kept ? next : -1;
  }
}
