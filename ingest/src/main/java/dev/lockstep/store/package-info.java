/// Keeps what arrives, so that every byte that was acknowledged is there after any crash.
///
/// Start with [PartStore][dev.lockstep.store.PartStore]. A part is one file, written from front to
/// back by one writer; bytes are queued, written, and become *durable* by a group commit:
///
/// ```text
/// append ─► queue ─► write(file)      writer threads, bounded queue
///                      │
///                      ▼  every few milliseconds, for all parts together
///           journal entry (range, CRC-32C) ─► fdatasync(journal) ‖ fdatasync(files) ─► durable
/// ```
///
/// After a crash a byte counts only if the journal vouches for it: below an entry's durable mark,
/// or by the CRC of the entry's range. The length of a file says nothing. Nothing about connections
/// or about what the bytes mean belongs here.
@NullMarked
package dev.lockstep.store;

import org.jspecify.annotations.NullMarked;
