package dev.lockstep.payload;

/// Layout of a protobuf message (protobuf.dev, "Encoding"): fields in any order, each a tag and a
/// value.
///
/// ```text
/// tag = varint (number << 3 | wire type)
/// 0 VARINT   7 bits a byte, low first, high bit: more follows; at most 10 bytes
/// 1 I64      8 bytes, little-endian
/// 2 LEN      varint length, then that many bytes: text, bytes, message, packed numbers
/// 3 / 4      begin / end of a group
/// 5 I32      4 bytes, little-endian
/// ```
final class ProtoLayout {
  static final int VARINT = 0;
  static final int I64 = 1;
  static final int LEN = 2;
  static final int GROUP_BEGIN = 3;
  static final int GROUP_END = 4;
  static final int I32 = 5;

  static final int WIRE_BITS = 3;
  static final int WIRE_MASK = 7;

  static final int MAX_VARINT_BYTES = 10;

  /// Messages in messages that every implementation takes.
  static final int MAX_DEPTH = 100;

  /// google.protobuf.Timestamp: seconds and nanos.
  static final int TIMESTAMP_SECONDS = 1;

  static final int TIMESTAMP_NANOS = 2;

  private ProtoLayout() {}
}
