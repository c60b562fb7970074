package dev.lockstep.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// A YAML document as a JSON tree that remembers where each of its nodes stands. Of YAML it takes
/// what JSON can say: no aliases, no tags of one's own.
public final class YamlTree {
  /// Nodes of a document; judged: a hundred times what profiles of rigs hold.
  private static final int MAX_NODES = 100_000;

  /// Depth; schemas need six.
  private static final int MAX_DEPTH = 32;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, Mark> marks = new HashMap<>();
  private final JsonNode root;
  private int nodes;

  private YamlTree(String text, String what) throws Unreadable {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(MAX_DEPTH);
    Node document;
    try {
      document = new Yaml(options).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      throw new Unreadable(e.getProblemMark(), String.valueOf(e.getProblem()), "YAML");
    } catch (YAMLException | StackOverflowError e) {
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new Unreadable(null, message, "YAML");
    }
    if (document == null) {
      throw new Unreadable(null, "nothing", what);
    }
    root = convert(document, "", 0);
  }

  /// The document in `text`.
  ///
  /// @param what what the document should be, with its article, for messages
  /// @throws Unreadable if it is no YAML, or more than JSON can say
  public static YamlTree parse(String text, String what) throws Unreadable {
    return new YamlTree(text, what);
  }

  /// Text that is no document.
  public static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    private final transient YamlProblem problem;

    Unreadable(@Nullable Mark mark, String observed, String expected) {
      super(observed);
      problem =
          mark == null
              ? new YamlProblem(1, 1, "", observed, expected)
              : new YamlProblem(mark.getLine() + 1, mark.getColumn() + 1, "", observed, expected);
    }

    /// What is wrong.
    public YamlProblem problem() {
      return problem;
    }
  }

  /// The document.
  public JsonNode root() {
    return root;
  }

  /// Something wrong with the node at `pointer`, or where that is missing, with its nearest parent.
  public YamlProblem problem(String pointer, String observed, String expected) {
    String at = pointer;
    Mark mark = marks.get(at);
    while (mark == null && !at.isEmpty()) {
      at = at.substring(0, at.lastIndexOf('/'));
      mark = marks.get(at);
    }
    return mark == null
        ? new YamlProblem(1, 1, pointer, observed, expected)
        : new YamlProblem(mark.getLine() + 1, mark.getColumn() + 1, pointer, observed, expected);
  }

  private JsonNode convert(Node node, String pointer, int depth) throws Unreadable {
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
      throw new Unreadable(node.getStartMark(), "too many nodes", "at most " + MAX_NODES);
    }
    if (node.getAnchor() != null) {
      throw new Unreadable(node.getStartMark(), "anchor &" + node.getAnchor(), "no aliases");
    }
    marks.put(pointer, node.getStartMark());
    return switch (node) {
      case MappingNode mapping -> {
        ObjectNode object = JSON.objectNode();
        for (NodeTuple tuple : mapping.getValue()) {
          if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            throw new Unreadable(tuple.getKeyNode().getStartMark(), "a key of parts", "a name");
          }
          String name = key.getValue();
          if (object.has(name)) {
            throw new Unreadable(key.getStartMark(), name + " twice", "each key once");
          }
          String below = pointer + "/" + name;
          object.set(name, convert(tuple.getValueNode(), below, depth + 1));
          marks.put(below, key.getStartMark());
        }
        yield object;
      }
      case SequenceNode sequence -> {
        ArrayNode array = JSON.arrayNode();
        int i = 0;
        for (Node item : sequence.getValue()) {
          array.add(convert(item, pointer + "/" + i++, depth + 1));
        }
        yield array;
      }
      case ScalarNode scalar -> scalar(scalar);
      default -> throw new Unreadable(node.getStartMark(), "an alias", "no aliases");
    };
  }

  private static JsonNode scalar(ScalarNode scalar) throws Unreadable {
    String value = scalar.getValue();
    Tag tag = scalar.getTag();
    try {
      if (tag.equals(Tag.INT)) {
        BigInteger number = new BigInteger(value);
        return number.bitLength() < Integer.SIZE
            ? JSON.numberNode(number.intValue())
            : JSON.numberNode(number);
      }
      if (tag.equals(Tag.FLOAT)) {
        return JSON.numberNode(new BigDecimal(value).doubleValue());
      }
    } catch (NumberFormatException e) {
      // Underscores, base 60 and 8, infinities: YAML's own, and never meant here.
      return JSON.textNode(value);
    }
    if (tag.equals(Tag.BOOL)) {
      return JSON.booleanNode(value.toLowerCase(Locale.ROOT).matches("true|yes|on"));
    }
    if (tag.equals(Tag.NULL)) {
      return JSON.nullNode();
    }
    if (tag.equals(Tag.STR) || tag.equals(Tag.TIMESTAMP) || tag.equals(Tag.MERGE)) {
      return JSON.textNode(value);
    }
    throw new Unreadable(scalar.getStartMark(), "tag " + tag.getValue(), "no tags");
  }
}
