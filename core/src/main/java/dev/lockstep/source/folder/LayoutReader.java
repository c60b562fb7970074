package dev.lockstep.source.folder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Pose;
import dev.lockstep.yaml.YamlException;
import dev.lockstep.yaml.YamlProblem;
import dev.lockstep.yaml.YamlTree;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes a [Layout] of YAML: what the schema says first, then what it cannot say.
final class LayoutReader {
  /// Digits of a rate behind the point: 29.970030 is enough for any.
  private static final int RATE_DECIMALS = 6;

  private final String file;
  private final YamlTree tree;
  private final List<LabelFormat> formats;
  private final List<YamlProblem> problems = new ArrayList<>();
  private StampUnit unit = StampUnit.NANOSECONDS;
  private Epoch epoch = Epoch.UNIX;

  private LayoutReader(String file, YamlTree tree, List<LabelFormat> formats) {
    this.file = file;
    this.tree = tree;
    this.formats = formats;
  }

  /// Reads a layout.
  ///
  /// @param file name of the file, for messages
  /// @param formats label formats that it may name
  /// @throws YamlException if it cannot be used
  static Layout read(String text, String file, List<LabelFormat> formats) {
    YamlTree tree;
    try {
      tree = YamlTree.parse(text, "a layout");
    } catch (YamlTree.Unreadable e) {
      throw new YamlException(file, List.of(e.problem()));
    }
    LayoutReader reader = new LayoutReader(file, tree, formats);
    reader.problems.addAll(LayoutSchema.get().problems(tree));
    reader.end();
    Layout layout = reader.layout();
    reader.end();
    return layout;
  }

  private void end() {
    if (!problems.isEmpty()) {
      throw new YamlException(file, problems);
    }
  }

  private void problem(String pointer, String observed, String expected) {
    problems.add(tree.problem(pointer, observed, expected));
  }

  private Layout layout() {
    JsonNode root = tree.root();
    List<Layout.Stream> streams = new ArrayList<>();
    if (root.has("layout")) {
      String preset = root.get("layout").asText();
      if (FolderFormat.presets().contains(preset)) {
        streams.addAll(read(FolderFormat.preset(preset), preset, formats).streams());
      } else {
        problem("/layout", preset, "one of " + String.join(", ", FolderFormat.presets()));
      }
    }
    if (root.has("unit")) {
      unit = StampUnit.of(root.get("unit").asText());
    }
    if (root.has("epoch")) {
      epoch = Epoch.of(root.get("epoch").asText());
    }
    Set<String> names = new HashSet<>();
    JsonNode entries = root.path("streams");
    for (int i = 0; i < entries.size(); i++) {
      Layout.Stream stream = stream(entries.get(i), "/streams/" + i);
      if (!names.add(stream.name())) {
        problem("/streams/" + i + "/stream", stream.name(), "a name that no other stream has");
      }
      streams.removeIf(other -> other.name().equals(stream.name()));
      streams.add(stream);
    }
    return new Layout(streams, labels(root.path("labels")), calibration(root.path("calibration")));
  }

  private Layout.Stream stream(JsonNode node, String pointer) {
    String name = node.get("stream").asText();
    String files = node.has("files") ? path(node, "files", pointer) : null;
    Layout.Stamps stamps = stamps(node.path("stamps"), pointer + "/stamps", files);
    if (files == null && stamps.path().isEmpty()) {
      problem(pointer, "neither files nor a list", "files, stamps.list or stamps.npy");
    }
    boolean placed =
        stamps.path().contains(Paths.STREAM) || (files != null && files.contains(Paths.STREAM));
    if (Paths.isPattern(name) && !placed) {
      problem(pointer + "/stream", name, "a plain name, or " + Paths.STREAM + " in its paths");
    }
    List<String> fields = new ArrayList<>();
    node.path("fields").forEach(field -> fields.add(field.asText()));
    String content = node.path("content").asText("auto");
    if (!fields.isEmpty() && !fields.containsAll(List.of("x", "y", "z"))) {
      problem(pointer + "/fields", String.join(", ", fields), "x, y and z among them");
    }
    if (new HashSet<>(fields).size() != fields.size()) {
      problem(pointer + "/fields", String.join(", ", fields), "each name once");
    }
    if ((content.equals("bin") || content.equals("csv")) && fields.isEmpty()) {
      problem(pointer + "/content", content, "fields, in order of a point's values");
    }
    return new Layout.Stream(
        pointer,
        name,
        Modality.valueOf(node.get("modality").asText().toUpperCase(Locale.ROOT)),
        files,
        content,
        fields,
        stamps,
        turns(node.path("turns"), pointer + "/turns", files, stamps),
        node.path("optional").asBoolean(false));
  }

