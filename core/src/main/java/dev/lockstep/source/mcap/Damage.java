package dev.lockstep.source.mcap;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;

/// A place where the records of a file do not follow each other.
///
/// @param kind what is wrong
/// @param from first byte concerned
/// @param to one past the last byte concerned
/// @param evidence what shows it
/// @param lostBytes bytes that cannot be interpreted because of it
/// @param fatal whether nothing behind it can be read
record Damage(
    DefectKind kind, long from, long to, Evidence evidence, long lostBytes, boolean fatal) {}
