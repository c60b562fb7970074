package dev.lockstep.session;

import dev.lockstep.store.Seal;

/// A part that was sealed.
///
/// @param name session, stream and file
/// @param seal what is known of it
/// @param findings how many there are; 0 where it could not be examined
public record SealedPart(String name, Seal seal, int findings) {}
