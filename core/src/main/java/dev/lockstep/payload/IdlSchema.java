package dev.lockstep.payload;

import dev.lockstep.payload.RosType.Field;
import dev.lockstep.payload.RosType.Kind;
import dev.lockstep.payload.RosType.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Parses `ros2idl` schemas: IDL files of the used types, each after a line of `=` and a line `IDL:
/// package/msg/Type`. Modules, structs, typedefs, enums and constants are understood; members
/// behind a union, a bitmask or a wide string cannot be located and are left alone.
///
/// IDL demands definition before use, writers order files as they like: names are resolved at the
/// end.
final class IdlSchema {
  /// A type used within types used within types (judged).
  private static final int MAX_DEPTH = 64;

  private static final Map<String, Kind> PRIMITIVES =
      Map.ofEntries(
          Map.entry("boolean", Kind.BOOL),
          Map.entry("octet", Kind.UINT8),
          Map.entry("char", Kind.UINT8),
          Map.entry("uint8", Kind.UINT8),
          Map.entry("int8", Kind.INT8),
          Map.entry("uint16", Kind.UINT16),
          Map.entry("unsigned short", Kind.UINT16),
          Map.entry("int16", Kind.INT16),
          Map.entry("short", Kind.INT16),
          Map.entry("uint32", Kind.UINT32),
          Map.entry("unsigned long", Kind.UINT32),
          Map.entry("int32", Kind.INT32),
          Map.entry("long", Kind.INT32),
          Map.entry("uint64", Kind.UINT64),
          Map.entry("unsigned long long", Kind.UINT64),
          Map.entry("int64", Kind.INT64),
          Map.entry("long long", Kind.INT64),
          Map.entry("float", Kind.FLOAT32),
          Map.entry("double", Kind.FLOAT64),
          Map.entry("long double", Kind.OPAQUE),
          Map.entry("wchar", Kind.OPAQUE),
          Map.entry("any", Kind.OPAQUE));

  /// A type as written: a name or a sequence, with array dimensions.
  private record Written(
      String name, @Nullable Written element, @Nullable String bound, List<String> dimensions) {}

  private record Member(String name, Written type) {}

  private record Struct(String scope, @Nullable String base, List<Member> members) {}

  private record Alias(String scope, Written type) {}

  private final List<String> tokens = new ArrayList<>();
  private int next;
  private boolean inComment;
  private final Map<String, Struct> structs = new HashMap<>();
  private final Map<String, Alias> aliases = new HashMap<>();
  private final Map<String, Kind> leaves = new HashMap<>();
  private final Map<String, String> constants = new HashMap<>();
  private final Map<String, RosType> types = new HashMap<>();
  private int depth;

  private IdlSchema() {}

  /// The type that `text` defines for `schemaName`.
  ///
  /// @throws SchemaException if it cannot be parsed
  static RosType parse(String schemaName, String text) throws SchemaException {
    IdlSchema schema = new IdlSchema();
    for (String line : text.lines().toList()) {
      schema.tokenize(line);
    }
    schema.definitions("");
    if (schema.next < schema.tokens.size()) {
      throw new SchemaException("IDL token " + (schema.next + 1), schema.peek(), "a definition");
    }
    String wanted = schemaName.replace("/", "::");
    if (!schema.structs.containsKey(wanted)) {
      int last = wanted.lastIndexOf("::");
      wanted = last < 0 ? wanted : wanted.substring(0, last) + "::msg" + wanted.substring(last);
    }
    if (!schema.structs.containsKey(wanted)) {
      throw new SchemaException("schema", "no struct " + schemaName, "its definition");
    }
    return schema.struct(wanted);
  }

  // ---- reading

  /// Lines of `=`, `IDL: name` and `#include` only frame the files.
  private void tokenize(String line) {
    String bare = line.strip();
    if (!inComment
        && (bare.startsWith("====") || bare.startsWith("IDL:") || bare.startsWith("#"))) {
      return;
    }
    int i = 0;
    while (i < line.length()) {
      if (inComment) {
        int end = line.indexOf("*/", i);
        if (end < 0) {
          return;
        }
        inComment = false;
        i = end + 2;
        continue;
      }
      char c = line.charAt(i);
      int start = i++;
      if (c == '/' && line.startsWith("//", start)) {
        return;
      }
      if (c == '/' && line.startsWith("/*", start)) {
        inComment = true;
        i++;
      } else if (c == '"' || c == '\'') {
        while (i < line.length() && line.charAt(i) != c) {
          i += line.charAt(i) == '\\' ? 2 : 1;
        }
        i = Math.min(i + 1, line.length());
        tokens.add(line.substring(start, i));
      } else if (isWord(c)) {
        while (i < line.length() && (isWord(line.charAt(i)) || line.startsWith("::", i))) {
          i += line.charAt(i) == ':' ? 2 : 1;
        }
        tokens.add(line.substring(start, i));
      } else if (line.startsWith("::", start)) {
        i = start + 2;
        while (i < line.length() && (isWord(line.charAt(i)) || line.startsWith("::", i))) {
          i += line.charAt(i) == ':' ? 2 : 1;
        }
        tokens.add(line.substring(start, i));
      } else if (!Character.isWhitespace(c)) {
        tokens.add(String.valueOf(c));
      }
    }
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.';
  }

