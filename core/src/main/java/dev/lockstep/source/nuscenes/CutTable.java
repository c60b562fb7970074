package dev.lockstep.source.nuscenes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.lockstep.model.Times;
import dev.lockstep.source.TextSpans;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A table as text, of which rows can be left out and links changed, with those of its fields that
/// say what a row is and needs.
final class CutTable {
  private static final JsonFactory FACTORY = new JsonFactory();

  /// Fields that name a neighbour or an end of a chain.
  private static final Set<String> CHAIN =
      Set.of(
          "prev",
          "next",
          "first_sample_token",
          "last_sample_token",
          "first_annotation_token",
          "last_annotation_token");

  private final TableKind kind;
  private final byte[] text;
  private final List<int[]> spans = new ArrayList<>();
  private final List<Map<String, List<String>>> fields = new ArrayList<>();
  private final Map<String, Integer> rows = new HashMap<>();
  private final Map<String, Map<String, List<Integer>>> naming = new HashMap<>();
  private final BitSet fixed = new BitSet();
  private final List<TableKind.Link> links = new ArrayList<>();

  /// A table of this content.
  CutTable(TableKind kind, byte[] text) {
    this.kind = kind;
    this.text = text;
    links.addAll(kind.links());
    links.addAll(kind.lists());
    Set<String> wanted = new HashSet<>(Set.of("token", "timestamp", "filename", "channel"));
    links.forEach(link -> wanted.add(link.field()));
    TextSpans all = TextSpans.json(text);
    for (int span = 0; span < all.size(); span++) {
      int parent = all.parent(span);
      if (parent >= 0 && all.parent(parent) < 0) {
        int row = spans.size();
        spans.add(new int[] {all.start(span), all.end(span)});
        fields.add(parse(all.start(span), all.end(span), wanted));
        String token = text(row, "token");
        if (token.isEmpty()) {
          fixed.set(row);
        }
        rows.putIfAbsent(token, row);
      }
    }
  }

  private Map<String, List<String>> parse(int from, int to, Set<String> wanted) {
    Map<String, List<String>> found = new HashMap<>();
    try (JsonParser json = FACTORY.createParser(text, from, to - from)) {
      String name = "";
      int depth = 0;
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (token == JsonToken.FIELD_NAME && depth == 1) {
          name = json.currentName();
        } else if (token.isScalarValue() && wanted.contains(name)) {
          found.computeIfAbsent(name.intern(), each -> new ArrayList<>(1)).add(json.getText());
        }
      }
    } catch (IOException e) {
      // What was read in front of the damage is what there is.
      return found;
    }
    return found;
  }

  /// What table it is.
  TableKind kind() {
    return kind;
  }

  /// Number of rows.
  int size() {
    return spans.size();
  }

  /// Where a row begins in the file.
  long start(int row) {
    return spans.get(row)[0];
  }

  /// Length of a row.
  long length(int row) {
    return spans.get(row)[1] - (long) spans.get(row)[0];
  }

  /// Columns with tokens of other rows, one each or several.
  List<TableKind.Link> links() {
    return links;
  }

  /// Whether a column names a neighbour or an end of a chain.
  static boolean isChain(String field) {
    return CHAIN.contains(field);
  }

  /// A row of that token, -1 if there is none.
  int row(String token) {
    return token.isEmpty() ? -1 : rows.getOrDefault(token, -1);
  }

  /// A text of a row, empty if it has none.
  String text(int row, String field) {
    List<String> values = fields.get(row).getOrDefault(field, List.of());
    return values.isEmpty() ? "" : values.getFirst();
  }

  /// The tokens in a column of a row.
  List<String> tokens(int row, String field) {
    return fields.get(row).getOrDefault(field, List.of());
  }

  /// Stamp of a row, [Times#NONE] if it has none.
  long stampNs(int row) {
    try {
      return Math.multiplyExact(Long.parseLong(text(row, "timestamp")), Times.MICROSECOND);
    } catch (NumberFormatException | ArithmeticException e) {
      return Times.NONE;
    }
  }

  /// Rows that stay in any case.
  BitSet fixed() {
    return (BitSet) fixed.clone();
  }

  /// The rows whose column has that token.
  List<Integer> naming(String field, String token) {
    return naming
        .computeIfAbsent(
            field,
            name -> {
              Map<String, List<Integer>> by = new HashMap<>();
              for (int row = 0; row < size(); row++) {
                by.computeIfAbsent(text(row, name), each -> new ArrayList<>()).add(row);
              }
              return by;
            })
        .getOrDefault(token, List.of());
  }

  /// The first kept row of a chain from `token` on, that token if there is no such row, and nothing
  /// where the chain ends before.
  String skip(String token, String field, BitSet kept) {
    Set<String> seen = new HashSet<>();
    String at = token;
    for (int row = row(at); row >= 0 && !kept.get(row); row = row(at)) {
      if (!seen.add(at)) {
        return "";
      }
      at = text(row, field);
    }
    return at;
  }

  /// A row as text.
  String rowText(int row) {
    return new String(rowBytes(row), StandardCharsets.UTF_8);
  }

  /// A row as it is.
  byte[] rowBytes(int row) {
    return java.util.Arrays.copyOfRange(text, spans.get(row)[0], spans.get(row)[1]);
  }

  /// A row's text with another token in a column.
  static String replaced(String row, String field, String from, String to) {
    Pattern member = Pattern.compile("(\"" + field + "\"\\s*:\\s*\")" + Pattern.quote(from) + "\"");
    Matcher matcher = member.matcher(row);
    return matcher.find()
        ? row.substring(0, matcher.end(1)) + to + row.substring(matcher.end() - 1)
        : row;
  }

  /// A row's text with a count that is less by `by`.
  static String lowered(String row, String field, int by) {
    Matcher matcher = Pattern.compile("(\"" + field + "\"\\s*:\\s*)(-?\\d{1,9})").matcher(row);
    return by != 0 && matcher.find()
        ? row.substring(0, matcher.end(1))
            + (Long.parseLong(matcher.group(2)) - by)
            + row.substring(matcher.end())
        : row;
  }

  /// Writes the table with some of its rows.
  ///
  /// @param rowBytes what is written of a row
  /// @throws IOException if it cannot be written
  void write(BitSet kept, IntFunction<byte[]> rowBytes, OutputStream out) throws IOException {
    if (spans.isEmpty()) {
      out.write(text);
      return;
    }
    out.write(text, 0, spans.getFirst()[0]);
    boolean any = false;
    for (int row = kept.nextSetBit(0); row >= 0; row = kept.nextSetBit(row + 1)) {
      out.write((any ? ",\n" : "").getBytes(StandardCharsets.US_ASCII));
      out.write(rowBytes.apply(row));
      any = true;
    }
    int end = spans.getLast()[1];
    out.write(text, end, text.length - end);
  }
}
