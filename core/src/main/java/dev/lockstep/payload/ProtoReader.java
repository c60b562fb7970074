package dev.lockstep.payload;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/// Reads protobuf messages of one type: walks each one whole by its descriptor, takes its stamp,
/// and examines what it holds.
final class ProtoReader implements PayloadReader {
  private final MessageKind kind;
  private final ProtoType type;
  private final boolean foxglove;
  private final boolean placed;

  ProtoReader(MessageKind kind, ProtoType type) {
    this.kind = kind;
    this.type = type;
    this.foxglove = MessageKind.isFoxglove(type.name);
    this.placed = type.has(Scratch.FRAME_ID);
  }

  /// Whether messages carry a stamp.
  boolean stamped() {
    return kind.stamped() && (type.has(Scratch.STAMP) || kind.finder().stampsInside());
  }

  @Override
  public void read(MemorySegment bytes, long offsetBytes, int lengthBytes, PayloadFacts facts) {
    if (lengthBytes == 0 && kind.content().needsBytes()) {
      // Without content, no bytes are a message of nothing but defaults; nor are they of no boxes.
      facts.emptyPayload();
      return;
    }
    Scratch scratch = facts.scratch;
    scratch.clear();
    ProtoWalk walk = scratch.protoWalk;
    if (walk == null) {
      walk = new ProtoWalk();
      scratch.protoWalk = walk;
    }
    Evidence wrong = walk.run(type, bytes, offsetBytes, lengthBytes, scratch);
    if (kind.stamped()) {
      facts.stampNs = walk.stampNs();
    }
    if (placed) {
      int length = scratch.count[Scratch.FRAME_ID];
      facts.unplaced = length == 0 && wrong == null;
      if (facts.wantFrameId && length > 0) {
        facts.frameId = Texts.utf8(bytes, scratch.at[Scratch.FRAME_ID], length);
      }
    }
    if (wrong != null) {
      facts.unreadable = true;
      facts.fault(DefectKind.PROTOBUF_MALFORMED, wrong);
      return;
    }
    facts.content(offsetBytes, scratch);
    content(bytes, offsetBytes, lengthBytes, scratch, facts);
  }

  private void content(
      MemorySegment bytes, long start, int lengthBytes, Scratch scratch, PayloadFacts facts) {
    if (kind.content().needsBytes() && scratch.at[Scratch.DATA] < 0) {
      // Default: no data.
      scratch.at[Scratch.DATA] = start;
    }
    switch (kind.content()) {
      case PLAIN -> {}
      case BOXES ->
          kind.finder()
              .find(
                  ProtoTree.read(type, bytes, start, lengthBytes, kind.finder().ignored()), facts);
      case PROJECTION -> {
        if (facts.wantGeometry) {
          SensorGeometry.camera(ProtoTree.read(type, bytes, start, lengthBytes, Set.of()), facts);
        }
      }
      case TRANSFORMS -> {
        if (facts.wantGeometry) {
          SensorGeometry.transforms(
              ProtoTree.read(type, bytes, start, lengthBytes, Set.of()), facts);
        }
      }
      case CLOUD ->
          PointCloudContent.examine(
              bytes, scratch, -1, -1, scratch.value[Scratch.POINT_STEP], -1, false, false, facts);
      case IMAGE ->
          RawImage.examine(
              bytes,
              scratch,
              scratch.value[Scratch.HEIGHT],
              scratch.value[Scratch.WIDTH],
              scratch.value[Scratch.ROW_STEP],
              facts);
      case COMPRESSED_IMAGE -> CodedMedia.image(bytes, scratch, facts);
      case VIDEO -> CodedMedia.frame(bytes, scratch, foxglove, facts);
    }
  }
}
