package dev.lockstep.source.mcap;

import dev.lockstep.payload.PayloadProfile;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A channel with its schema and what follows from both: how its messages are read.
final class Resolved {
  /// Encodings of schemas in which spaces around a line mean nothing.
  private static final Set<String> TEXTS = Set.of("ros1msg", "ros2msg", "ros2idl", "omgidl");

  final Records.Channel channel;

  /// The schema, or null where the channel has none or it is not known.
  final Records.@Nullable Schema schema;

  /// How its messages are read, by the schema alone.
  final PayloadProfile profile;

  private final long fingerprint;

  /// How its messages are read, as its first one shows; null until that was committed.
  volatile @Nullable PayloadProfile seen;

  /// Messages of the channel in the unit scanned last, by which the next one sizes its columns.
  volatile int usualMessages = 16;

  Resolved(Records.Channel channel, Records.@Nullable Schema schema, PayloadProfile profile) {
    this.channel = channel;
    this.schema = schema;
    this.profile = profile;
    this.fingerprint = readingFingerprint(channel, schema);
  }

  /// What decides how messages are read.
  static long readingFingerprint(Records.Channel channel, Records.@Nullable Schema schema) {
    long f = Fingerprint.with(Fingerprint.start(), channel.topic());
    f = Fingerprint.with(f, channel.encoding());
    return schema == null ? f : Fingerprint.with(f, schema.fingerprint());
  }

  /// How its messages are read, given the first one of a range that holds `[offsetBytes,
  /// offsetBytes + lengthBytes)` of `bytes`.
  PayloadProfile profileFor(MemorySegment bytes, long offsetBytes, long lengthBytes) {
    PayloadProfile known = seen;
    if (known != null) {
      return known;
    }
    return lengthBytes > Integer.MAX_VALUE
        ? profile
        : profile.seen(bytes, offsetBytes, (int) lengthBytes);
  }

  /// Whether messages are read in the same way by `other`.
  boolean readsLike(Resolved other) {
    return fingerprint == other.fingerprint;
  }

  /// Whether `other` differs at most in how the text of its schema is laid out.
  boolean saysLike(Resolved other) {
    Records.Schema own = schema;
    Records.Schema theirs = other.schema;
    return readsLike(other)
        || own != null
            && theirs != null
            && channel.encoding().equals(other.channel.encoding())
            && own.name().equals(theirs.name())
            && own.encoding().equals(theirs.encoding())
            && TEXTS.contains(own.encoding())
            && lines(own).equals(lines(theirs));
  }

  private static List<String> lines(Records.Schema schema) {
    return new String(schema.data(), StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .toList();
  }
}
