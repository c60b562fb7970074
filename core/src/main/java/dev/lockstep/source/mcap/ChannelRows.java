package dev.lockstep.source.mcap;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.source.RowNotes;
import org.jspecify.annotations.Nullable;

/// The messages of one channel in one scanned range: columns, sums for the comparison with the
/// message index, and what their payloads hold besides.
final class ChannelRows extends RowNotes {
  /// Stands in for the stream until the range is committed.
  private static final StreamInfo UNASSIGNED =
      StreamInfo.of(0, "", Modality.OTHER, StampSource.LOG_TIME, null, null);

  final int channelId;

  /// What the channel was taken for, or null where nothing was known of it.
  final @Nullable Resolved used;

  /// Whether the range itself defines the channel in front of its first message.
  final boolean definedBefore;

  /// Columns; null where nothing was known of the channel.
  final @Nullable MessageBatch batch;

  /// How payloads are read, or null where they are not.
  final @Nullable PayloadProfile profile;

  /// Where the first message record begins in the scanned segment.
  final long firstAt;

  /// Number of messages.
  long count;

  /// Sum of the fingerprints of (log time, offset in the chunk).
  long indexSum;

  ChannelRows(
      int channelId,
      @Nullable Resolved used,
      boolean definedBefore,
      @Nullable PayloadProfile profile,
      long firstAt) {
    this.channelId = channelId;
    this.used = used;
    this.definedBefore = definedBefore;
    this.firstAt = firstAt;
    this.batch = used == null ? null : new MessageBatch(UNASSIGNED, used.usualMessages);
    this.profile = profile;
  }

  /// Whether the rows are what `inForce` would have made of the messages.
  boolean readBy(Resolved inForce) {
    Resolved guess = used;
    PayloadProfile seen = inForce.seen;
    return guess != null
        && guess.readsLike(inForce)
        && (profile == null || seen == null || profile.stamped() == seen.stamped());
  }
}
