package dev.lockstep.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who may write: a file with one token a line, read anew for each hello, so that a token that was
/// taken out is out.
///
/// ```text
/// # comment
/// sha256:HEX64 [SESSION-PREFIX]     the SHA-256 of a token, and what its sessions begin with
/// SECRET [SESSION-PREFIX]           the token itself
/// ```
public final class Tokens {
  private static final String HASHED = "sha256:";
  private static final long MAX_FILE_BYTES = 1 << 20;
  private final @Nullable Path file;

  private Tokens(@Nullable Path file) {
    this.file = file;
  }

  /// Everybody may write.
  public static Tokens open() {
    return new Tokens(null);
  }

  /// Those whose token is in `file`.
  ///
  /// @throws IOException if the file cannot be read or holds no token
  public static Tokens in(Path file) throws IOException {
    Tokens tokens = new Tokens(file);
    if (tokens.read(file).isEmpty()) {
      throw new IOException(file + ": holds no token");
    }
    return tokens;
  }

  private record Token(byte[] hash, String prefix) {}

  /// Whether `token` allows to write `session`. Takes the same time whichever tokens there are.
  public boolean allow(@Nullable String token, String session) {
    Path path = file;
    if (path == null) {
      return true;
    }
    List<Token> tokens;
    try {
      tokens = read(path);
    } catch (IOException e) {
      return false;
    }
    byte[] hash = sha256(token == null ? "" : token);
    boolean allowed = false;
    for (Token known : tokens) {
      // Both are asked, whatever the first says: the time must not tell which token came close.
      boolean same = MessageDigest.isEqual(known.hash(), hash);
      boolean fits = session.startsWith(known.prefix());
      allowed |= same && fits;
    }
    return allowed && token != null;
  }

  private List<Token> read(Path path) throws IOException {
    if (Files.size(path) > MAX_FILE_BYTES) {
      throw new IOException(path + ": too long for a file of tokens");
    }
    List<Token> tokens = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(path)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      String[] words = text.split("\\s+", -1);
      if (words.length > 2) {
        throw new IOException(path + ", line " + number + ": more than token and prefix");
      }
      tokens.add(new Token(hash(path, number, words[0]), words.length == 2 ? words[1] : ""));
    }
    return tokens;
  }

  private static byte[] hash(Path path, int number, String word) throws IOException {
    if (!word.startsWith(HASHED)) {
      return sha256(word);
    }
    String hex = word.substring(HASHED.length());
    if (!hex.matches("[0-9a-fA-F]{64}")) {
      throw new IOException(
          path + ", line " + number + ": not 64 hexadecimal digits behind " + HASHED);
    }
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