  private Layout.@Nullable Turns turns(
      JsonNode node, String pointer, @Nullable String files, Layout.Stamps stamps) {
    if (node.isMissingNode()) {
      return null;
    }
    boolean rates = node.has("rates");
    if (rates == node.has("quaternion")) {
      problem(pointer, rates ? "rates and quaternion" : "neither", "rates or quaternion");
    }
    boolean array = node.has("npy");
    if (files != null || stamps.together() || (!array && stamps.source() != Layout.Source.LIST)) {
      problem(pointer, "turns", "a stream whose rows are messages: a list, or npy");
    } else if (!array && stamps.line() != null) {
      problem(pointer, "turns and line", "columns");
    }
    List<Integer> columns = new ArrayList<>();
    node.path(rates ? "rates" : "quaternion").forEach(column -> columns.add(column.asInt()));
    return new Layout.Turns(array ? path(node, "npy", pointer) : "", columns);
  }

  private String path(JsonNode node, String key, String pointer) {
    String path = node.get(key).asText();
    if (!Paths.isInside(path)) {
      problem(pointer + "/" + key, path, "a path below the folder, without ..");
    }
    return path;
  }

  private Layout.Stamps stamps(JsonNode node, String pointer, @Nullable String files) {
    List<String> sources = new ArrayList<>();
    for (String key : List.of("list", "npy", "rate")) {
      if (node.has(key)) {
        sources.add(key);
      }
    }
    if (sources.size() > 1) {
      problem(pointer, String.join(" and ", sources), "one of them");
    }
    NamePattern name = name(node, pointer, files);
    Layout.Source source =
        switch (sources.isEmpty() ? "" : sources.getFirst()) {
          case "list" -> Layout.Source.LIST;
          case "npy" -> Layout.Source.NPY;
          case "rate" -> Layout.Source.RATE;
          default -> name != null && name.givesStamp() ? Layout.Source.NAME : Layout.Source.NONE;
        };
    boolean list = source == Layout.Source.LIST;
    for (String key : List.of("line", "file", "delimiter", "comment", "header")) {
      if (node.has(key) && !list) {
        problem(pointer + "/" + key, key + " without a list", "list");
      }
    }
    NamePattern line = line(node, pointer);
    String path =
        list
            ? path(node, "list", pointer)
            : source == Layout.Source.NPY ? path(node, "npy", pointer) : "";
    if (node.has("first") && (name == null || !name.givesNumber() || path.isEmpty())) {
      problem(pointer + "/first", "first", "a list or npy, and name with {number}");
    }
    StampUnit own = node.has("unit") ? StampUnit.of(node.get("unit").asText()) : unit;
    if (own == StampUnit.ISO && source == Layout.Source.NPY) {
      problem(pointer, "unit iso of numbers", "s, ms, us, ns or gps-week");
    }
    if (own == StampUnit.GPS_WEEK && (path.isEmpty() || line != null)) {
      problem(pointer, "unit gps-week", "a list or npy with two columns");
    }
    return new Layout.Stamps(
        source,
        path,
        name,
        line,
        column(node, pointer, own),
        node.has("file") ? column(node.get("file")) : null,
        node.path("first").asLong(0),
        delimiter(node, path),
        node.path("comment").asText("#"),
        header(node),
        rate(node, pointer),
        together(node, pointer, files, path),
        own,
        node.has("epoch")
            ? Epoch.of(node.get("epoch").asText())
            : own == StampUnit.GPS_WEEK ? Epoch.GPS : epoch);
  }

  private @Nullable NamePattern name(JsonNode node, String pointer, @Nullable String files) {
    String key = node.has("name") ? "name" : node.has("regex") ? "regex" : null;
    if (key == null) {
      return null;
    }
    if (node.has("name") && node.has("regex")) {
      problem(pointer + "/regex", "name and regex", "one of them");
    }
    if (files == null) {
      problem(pointer + "/" + key, key + " without files", "files");
    }
    String text = node.get(key).asText();
    NamePattern pattern;
    String places = "{stamp}, {seconds} and {nanoseconds}, or {number}";
    try {
      pattern =
          key.equals("regex")
              ? NamePattern.regex(text)
              : NamePattern.template(text, List.of("stamp", "seconds", "nanoseconds", "number"));
    } catch (IllegalArgumentException e) {
      problem(pointer + "/" + key, text + ": " + e.getMessage(), places + ", each once");
      return null;
    }
    if (!pattern.givesStamp() && !pattern.givesNumber()) {
      problem(
          pointer + "/" + key,
          text,
          key.equals("name") ? places : "a group (?<stamp>...) or (?<number>...)");
    }
    return pattern;
  }

  private @Nullable NamePattern line(JsonNode node, String pointer) {
    if (!node.has("line")) {
      return null;
    }
    String text = node.get("line").asText();
    for (String key : List.of("column", "file", "delimiter")) {
      if (node.has(key)) {
        problem(pointer + "/" + key, key + " and line", "one of them");
      }
    }
    try {
      NamePattern line =
          NamePattern.template(text, List.of("stamp", "seconds", "nanoseconds", "file"));
      if (!line.givesStamp()) {
        problem(pointer + "/line", text, "{stamp}");
      }
      return line;
    } catch (IllegalArgumentException e) {
      problem(pointer + "/line", text + ": " + e.getMessage(), "{stamp} and {file}, each once");
      return null;
    }
  }

