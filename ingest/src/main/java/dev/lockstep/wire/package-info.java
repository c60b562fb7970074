/// The bytes of the ingest protocol MCAPIN/1: hello line, framing of the MCAP stream behind it, and
/// the lines that come back. `ingest/PROTOCOL.md` is the page for those who write a client.
///
/// Start with [Hello][dev.lockstep.wire.Hello] and [Reply][dev.lockstep.wire.Reply]. No sockets, no
/// files and no state of a connection here.
@NullMarked
package dev.lockstep.wire;

import org.jspecify.annotations.NullMarked;
