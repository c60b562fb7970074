package dev.lockstep.source.rosbag2;

import dev.lockstep.mapped.MappedFaultException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// The leaf pages of messages that the recorder of a database has committed, one state of it after
/// the other.
///
/// No lock is taken, so a state may be gone before it is read. Therefore it counts only if nobody
/// has written what it rests on: with a write-ahead log, if no commit has come and the log was not
/// begun anew; without one, if nobody holds or held the lock under which the file is written. What
/// the leaves then hold stays as it is, since a recorder only adds rows: full pages are not written
/// again, but for those of the log once that is begun anew ([Wal#isStill]), and of the last page,
/// which is not full, a copy is taken. A state that cannot be had, or in which something looks
/// wrong, has no leaves; the next one may have them.
final class GrowingDatabase implements AutoCloseable {
  /// A recorder that writes all the time leaves gaps of some milliseconds.
  private static final int ATTEMPTS = 5;

  /// Bytes of the file that the leaves of a state span, and their number, so that a recording that
  /// was found late is read in steps. Judged.
  private static final long STEP_BYTES = 64L << 20;

  private static final int STEP_LEAVES = 4096;

  private final Path path;
  private @Nullable Db3Bytes bytes;
  private @Nullable Wal wal;
  private @Nullable Pages pages;
  private int[] leaves = {};
  private int next;
  private boolean last;
  private boolean had;

  GrowingDatabase(Path path) {
    this.path = path;
  }

  /// Takes a new state.
  ///
  /// @param topics takes the topics of it
  /// @param afterRow last row that is not wanted any more
  /// @throws IOException if a file cannot be opened
  void look(Topics topics, long afterRow) throws IOException {
    had = false;
    for (int attempt = 0; attempt < ATTEMPTS && !had; attempt++) {
      close();
      Db3Bytes now = Db3Bytes.open(path);
      bytes = now;
      try {
        now.guard(() -> had = take(now, topics, afterRow));
      } catch (MappedFaultException e) {
        // A log that was cut, or a file that became shorter: another state is there.
        had = false;
      } catch (IndexOutOfBoundsException e) {
        // Numbers that were written over between two looks at them.
        had = false;
        if (isFree(now) && now.isStill()) {
          throw e;
        }
      }
    }
    if (!had) {
      leaves = new int[0];
      last = false;
    }
  }

  /// Whether nobody writes the file itself, as far as can be told.
  private boolean isFree(Db3Bytes now) {
    return switch (WriterLock.of(path)) {
      case NONE -> now.hotJournalBytes() == 0;
      case RESERVED -> true;
      case EXCLUSIVE -> false;
      case UNKNOWN -> wal != null && wal.committedFrames > 0;
    };
  }

  private boolean take(Db3Bytes now, Topics topics, long afterRow) {
    leaves = new int[0];
    next = 0;
    last = true;
    Db3Bytes.Mark before = now.mark();
    if (!isFree(now)) {
      return false;
    }
    Database opened = Database.open(now.name(), now.content(), now.log(), wal);
    wal = opened.wal;
    Wal log = opened.wal;
    long committed = log == null ? 0 : log.committedFrames;
    if (opened.pages.count == 0) {
      return now.mark().equals(before);
    }
    Topics.Content content = Topics.read(opened);
    Integer root = opened.tables.get("messages");
    Pages read = opened.pages;
    if (root != null) {
      TableWalk walk = new TableWalk(read, root, new BitSet(), opened.damages, afterRow);
      // The rows of a table of one page move when it gets a second one: where they will lie is not
      // known yet.
      if (!walk.isSinglePage()) {
        gather(walk, read.pageSize);
        if (last && leaves.length > 0) {
          read = read.holding(leaves[leaves.length - 1]);
        }
      }
    }
    if (opened.damages.count() > 0 || !opened.defects.isEmpty()) {
      return false;
    }
    if (log != null && (!log.isStill() || log.readOn() != committed)
        || !now.mark().equals(before)
        || !isFree(now)) {
      return false;
    }
    topics.take(content);
    pages = read;
    return true;
  }

  private void gather(TableWalk walk, int pageSize) {
    int[] found = new int[STEP_LEAVES];
    int count = 0;
    last = false;
    while (count < STEP_LEAVES
        && (count == 0 || (found[count - 1] - (long) found[0]) * pageSize < STEP_BYTES)) {
      int leaf = walk.next();
      if (leaf == 0) {
        last = true;
        break;
      }
      found[count++] = leaf;
    }
    leaves = Arrays.copyOf(found, count);
  }

  /// The next leaves of the state, at most `most`; none behind its last.
  int[] next(int most) {
    int from = next;
    next = Math.min(leaves.length, from + most);
    return Arrays.copyOfRange(leaves, from, next);
  }

  /// Whether the state was had, and holds all that was committed.
  boolean isWhole() {
    return had && last;
  }

  /// The files of the state.
  Db3Bytes bytes() {
    Db3Bytes open = bytes;
    if (open == null) {
      throw new IllegalStateException("no state was taken");
    }
    return open;
  }

  /// The pages of the state.
  Pages pages() {
    Pages open = pages;
    if (open == null) {
      throw new IllegalStateException("no state was taken");
    }
    return open;
  }

  /// The log that pages of the state come from, or null.
  @Nullable Wal wal() {
    return wal;
  }

  @Override
  public void close() {
    Db3Bytes open = bytes;
    bytes = null;
    pages = null;
    if (open != null) {
      open.close();
    }
  }
}