  private Layout.Column column(JsonNode node, String pointer, StampUnit unit) {
    JsonNode column = node.path("column");
    boolean pair = unit == StampUnit.GPS_WEEK;
    if (column.isMissingNode()) {
      return new Layout.Column(0, "", pair ? 1 : -1);
    }
    if (column.isArray() != pair) {
      problem(
          pointer + "/column",
          column.toString(),
          pair ? "two columns: week, seconds" : "one column");
      return new Layout.Column(0, "", -1);
    }
    if (column.isTextual() && node.has("npy")) {
      problem(pointer + "/column", column.toString(), "a number: arrays have no names");
    }
    return pair
        ? new Layout.Column(column.get(0).asInt(), "", column.get(1).asInt())
        : column(column);
  }

  private static Layout.Column column(JsonNode column) {
    return column.isTextual()
        ? new Layout.Column(-1, column.asText(), -1)
        : new Layout.Column(column.asInt(), "", -1);
  }

  private static char delimiter(JsonNode node, String path) {
    if (node.has("delimiter")) {
      String text = node.get("delimiter").asText();
      return text.equals(" ") ? 0 : text.charAt(0);
    }
    String lower = path.toLowerCase(Locale.ROOT);
    return lower.endsWith(".csv") ? ',' : lower.endsWith(".tsv") ? '\t' : 0;
  }

  private static int header(JsonNode node) {
    boolean named = node.path("column").isTextual() || node.path("file").isTextual();
    return node.path("header").asInt(named ? 1 : 0);
  }

  private BigDecimal rate(JsonNode node, String pointer) {
    if (!node.has("rate")) {
      return BigDecimal.ONE;
    }
    BigDecimal rate = node.get("rate").decimalValue().setScale(RATE_DECIMALS, RoundingMode.HALF_UP);
    if (rate.signum() <= 0) {
      problem(pointer + "/rate", node.get("rate").toString(), "at least 0.000001");
      return BigDecimal.ONE;
    }
    return rate;
  }

  private boolean together(JsonNode node, String pointer, @Nullable String files, String path) {
    if (node.has("together") && (files != null || path.isEmpty())) {
      problem(pointer + "/together", "together", "a list or npy without files");
    }
    return node.path("together").asBoolean(false);
  }

  private List<Layout.Labels> labels(JsonNode entries) {
    List<Layout.Labels> labels = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      String pointer = "/labels/" + i;
      JsonNode node = entries.get(i);
      String path = path(node, "file", pointer);
      String last = path.substring(path.lastIndexOf('/') + 1);
      int dot = last.lastIndexOf('.');
      String word = node.get("format").asText();
      try {
        labels.add(
            new Layout.Labels(
                pointer,
                format(word),
                path,
                node.path("name").asText(dot > 0 ? last.substring(0, dot) : last),
                node.path("stream").asText("")));
      } catch (IllegalArgumentException e) {
        problem(
            pointer + "/format",
            word,
            "one of " + formats.stream().map(LabelFormat::name).collect(Collectors.joining(", ")));
      }
    }
    return labels;
  }

  private LabelFormat format(String word) {
    return formats.stream()
        .filter(format -> format.name().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(word));
  }

  private List<Layout.Mount> calibration(JsonNode entries) {
    List<Layout.Mount> mounts = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      String pointer = "/calibration/" + i;
      JsonNode node = entries.get(i);
      if (node.has("matrix") && (node.has("quaternion") || node.has("translation"))) {
        problem(pointer + "/matrix", "matrix and quaternion or translation", "one of them");
      }
      double[] t = numbers(node.path("translation"));
      JsonNode q = node.path("quaternion");
      boolean posed = t.length > 0 || !q.isMissingNode();
      double w = q.path("w").asDouble(1);
      double x = q.path("x").asDouble(0);
      double y = q.path("y").asDouble(0);
      double z = q.path("z").asDouble(0);
      Pose pose =
          t.length == 0 ? new Pose(w, x, y, z, 0, 0, 0) : new Pose(w, x, y, z, t[0], t[1], t[2]);
      JsonNode k = node.path("intrinsics");
      Calibration.Intrinsics intrinsics =
          k.isMissingNode()
              ? null
              : new Calibration.Intrinsics(
                  k.get("fx").asDouble(),
                  k.get("fy").asDouble(),
                  k.get("cx").asDouble(),
                  k.get("cy").asDouble(),
                  k.path("width").asInt(0),
                  k.path("height").asInt(0));
      mounts.add(
          new Layout.Mount(
              tree.problem(pointer, "", "").line(),
              node.get("sensor").asText(),
              node.path("parent").asText("ego"),
              node.has("matrix") ? numbers(node.get("matrix")) : null,
              posed ? pose : null,
              intrinsics));
    }
    return mounts;
  }

  private static double[] numbers(JsonNode array) {
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = array.get(i).asDouble();
    }
    return numbers;
  }
}
