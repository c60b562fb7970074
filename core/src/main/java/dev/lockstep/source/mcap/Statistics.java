package dev.lockstep.source.mcap;

import java.util.Map;
import java.util.TreeMap;

/// The statistics record of a file.
///
/// @param byChannel messages of each channel; empty where they are not stored
record Statistics(
    long messages,
    int schemas,
    long channels,
    long attachments,
    long metadata,
    long chunks,
    long startNs,
    long endNs,
    Map<Integer, Long> byChannel) {
  static Statistics read(Fields fields) {
    long messages = fields.i64();
    int schemas = fields.u16();
    long channels = fields.u32();
    long attachments = fields.u32();
    long metadata = fields.u32();
    long chunks = fields.u32();
    long startNs = fields.i64();
    long endNs = fields.i64();
    long end = fields.u32();
    end += fields.position();
    Map<Integer, Long> byChannel = new TreeMap<>();
    while (!fields.broken() && fields.position() < end) {
      int channel = fields.u16();
      byChannel.merge(channel, fields.i64(), Long::sum);
    }
    return new Statistics(
        messages, schemas, channels, attachments, metadata, chunks, startNs, endNs, byChannel);
  }
}