  private String peek() {
    return next < tokens.size() ? tokens.get(next) : "";
  }

  private String take() throws SchemaException {
    if (next >= tokens.size()) {
      throw new SchemaException("schema", "end of text", "the rest of a definition");
    }
    return tokens.get(next++);
  }

  private void expect(String token) throws SchemaException {
    String found = take();
    if (!found.equals(token)) {
      throw new SchemaException("IDL token " + next, found, token);
    }
  }

  private void definitions(String scope) throws SchemaException {
    if (++depth > MAX_DEPTH) {
      throw new SchemaException("schema", "modules in modules", "at most " + MAX_DEPTH);
    }
    while (next < tokens.size() && !peek().equals("}")) {
      skipAnnotations();
      switch (take()) {
        case "module" -> {
          String name = take();
          expect("{");
          definitions(scope + name + "::");
          expect("}");
        }
        case "struct" -> structDefinition(scope);
        case "typedef" -> {
          Written type = type();
          String name = take();
          aliases.put(scope + name, new Alias(scope, dimensions(type)));
        }
        case "const" -> {
          type();
          String name = take();
          expect("=");
          constants.put(scope + name, take());
          skipTo(";");
        }
        case "enum" -> {
          leaves.put(scope + take(), Kind.UINT32);
          skipBlock();
        }
        case "bitmask", "union", "bitset" -> {
          leaves.put(scope + take(), Kind.OPAQUE);
          skipBlock();
        }
        case ";" -> {}
        default -> throw new SchemaException("IDL token " + next, tokens.get(next - 1), "module");
      }
      if (peek().equals(";")) {
        next++;
      }
    }
    depth--;
  }

  private void structDefinition(String scope) throws SchemaException {
    String name = take();
    String base = null;
    if (peek().equals(":")) {
      next++;
      base = take();
    }
    if (peek().equals(";")) {
      return;
    }
    expect("{");
    List<Member> members = new ArrayList<>();
    while (!peek().equals("}")) {
      skipAnnotations();
      Written type = type();
      do {
        String member = take();
        members.add(new Member(member, dimensions(type)));
      } while (take().equals(","));
      if (!tokens.get(next - 1).equals(";")) {
        throw new SchemaException("IDL token " + next, tokens.get(next - 1), ";");
      }
    }
    expect("}");
    structs.put(scope + name, new Struct(scope, base, List.copyOf(members)));
  }

  private Written type() throws SchemaException {
    String word = take();
    switch (word) {
      case "sequence" -> {
        expect("<");
        if (++depth > MAX_DEPTH) {
          throw new SchemaException("schema", "sequences in sequences", "at most " + MAX_DEPTH);
        }
        Written element = type();
        depth--;
        String bound = null;
        if (peek().equals(",")) {
          next++;
          bound = take();
        }
        expect(">");
        return new Written("sequence", element, bound, List.of());
      }
      case "string", "wstring" -> {
        if (peek().equals("<")) {
          skipTo(">");
        }
        return new Written(word, null, null, List.of());
      }
      case "unsigned", "long" -> {
        StringBuilder name = new StringBuilder(word);
        while (List.of("short", "long", "double").contains(peek())) {
          name.append(' ').append(take());
        }
        return new Written(name.toString(), null, null, List.of());
      }
      default -> {
        if (!Character.isLetter(word.charAt(0)) && word.charAt(0) != '_' && word.charAt(0) != ':') {
          throw new SchemaException("IDL token " + next, word, "a type");
        }
        return new Written(word, null, null, List.of());
      }
    }
  }

  private Written dimensions(Written type) throws SchemaException {
    List<String> dimensions = new ArrayList<>();
    while (peek().equals("[")) {
      next++;
      dimensions.add(take());
      expect("]");
    }
    return new Written(type.name, type.element, type.bound, List.copyOf(dimensions));
  }

