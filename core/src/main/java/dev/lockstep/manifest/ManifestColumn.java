package dev.lockstep.manifest;

import dev.lockstep.arrow.PlainTable.Column;
import dev.lockstep.arrow.PlainTable.Kind;
import java.util.Arrays;
import java.util.List;

/// The columns of a manifest, in order. Names, types and order are frozen, see [ManifestLayout].
enum ManifestColumn {
  STREAM("stream", Kind.TEXT),
  BLOCK("block", Kind.INT64),
  FIRST_MESSAGE("first_message", Kind.INT64),
  MESSAGES("messages", Kind.INT32),
  POSITION("position_bytes", Kind.INT64),
  FIRST_STAMP("first_stamp_ns", Kind.INT64, true),
  LAST_STAMP("last_stamp_ns", Kind.INT64, true),
  PAYLOAD_BYTES("payload_bytes", Kind.INT64),
  CRC("crc32c", Kind.UINT32),
  MESSAGE_CRC("message_crc32c", Kind.UINT32_LIST),
  CHAINED_CRC("chained_crc32c", Kind.UINT32),
  GROUP_SHA("group_sha256", Kind.BYTES32, true),
  ROOT_SHA("root_sha256", Kind.BYTES32, true);

  private final String title;
  private final Kind kind;
  private final boolean nullable;

  ManifestColumn(String name, Kind kind) {
    this(name, kind, false);
  }

  ManifestColumn(String name, Kind kind, boolean nullable) {
    this.title = name;
    this.kind = kind;
    this.nullable = nullable;
  }

  /// All of them as a table has them.
  static List<Column> all() {
    return Arrays.stream(values()).map(ManifestColumn::column).toList();
  }

  Column column() {
    return new Column(title, kind, nullable);
  }

  /// Its name in the file.
  String title() {
    return title;
  }

  boolean nullable() {
    return nullable;
  }
}
