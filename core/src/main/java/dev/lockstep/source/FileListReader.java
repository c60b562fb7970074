package dev.lockstep.source;

import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads a recording that is a folder of files, in an order fixed beforehand, a few files a unit.
///
/// [#available] counts items: the files that the folder held when it was opened, and the places of
/// those that are missing. A folder that is still being written is read as it was then.
public final class FileListReader implements RecordingReader {
  /// Files that are scanned as one unit. Judged: a unit is then worth handing to another thread
  /// even if its files are small, and a drive still makes many units.
  static final int FILES_PER_UNIT = 8;

  private final List<FileItem> items;
  private final Consumer<RecordingSink> atEnd;
  private final Runnable atClose;
  private int readable;
  private int position;

  /// A reader of `items`, which must not change any more; long lists may make each item when it is
  /// asked for.
  ///
  /// @param atEnd what is said after the last item: cross-checks, labels, coverage
  /// @param atClose releases what the items share; files are closed as they have been scanned
  public FileListReader(List<FileItem> items, Consumer<RecordingSink> atEnd, Runnable atClose) {
    this.items = Collections.unmodifiableList(items);
    this.atEnd = atEnd;
    this.atClose = atClose;
  }

  /// A reader of `items` that share nothing.
  ///
  /// @param atEnd what is said after the last item
  public FileListReader(List<FileItem> items, Consumer<RecordingSink> atEnd) {
    this(items, atEnd, () -> {});
  }

  @Override
  public long available() {
    return items.size();
  }

  @Override
  public void extend(long available, boolean complete) {
    readable = (int) Math.min(Math.max(readable, available), items.size());
  }

  @Override
  public @Nullable ScanUnit next() {
    if (position >= readable) {
      return null;
    }
    int from = position;
    position = Math.min(readable, from + FILES_PER_UNIT);
    // Taken once: a list may make its items when they are asked for.
    List<FileItem> unit = List.copyOf(items.subList(from, position));
    return new ScanUnit() {
      @Override
      public void scan() {
        unit.forEach(FileItem::scan);
      }

      @Override
      public void commit(RecordingSink sink) {
        unit.forEach(item -> item.commit(sink));
      }
    };
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void finish(RecordingSink sink) {
    atEnd.accept(sink);
  }

  @Override
  public void close() {
    atClose.run();
  }
}