  private void skipAnnotations() throws SchemaException {
    while (peek().equals("@")) {
      next += 2;
      if (peek().equals("(")) {
        int open = 0;
        do {
          String token = take();
          open += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
        } while (open > 0);
      }
    }
  }

  private void skipBlock() throws SchemaException {
    while (!take().equals("{")) {}
    for (int open = 1; open > 0; ) {
      String token = take();
      open += token.equals("{") ? 1 : token.equals("}") ? -1 : 0;
    }
  }

  private void skipTo(String token) throws SchemaException {
    while (!take().equals(token)) {}
  }

  // ---- resolving

  private RosType struct(String name) throws SchemaException {
    RosType known = types.get(name);
    if (known != null) {
      return known;
    }
    if (++depth > MAX_DEPTH) {
      throw new SchemaException("type " + name, "contains itself", "no cycle");
    }
    Struct written = structs.get(name);
    if (written == null) {
      throw new SchemaException("type", name, "its definition in the schema");
    }
    List<Field> fields = new ArrayList<>();
    if (written.base != null) {
      fields.addAll(struct(lookUp(written.scope, written.base)).fields());
    }
    for (Member member : written.members) {
      // The compiler of ROS IDL gives this member to a struct without any; the walk does the same.
      if (!member.name.equals("structure_needs_at_least_one_member")) {
        fields.add(field(member.name, member.type, written.scope));
      }
    }
    depth--;
    RosType type = new RosType(RosType.normal(name), fields);
    types.put(name, type);
    return type;
  }

  private Field field(String name, Written type, String scope) throws SchemaException {
    if (++depth > MAX_DEPTH) {
      throw new SchemaException("type of " + name, "refers to itself", "no cycle");
    }
    Field one = element(name, type, scope);
    for (int d = type.dimensions.size() - 1; d >= 0; d--) {
      long count = number(type.dimensions.get(d), scope);
      one = arrayOf(one, Shape.ARRAY, count);
    }
    depth--;
    return one;
  }

  private Field element(String name, Written type, String scope) throws SchemaException {
    if (type.element != null) {
      Field element = field(name, type.element, scope);
      return arrayOf(element, Shape.SEQUENCE, type.bound == null ? 0 : number(type.bound, scope));
    }
    if (type.name.equals("string")) {
      return Field.one(name, Kind.STRING);
    }
    Kind kind = type.name.equals("wstring") ? Kind.OPAQUE : PRIMITIVES.get(type.name);
    if (kind != null) {
      return Field.one(name, kind);
    }
    String full = lookUp(scope, type.name);
    Kind leaf = leaves.get(full);
    if (leaf != null) {
      return Field.one(name, leaf);
    }
    Alias alias = aliases.get(full);
    if (alias != null) {
      return field(name, alias.type, alias.scope);
    }
    return Field.struct(name, struct(full));
  }

  /// Arrays of arrays become arrays of a struct of one member, which is laid out the same.
  private static Field arrayOf(Field element, Shape shape, long count) {
    if (element.shape() == Shape.ONE) {
      return new Field(element.name(), element.kind(), element.type(), shape, count);
    }
    RosType row = new RosType(element.name(), List.of(element));
    return new Field(element.name(), Kind.STRUCT, row, shape, count);
  }

  private String lookUp(String scope, String name) throws SchemaException {
    String bare = name.startsWith("::") ? name.substring(2) : name;
    String at = name.startsWith("::") ? "" : scope;
    while (true) {
      String full = at + bare;
      if (structs.containsKey(full) || aliases.containsKey(full) || leaves.containsKey(full)) {
        return full;
      }
      if (at.isEmpty()) {
        throw new SchemaException("type used in " + scope, name, "its definition in the schema");
      }
      int cut = at.lastIndexOf("::", at.length() - 3);
      at = cut < 0 ? "" : at.substring(0, cut + 2);
    }
  }

  private long number(String text, String scope) throws SchemaException {
    String value = text;
    for (String at = scope; constants.containsKey(at + text) || !at.isEmpty(); ) {
      String constant = constants.get(at + text);
      if (constant != null) {
        value = constant;
        break;
      }
      int cut = at.lastIndexOf("::", at.length() - 3);
      at = cut < 0 ? "" : at.substring(0, cut + 2);
    }
    try {
      long number = Long.decode(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new SchemaException("number of elements", value, "a number");
  }
}
