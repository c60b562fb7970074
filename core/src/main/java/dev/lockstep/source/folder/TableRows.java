package dev.lockstep.source.folder;

import dev.lockstep.model.Defect;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingSink;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages that are rows `first` to `last` of a table.
final class TableRows implements FileItem {
  /// Most rows of an item.
  static final int MOST = 4096;

  private final StreamInfo stream;
  private final StampTable table;
  private final int first;
  private final int last;
  private final ReadOptions options;
  private final @Nullable NpyArray values;
  private final Layout.@Nullable Turns turns;
  private final List<Defect> defects = new ArrayList<>(0);
  private @Nullable MessageBatch rows;

  TableRows(FolderStream rows, StampTable table, int first, int last, ReadOptions options) {
    this.stream = rows.info();
    this.values = rows.values();
    this.turns = rows.turns();
    this.table = table;
    this.first = first;
    this.last = last;
    this.options = options;
  }

  @Override
  public void scan() {
    MessageBatch batch = new MessageBatch(stream, last - first + 1);
    table.read(first, last, batch, stream.name(), options, defects::add);
    if (values != null && turns != null && options.payloads()) {
      values.turns(turns, first, batch);
    }
    // Rows that are gone since their stamps were read are messages all the same.
    for (int i = first + batch.size(); i <= last; i++) {
      int row = batch.add(table.stamps().get(i), Times.NONE, Times.NONE, 0, 0);
      batch.addFlags(row, MessageBatch.UNREADABLE);
    }
    rows = batch;
  }

  @Override
  public void commit(RecordingSink sink) {
    if (rows != null) {
      sink.messages(rows);
      rows = null;
    }
    defects.forEach(sink::defect);
  }
}
