package dev.lockstep.source.mcap;

import dev.lockstep.payload.PayloadProfile;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The schemas and channels of a file: those in force, and those that scanning threads may guess.
///
/// A channel may be defined in a chunk that another thread is still scanning. Scanners therefore
/// guess from whatever has been seen anywhere; when a unit is committed, the guess is compared with
/// the definition in force, and the unit is read again where they differ. Guesses never show in a
/// result.
final class Definitions {
  /// Longest schema that is kept. Judged: the longest known message definitions take some 100 KB.
  static final int MAX_SCHEMA_BYTES = 4 << 20;

  /// Bytes of all schemas that are kept together; later ones are treated as empty.
  private static final long MAX_ALL_SCHEMA_BYTES = 64L << 20;

  private final ConcurrentMap<Integer, Records.Schema> guessedSchemas = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, Resolved> guessedChannels = new ConcurrentHashMap<>();
  private final ConcurrentMap<Long, PayloadProfile> profiles = new ConcurrentHashMap<>();
  private final AtomicLong guessedBytes = new AtomicLong();

  private final Map<Integer, Records.Schema> schemas = new TreeMap<>();
  private final Map<Integer, Resolved> channels = new TreeMap<>();
  private long schemaBytes;

  /// What is known of channels and schemas while a range is scanned.
  interface Known {
    /// The channel of that id, or null.
    @Nullable Resolved channel(int id);

    /// The schema of that id, or null.
    Records.@Nullable Schema schema(int id);

    /// Whether this is certain, so that it counts before what the range says itself.
    boolean certain();
  }

  private final Known guesses =
      new Known() {
        @Override
        public @Nullable Resolved channel(int id) {
          return guessedChannels.get(id);
        }

        @Override
        public Records.@Nullable Schema schema(int id) {
          return guessedSchemas.get(id);
        }

        @Override
        public boolean certain() {
          return false;
        }
      };

  private final Known inForce =
      new Known() {
        @Override
        public @Nullable Resolved channel(int id) {
          return channels.get(id);
        }

        @Override
        public Records.@Nullable Schema schema(int id) {
          return schemas.get(id);
        }

        @Override
        public boolean certain() {
          return true;
        }
      };

  // ---- any thread

  /// What was seen anywhere.
  Known guesses() {
    return guesses;
  }

  /// Offers a schema that was seen somewhere.
  void guess(Records.Schema schema) {
    if (guessedBytes.addAndGet(schema.data().length) <= MAX_ALL_SCHEMA_BYTES) {
      guessedSchemas.putIfAbsent(schema.id(), schema);
    }
  }

  /// Offers a channel that was seen somewhere.
  void guess(Resolved channel) {
    guessedChannels.putIfAbsent(channel.channel.id(), channel);
  }

  /// The channel with its schema and how its messages are read.
  Resolved resolve(Records.Channel channel, Records.@Nullable Schema schema) {
    long key = Resolved.readingFingerprint(channel, schema);
    PayloadProfile profile =
        profiles.computeIfAbsent(
            key,
            k ->
                schema == null
                    ? PayloadProfile.of(channel.topic(), channel.encoding(), "", "", new byte[0])
                    : PayloadProfile.of(
                        channel.topic(),
                        channel.encoding(),
                        schema.name(),
                        schema.encoding(),
                        schema.data()));
    return new Resolved(channel, schema, profile);
  }

  // ---- the committing thread

  /// What has been committed.
  Known inForce() {
    return inForce;
  }

  /// The schema in force, or null.
  Records.@Nullable Schema schema(int id) {
    return schemas.get(id);
  }

  /// The channel in force, or null.
  @Nullable Resolved channel(int id) {
    return channels.get(id);
  }

  /// Puts a schema in force, unless one of its id is already.
  void commit(Records.Schema schema) {
    Records.Schema kept = schema;
    if (schemaBytes + schema.data().length > MAX_ALL_SCHEMA_BYTES) {
      kept =
          new Records.Schema(
              schema.id(), schema.name(), schema.encoding(), new byte[0], schema.dataLength());
    }
    if (schemas.putIfAbsent(schema.id(), kept) == null) {
      schemaBytes += kept.data().length;
    }
  }

  /// Puts a channel in force, unless one of its id is already.
  void commit(Resolved channel) {
    channels.putIfAbsent(channel.channel.id(), channel);
    guessedChannels.put(channel.channel.id(), channels.get(channel.channel.id()));
  }

  /// Schemas in force, by id.
  Map<Integer, Records.Schema> schemas() {
    return schemas;
  }

  /// Channels in force, by id.
  Map<Integer, Resolved> channels() {
    return channels;
  }
}
