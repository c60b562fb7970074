package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class IndexWrongTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new IndexWrong();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.FOOTER_POINTER,
            Location.bytes("drive.mcap", 101584, 29),
            new Evidence.Violation("summary start", "2400", "99100")),
        Defect.of(
            DefectKind.SUMMARY_OFFSET,
            Location.bytes("drive.mcap", 101400, 26),
            new Evidence.Violation("group opcode", "0x07", "0x08")),
        Defect.of(
            DefectKind.CHUNK_TIMES,
            Location.bytes("drive.mcap", 2400, 25000),
            new Evidence.Mismatch("message start time", "1", "1750000000000000000")),
        Defect.of(
            DefectKind.MESSAGE_INDEX,
            Location.bytes("drive.mcap", 27500, 180),
            new Evidence.Violation(
                "message index of /lidar", "9 of 10 messages", "all messages of the chunk")),
        Defect.of(
            DefectKind.MESSAGE_INDEX_MISSING,
            Location.bytes("drive.mcap", 55000, 25000),
            new Evidence.Violation("message indexes", "none", "one for each channel of the chunk")),
        Defect.of(
            DefectKind.CHUNK_INDEX,
            Location.bytes("drive.mcap", 99800, 113),
            new Evidence.Mismatch("chunk length", "25000", "25009")),
        Defect.of(
            DefectKind.CHUNK_INDEX_MISSING,
            Location.bytes("drive.mcap", 82500, 25009),
            new Evidence.Violation("chunk", "not in the chunk index", "indexed")),
        Defect.of(
            DefectKind.ATTACHMENT_INDEX,
            Location.bytes("drive.mcap", 100900, 60),
            new Evidence.Mismatch("attachment offset", "98001", "98000")),
        Defect.of(
            DefectKind.METADATA_INDEX,
            Location.bytes("drive.mcap", 101000, 40),
            new Evidence.Mismatch("metadata offset", "98951", "98950")),
        Defect.of(
            DefectKind.BYTES_SHIFTED,
            Location.bytes("drive.mcap", 25009, 1200),
            new Evidence.Violation(
                "all offsets that point behind this place",
                "113 too high: 113 bytes are missing",
                "where the records stand")));
  }

  @Override
  public String expected() {
    return """
    error INT011 index-wrong: footer points to the wrong place: summary start 2400 (expected 99100)
      at drive.mcap, byte 101584+29
    warning INT011 index-wrong: summary offset does not match the summary: group opcode 0x07 (expected 0x08)
      at drive.mcap, byte 101400+26
    error INT011 index-wrong: chunk times do not match its messages: message start time stored 1, computed 1750000000000000000
      at drive.mcap, byte 2400+25000
    error INT011 index-wrong: message index does not match the messages: message index of /lidar 9 of 10 messages (expected all messages of the chunk)
      at drive.mcap, byte 27500+180
    warning INT011 index-wrong: messages of a chunk are not indexed: message indexes none (expected one for each channel of the chunk)
      at drive.mcap, byte 55000+25000
    error INT011 index-wrong: chunk index does not match the chunk: chunk length stored 25000, computed 25009
      at drive.mcap, byte 99800+113
    error INT011 index-wrong: chunk is missing from the chunk index: chunk not in the chunk index (expected indexed)
      at drive.mcap, byte 82500+25009
    warning INT011 index-wrong: attachment index does not match the attachment: attachment offset stored 98001, computed 98000
      at drive.mcap, byte 100900+60
    warning INT011 index-wrong: metadata index does not match the metadata: metadata offset stored 98951, computed 98950
      at drive.mcap, byte 101000+40
    error INT011 index-wrong: bytes were lost or put in, and what lies behind has moved: all offsets that point behind this place 113 too high: 113 bytes are missing (expected where the records stand)
      at drive.mcap, byte 25009+1200\
    """;
  }
}
