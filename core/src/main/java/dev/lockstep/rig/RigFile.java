package dev.lockstep.rig;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Pose;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.RigProfile.Period;
import dev.lockstep.model.RigProfile.Phase;
import dev.lockstep.model.RigProfile.Sector;
import dev.lockstep.model.RigProfile.Stream;
import dev.lockstep.yaml.YamlException;
import dev.lockstep.yaml.YamlProblem;
import dev.lockstep.yaml.YamlSchema;
import dev.lockstep.yaml.YamlTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads rig profiles: YAML as the published schema says.
public final class RigFile {
  private static final double MS = 1e6;

  /// Tolerance of a phase where the profile names none, as [RigProfile] is learned.
  private static final double PHASE_TOLERANCE_MS = 1;

  private final YamlTree tree;
  private final List<YamlProblem> problems = new ArrayList<>();

  private RigFile(YamlTree tree) {
    this.tree = tree;
  }

  /// Loaded when the first profile is read: most runs need none.
  private static final class Holder {
    static final YamlSchema SCHEMA = YamlSchema.of(schema(), "urn:lockstep:rig");
  }

  /// The JSON Schema as it is published.
  public static String schema() {
    try (InputStream in = RigFile.class.getResourceAsStream("rig.schema.json")) {
      if (in == null) {
        throw new IllegalStateException("resource missing: rig.schema.json");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a profile.
  ///
  /// @param file name of the file, for messages
  /// @throws YamlException if it cannot be used; the message has a line a problem: place, value,
  ///   what was expected
  public static RigProfile read(String text, String file) {
    YamlTree tree;
    try {
      tree = YamlTree.parse(text, "a rig profile");
    } catch (YamlTree.Unreadable e) {
      throw new YamlException(file, List.of(e.problem()));
    }
    RigFile reader = new RigFile(tree);
    reader.problems.addAll(Holder.SCHEMA.problems(tree));
    reader.end(file);
    RigProfile profile = reader.profile();
    reader.end(file);
    return profile;
  }

  private void end(String file) {
    if (!problems.isEmpty()) {
      throw new YamlException(file, problems);
    }
  }

  private void problem(String pointer, String observed, String expected) {
    problems.add(tree.problem(pointer, observed, expected));
  }

  private RigProfile profile() {
    JsonNode root = tree.root();
    List<Stream> streams = new ArrayList<>();
    Set<String> names = new HashSet<>();
    JsonNode entries = root.path("streams");
    boolean phases = false;
    for (int i = 0; i < entries.size(); i++) {
      String pointer = "/streams/" + i;
      Stream stream = stream(entries.get(i), pointer);
      phases |= stream.phase() != null || !Double.isNaN(stream.pairOffsetNs());
      if (!names.add(stream.name())) {
        problem(pointer + "/stream", stream.name(), "a name that no other entry has");
      }
      streams.add(stream);
    }
    String reference = root.path("reference").asText("");
    if (reference.isEmpty() && phases) {
      problem("", "phases without a reference", "reference, the stream that they are counted from");
    }
    if (!reference.isEmpty() && !names.contains(reference)) {
      problem("/reference", reference, "one of the streams");
    }
    return new RigProfile(reference, root.path("complete").asBoolean(false), streams);
  }

  private Stream stream(JsonNode node, String pointer) {
    JsonNode size = node.path("resolution");
    return new Stream(
        node.get("stream").asText(),
        node.path("optional").asBoolean(false),
        node.has("modality")
            ? Modality.valueOf(node.get("modality").asText().toUpperCase(Locale.ROOT))
            : null,
        period(node, pointer),
        nanoseconds(node, "jitter_ms"),
        nanoseconds(node, "jitter_max_ms"),
        phase(node, pointer),
        nanoseconds(node, "pair_offset_ms"),
        nanoseconds(node, "latency_ms"),
        nanoseconds(node, "latency_jitter_ms"),
        node.path("size_bytes").asInt(0),
        node.path("size_least_bytes").asInt(0),
        node.path("points").asInt(0),
        size.path(0).asInt(0),
        size.path(1).asInt(0),
        sectors(node.path("blind"), pointer + "/blind"),
        sectors(node.path("seen"), pointer + "/seen"),
        calibration(node));
  }

  private static double nanoseconds(JsonNode node, String key) {
    return node.has(key) ? node.get(key).asDouble() * MS : Double.NaN;
  }

  private @Nullable Period period(JsonNode node, String pointer) {
    double warn = node.path("period_warn_percent").asDouble(RigProfile.PERIOD_WARN_PERCENT);
    double error =
        node.path("period_error_percent").asDouble(Math.max(warn, RigProfile.PERIOD_ERROR_PERCENT));
    for (String key : List.of("period_warn_percent", "period_error_percent")) {
      if (node.has(key) && !node.has("period_ms")) {
        problem(pointer + "/" + key, key + " without a period", "period_ms");
      }
    }
    if (error < warn) {
      problem(
          pointer + "/period_error_percent",
          node.path("period_error_percent").asText(),
          "at least period_warn_percent");
    }
    return node.has("period_ms") ? new Period(nanoseconds(node, "period_ms"), warn, error) : null;
  }

  private @Nullable Phase phase(JsonNode node, String pointer) {
    if (!node.has("phase_ms")) {
      for (String key : List.of("phase_period_ms", "phase_tolerance_ms")) {
        if (node.has(key)) {
          problem(pointer + "/" + key, key + " without a phase", "phase_ms");
        }
      }
      return null;
    }
    if (!node.has("phase_period_ms")) {
      problem(pointer + "/phase_ms", "phase_ms without a period", "phase_period_ms");
      return null;
    }
    double tolerance = node.path("phase_tolerance_ms").asDouble(PHASE_TOLERANCE_MS) * MS;
    return new Phase(
        nanoseconds(node, "phase_ms"), nanoseconds(node, "phase_period_ms"), tolerance);
  }

  private List<Sector> sectors(JsonNode array, String pointer) {
    List<Sector> sectors = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      JsonNode sector = array.get(i);
      int from = sector.get(1).asInt();
      int to = sector.get(2).asInt();
      if (from >= to) {
        problem(pointer + "/" + i, from + " to " + to, "a first degree below the last");
      }
      if (sector.get(0).asInt() < 0) {
        problem(pointer + "/" + i, "beam " + sector.get(0).asInt(), "a beam from 0 on");
      }
      sectors.add(new Sector(sector.get(0).asInt(), from, to));
    }
    return sectors;
  }

  private static @Nullable Calibration calibration(JsonNode entry) {
    if (!entry.has("calibration")) {
      return null;
    }
    JsonNode node = entry.get("calibration");
    JsonNode q = node.path("rotation");
    JsonNode t = node.path("translation");
    JsonNode k = node.path("intrinsics");
    Pose mounting =
        q.isMissingNode() && t.isMissingNode()
            ? null
            : new Pose(
                q.path(0).asDouble(1),
                q.path(1).asDouble(0),
                q.path(2).asDouble(0),
                q.path(3).asDouble(0),
                t.path(0).asDouble(0),
                t.path(1).asDouble(0),
                t.path(2).asDouble(0));
    JsonNode size = entry.path("resolution");
    Calibration.Intrinsics intrinsics =
        k.isMissingNode()
            ? null
            : new Calibration.Intrinsics(
                k.get(0).asDouble(),
                k.get(1).asDouble(),
                k.get(2).asDouble(),
                k.get(3).asDouble(),
                size.path(0).asInt(0),
                size.path(1).asInt(0));
    return new Calibration(
        entry.get("stream").asText(), node.get("parent").asText(), mounting, intrinsics);
  }
}
