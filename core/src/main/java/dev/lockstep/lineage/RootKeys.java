package dev.lockstep.lineage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/// Ed25519 keys (RFC 8032) in PEM files as `openssl genpkey -algorithm ed25519` and `openssl pkey
/// -pubout` write them, and what is done with them.
public final class RootKeys {
  /// Name of the only algorithm, as the JDK and root files have it.
  public static final String ALGORITHM = "Ed25519";

  /// Longest PEM file that is read: keys take some 120 bytes.
  private static final int MAX_BYTES = 1 << 16;

  private RootKeys() {}

  /// Reads a private key (PKCS#8, `BEGIN PRIVATE KEY`).
  ///
  /// @throws IOException if the file cannot be read
  /// @throws IllegalArgumentException if it holds no Ed25519 private key
  public static PrivateKey readPrivate(Path file) throws IOException {
    byte[] key = decoded(file, "PRIVATE KEY");
    try {
      return KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(key));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(file + ": no " + ALGORITHM + " private key", e);
    }
  }

  /// Reads a public key (X.509, `BEGIN PUBLIC KEY`).
  ///
  /// @throws IOException if the file cannot be read
  /// @throws IllegalArgumentException if it holds no Ed25519 public key
  public static PublicKey readPublic(Path file) throws IOException {
    byte[] key = decoded(file, "PUBLIC KEY");
    try {
      return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(key));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(file + ": no " + ALGORITHM + " public key", e);
    }
  }

  private static byte[] decoded(Path file, String kind) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IllegalArgumentException(file + ": no PEM file of a key, it is too long");
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    String begin = "-----BEGIN " + kind + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + kind + "-----");
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(file + ": no PEM block '" + kind + "'");
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": the PEM block '" + kind + "' is no base64", e);
    }
  }

  static byte[] sign(PrivateKey key, byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing with a key that was read as " + ALGORITHM, e);
    }
  }

  static boolean isRight(PublicKey key, byte[] message, byte[] value) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(message);
      return signature.verify(value);
    } catch (GeneralSecurityException e) {
      // What is no signature at all is a wrong one.
      return false;
    }
  }
}
