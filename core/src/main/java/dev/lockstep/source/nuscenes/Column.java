package dev.lockstep.source.nuscenes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import dev.lockstep.model.Times;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;
import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;
import org.jspecify.annotations.Nullable;

/// One column of a table while it is read, row by row: primitive values, no object a row.
abstract class Column {
  /// Longest number that is read exactly; judged, stamps have 19 digits.
  private static final int MAX_DIGITS = 40;

  final String field;

  /// Whether rows without the field are faulty.
  final boolean required;

  Column(String field, boolean required) {
    this.field = field;
    this.required = required;
  }

  /// Makes room for `room` rows.
  abstract void grow(int room);

  /// Gives row `row` the value of a row without the field.
  abstract void begin(int row);

  /// Reads the value that the parser stands on; whatever it is, the parser stands on its end then.
  ///
  /// @return what should have been there, or null if it was
  abstract @Nullable String read(JsonParser json, int row) throws IOException;

  /// Tokens of other rows, or of the rows themselves.
  static final class Tokens extends Column {
    long[] high = {};
    long[] low = {};

    /// Rows that the tokens lead to, where the table that they refer to was read before.
    int[] found = {};

    private final @Nullable TokenIndex target;
    private final Token token = new Token();

    Tokens(String field, boolean required) {
      this(field, required, null);
    }

    /// @param target the index of the table that the tokens refer to, if it was read before
    Tokens(String field, boolean required, @Nullable TokenIndex target) {
      super(field, required);
      this.target = target;
    }

    @Override
    void grow(int room) {
      if (target == null) {
        high = Arrays.copyOf(high, room);
        low = Arrays.copyOf(low, room);
      } else {
        found = Arrays.copyOf(found, room);
      }
    }

    @Override
    void begin(int row) {
      if (target != null) {
        found[row] = Links.NONE;
      }
    }

    @Override
    @Nullable String read(JsonParser json, int row) throws IOException {
      if (!take(json, token)) {
        json.skipChildren();
        return "a token";
      }
      if (target == null) {
        high[row] = token.high;
        low[row] = token.low;
      } else {
        found[row] = token.isEmpty() ? Links.NONE : target.find(token.high, token.low);
        found[row] = found[row] < 0 && !token.isEmpty() ? Links.DANGLING : found[row];
      }
      return null;
    }

    /// Takes the token that the parser stands on; `false` if it is none.
    static boolean take(JsonParser json, Token token) throws IOException {
      JsonToken at = json.currentToken();
      if (at == JsonToken.VALUE_NULL) {
        token.clear();
        return true;
      }
      if (at != JsonToken.VALUE_STRING && at != JsonToken.VALUE_NUMBER_INT) {
        return false;
      }
      token.set(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
      return true;
    }

    /// The row that each token leads to: found already, or now.
    int[] resolve(int rows, TokenIndex index) {
      if (target != null) {
        return Arrays.copyOf(found, rows);
      }
      int[] now = new int[rows];
      for (int row = 0; row < rows; row++) {
        boolean empty = (high[row] | low[row]) == 0;
        int at = empty ? Links.NONE : index.find(high[row], low[row]);
        now[row] = at < 0 && !empty ? Links.DANGLING : at;
      }
      return now;
    }

    /// Lets the tokens go once they have been resolved.
    void release() {
      high = new long[0];
      low = new long[0];
      found = new int[0];
    }
  }

  /// Lists of tokens: one entry a token, in order of rows.
  static final class TokenLists extends Column {
    final LongArrayList high = new LongArrayList();
    final LongArrayList low = new LongArrayList();
    final IntArrayList rows = new IntArrayList();
    private final Token token = new Token();

    TokenLists(String field) {
      super(field, false);
    }

    @Override
    void grow(int room) {}

    @Override
    void begin(int row) {}

    @Override
    @Nullable String read(JsonParser json, int row) throws IOException {
      if (json.currentToken() == JsonToken.VALUE_NULL) {
        return null;
      }
      if (json.currentToken() != JsonToken.START_ARRAY) {
        json.skipChildren();
        return "a list of tokens";
      }
      boolean good = true;
      for (JsonToken at = json.nextToken();
          at != null && at != JsonToken.END_ARRAY;
          at = json.nextToken()) {
        if (Tokens.take(json, token)) {
          high.add(token.high);
          low.add(token.low);
          rows.add(row);
        } else {
          json.skipChildren();
          good = false;
        }
      }
      return good ? null : "a list of tokens";
    }
  }

  /// Microseconds, kept as nanoseconds.
  static final class Stamps extends Column {
    private static final long MAX_US = Long.MAX_VALUE / Times.MICROSECOND;
    long[] ns = {};

    Stamps(String field) {
      super(field, true);
    }

