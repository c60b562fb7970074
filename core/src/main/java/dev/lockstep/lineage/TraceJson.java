package dev.lockstep.lineage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.lineage.LabelTrace.Rest;
import dev.lockstep.lineage.LabelTrace.Sealed;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Times;
import dev.lockstep.source.MessageAt;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Traces as JSON: what is not recorded is null, what does not apply is left out. Times are whole
/// nanoseconds and may exceed 2^53.
public final class TraceJson {
  private TraceJson() {}

  /// Labels and what they rest on.
  public static String of(List<LabelTrace> traces, String manifestState) {
    ObjectNode json = JsonText.MAPPER.createObjectNode();
    json.put("schema_version", 1);
    if (!manifestState.isEmpty()) {
      json.put("manifest", manifestState);
    }
    ArrayNode list = json.putArray("traces");
    traces.forEach(trace -> write(list.addObject(), trace));
    return new String(JsonText.of(json), StandardCharsets.UTF_8);
  }

  private static void write(ObjectNode json, LabelTrace trace) {
    label(json.putObject("label"), trace.label());
    json.put("why", trace.why());
    Rest basis = trace.basis();
    if (basis == null) {
      json.putNull("basis");
    } else {
      rest(json.putObject("basis"), basis);
    }
    ArrayNode paired = json.putArray("paired");
    trace.paired().forEach(pair -> rest(paired.addObject(), pair));
    ArrayNode unpaired = json.putArray("unpaired");
    trace.unpaired().forEach(unpaired::add);
    List<ReportedFinding> findings = trace.findings();
    if (findings == null) {
      json.putNull("findings");
    } else {
      ArrayNode all = json.putArray("findings");
      findings.forEach(finding -> all.add(finding.json()));
    }
  }

  private static void label(ObjectNode json, LabelRow label) {
    json.put("set", label.set());
    json.put("file", label.file());
    json.put("row", label.position());
    ByteRange bytes = label.bytes();
    if (bytes != null) {
      bytes(json, bytes);
    }
    json.put("track", label.track());
    json.put("category", label.category());
    if (label.frame() >= 0) {
      json.put("frame", label.frame());
    }
    time(json, "stamp_ns", label.stampNs());
    json.put("stamps", label.stampSource().label());
    json.put("annotator", label.annotator());
    json.put("edited_ns", label.editedNs() == Times.NONE ? null : label.editedNs());
    json.put("tool", label.tool());
    json.put("revision", label.revision() < 0 ? null : label.revision());
  }

  private static void time(ObjectNode json, String member, long ns) {
    if (ns != Times.NONE) {
      json.put(member, ns);
    }
  }

  private static void bytes(ObjectNode json, ByteRange bytes) {
    json.put("offset_bytes", bytes.offsetBytes());
    json.put("length_bytes", bytes.lengthBytes());
  }

  private static void rest(ObjectNode json, Rest rest) {
    message(json, rest.message());
    if (rest.timed()) {
      json.put("offset_ns", rest.offsetNs());
    }
    @Nullable Sealed sealed = rest.sealed();
    boolean nothing = sealed == null && rest.message().bytes().lengthBytes() == 0;
    json.put("crc32c_computed", nothing ? null : TraceText.hex(rest.crc32c()));
    if (sealed != null) {
      json.put("block", sealed.block());
      json.put("crc32c_stored", TraceText.hex(sealed.crc32c()));
    }
  }

  private static void message(ObjectNode json, MessageAt message) {
    json.put("stream", message.stream());
    json.put("message", message.index());
    time(json, "stamp_ns", message.stampNs());
    json.put("file", message.file());
    bytes(json, message.bytes());
    if (message.compressed()) {
      json.put("compressed", true);
    }
  }

  /// What rests on some bytes.
  public static String of(BlastRadius radius) {
    ObjectNode json = JsonText.MAPPER.createObjectNode();
    json.put("schema_version", 1);
    json.put("place", radius.place());
    ArrayNode messages = json.putArray("messages");
    radius.messages().forEach(message -> message(messages.addObject(), message));
    ArrayNode labels = json.putArray("labels");
    for (BlastRadius.Touched touched : radius.labels()) {
      ObjectNode each = labels.addObject();
      each.put("by", touched.by().words());
      label(each, touched.label());
    }
    return new String(JsonText.of(json), StandardCharsets.UTF_8);
  }
}
