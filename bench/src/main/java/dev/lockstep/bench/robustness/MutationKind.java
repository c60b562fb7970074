package dev.lockstep.bench.robustness;

import java.util.List;
import java.util.Locale;

/// One way of damaging a file.
enum MutationKind {
  /// Single bits.
  FLIP_BITS,
  /// Single bytes.
  SET_BYTES,
  /// A run of zeros, of whole pages or of any length.
  ZERO_RUN,
  /// The end is missing, up to the whole file.
  TRUNCATE,
  /// The beginning of one file and the end of another.
  SPLICE,
  /// A range stands twice.
  DUPLICATE_RANGE,
  /// A range is missing.
  REMOVE_RANGE,
  /// A range stands elsewhere.
  MOVE_RANGE,
  /// Random bytes in between.
  INSERT_NOISE,
  /// A whole file of a folder is missing.
  DELETE_FILE,
  /// Any 32 or 64 bits hold a value that lengths should not have.
  ANY_INTEGER,
  /// A length or offset field of an MCAP record, or the length of the record itself.
  MCAP_LENGTH,
  /// The opcode of an MCAP record.
  MCAP_OPCODE,
  /// The first bytes of the compressed frame in an MCAP chunk, or what the chunk says about it.
  MCAP_FRAME,
  /// The records in an MCAP chunk, compressed anew and with a fitting checksum.
  MCAP_CHUNK_CONTENT,
  /// A value in the metadata of an Arrow file: lengths, offsets, counts.
  ARROW_METADATA,
  /// The length of a box of an MP4 file, or a number behind its type.
  MP4_BOX,
  /// A length in a record of a ROS 1 bag: of its header, of its data, of a field.
  BAG_LENGTH,
  /// A number in the head of an SQLite database or of a page of it, or in front of a row.
  SQLITE_PAGE,
  /// A chunk length of a PNG or a segment length of a JPEG image.
  IMAGE_LENGTH,
  /// A number in a text becomes one that nobody expects.
  TEXT_NUMBER,
  /// A field or line of a text is missing or stands twice.
  TEXT_FIELD,
  /// Bytes in a text that are no UTF-8.
  TEXT_ENCODING;

  private static final List<MutationKind> EVERYWHERE =
      List.of(
          FLIP_BITS,
          SET_BYTES,
          ZERO_RUN,
          TRUNCATE,
          SPLICE,
          DUPLICATE_RANGE,
          REMOVE_RANGE,
          MOVE_RANGE,
          INSERT_NOISE,
          DELETE_FILE,
          ANY_INTEGER);

  /// Kinds that fit a file of that name; those that know the format come up as often as the others
  /// together.
  static List<MutationKind> of(String fileName) {
    List<MutationKind> all = new java.util.ArrayList<>(EVERYWHERE);
    List<MutationKind> own = own(fileName.toLowerCase(Locale.ROOT));
    for (int i = 0; !own.isEmpty() && i < EVERYWHERE.size(); i++) {
      all.add(own.get(i % own.size()));
    }
    return all;
  }

  private static List<MutationKind> own(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return switch (ending) {
      case "mcap" -> List.of(MCAP_LENGTH, MCAP_CHUNK_CONTENT, MCAP_OPCODE, MCAP_FRAME, MCAP_LENGTH);
      case "feather", "arrow" -> List.of(ARROW_METADATA);
      case "png", "jpg" -> List.of(IMAGE_LENGTH);
      case "mp4", "mov" -> List.of(MP4_BOX);
      case "bag" -> List.of(BAG_LENGTH);
      case "db3" -> List.of(SQLITE_PAGE);
      case "txt", "xml", "json", "jsonl", "yaml", "csv", "pcd" ->
          List.of(TEXT_NUMBER, TEXT_FIELD, TEXT_ENCODING);
      default -> List.of();
    };
  }

  /// As tables and messages call it.
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