    @Override
    void grow(int room) {
      ns = Arrays.copyOf(ns, room);
    }

    @Override
    void begin(int row) {
      ns[row] = Times.NONE;
    }

    @Override
    @Nullable String read(JsonParser json, int row) throws IOException {
      long value = Times.NONE;
      if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
        try {
          long us = json.getLongValue();
          value = us >= 0 && us <= MAX_US ? us * Times.MICROSECOND : Times.NONE;
        } catch (InputCoercionException e) {
          // Told below: no time that fits.
          value = Times.NONE;
        }
      } else if (json.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
        value = exact(json);
      } else {
        json.skipChildren();
      }
      ns[row] = value;
      return value == Times.NONE ? "microseconds since 1970" : null;
    }

    /// Decimals are read as such: a double would round.
    private static long exact(JsonParser json) throws IOException {
      if (json.getTextLength() > MAX_DIGITS) {
        return Times.NONE;
      }
      BigDecimal us = new BigDecimal(json.getText());
      if (Math.abs((long) us.scale()) > MAX_DIGITS
          || us.signum() < 0
          || us.compareTo(BigDecimal.valueOf(MAX_US)) > 0) {
        return Times.NONE;
      }
      return us.movePointRight(3).setScale(0, RoundingMode.HALF_UP).longValue();
    }
  }

  /// Whole numbers and flags; -1 where there is none.
  static final class Ints extends Column {
    int[] values = {};

    Ints(String field, boolean required) {
      super(field, required);
    }

    @Override
    void grow(int room) {
      values = Arrays.copyOf(values, room);
    }

    @Override
    void begin(int row) {
      values[row] = -1;
    }

    @Override
    @Nullable String read(JsonParser json, int row) throws IOException {
      JsonToken at = json.currentToken();
      if (at == JsonToken.VALUE_TRUE || at == JsonToken.VALUE_FALSE) {
        values[row] = at == JsonToken.VALUE_TRUE ? 1 : 0;
        return null;
      }
      if (at == JsonToken.VALUE_NUMBER_INT) {
        try {
          values[row] = json.getIntValue();
          return null;
        } catch (InputCoercionException e) {
          return "a whole number of 32 bits";
        }
      }
      json.skipChildren();
      return "a whole number";
    }
  }

  /// Lists of a fixed number of numbers, also nested; NaN where there are others.
  static final class Vectors extends Column {
    final int length;
    double[] values = {};
    private final double[] one;

    Vectors(String field, int length, boolean required) {
      super(field, required);
      this.length = length;
      this.one = new double[length];
    }

    @Override
    void grow(int room) {
      values = Arrays.copyOf(values, Math.multiplyExact(room, length));
    }

    @Override
    void begin(int row) {
      Arrays.fill(values, row * length, (row + 1) * length, Double.NaN);
    }

    @Override
    @Nullable String read(JsonParser json, int row) throws IOException {
      if (json.currentToken() != JsonToken.START_ARRAY) {
        boolean none = json.currentToken() == JsonToken.VALUE_NULL;
        json.skipChildren();
        return none && !required ? null : length + " numbers";
      }
      int count = 0;
      boolean good = true;
      int depth = 1;
      while (depth > 0) {
        JsonToken at = json.nextToken();
        if (at == null) {
          return length + " numbers";
        }
        switch (at) {
          case START_ARRAY -> depth++;
          case END_ARRAY -> depth--;
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
            if (count < length) {
              one[count] = json.getDoubleValue();
            }
            count++;
          }
          default -> {
            json.skipChildren();
            good = false;
          }
        }
      }
      if (count == 0 && good && !required) {
        return null;
      }
      if (count != length || !good) {
        return length + " numbers";
      }
      System.arraycopy(one, 0, values, row * length, length);
      return null;
    }
  }

  /// Texts of which there are few different ones.
  static final class Texts extends Column {
    /// Longest text that is kept; judged, names have some dozen characters.
    private static final int MAX_LENGTH = 256;

    private final Map<String, String> known = new HashMap<>();
    private String[] values = {};

    Texts(String field, boolean required) {
      super(field, required);
    }

    @Override
    void grow(int room) {
      values = Arrays.copyOf(values, room);
    }

    @Override
    void begin(int row) {
      values[row] = "";
    }

    @Override
    @Nullable String read(JsonParser json, int row) throws IOException {
      if (json.currentToken() == JsonToken.VALUE_NULL && !required) {
        return null;
      }
      if (json.currentToken() != JsonToken.VALUE_STRING || json.getTextLength() > MAX_LENGTH) {
        json.skipChildren();
        return "a text of at most " + MAX_LENGTH + " characters";
      }
      String text = json.getText();
      values[row] = known.computeIfAbsent(text, t -> t);
      return null;
    }

    String get(int row) {
      return values[row];
    }
  }
}
