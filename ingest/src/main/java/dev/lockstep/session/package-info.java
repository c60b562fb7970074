/// One connection as a state machine, and what all connections share: who writes which stream, when
/// a part is sealed, and who is let in.
///
/// Start with [IngestSession][dev.lockstep.session.IngestSession] for a connection and
/// [IngestHub][dev.lockstep.session.IngestHub] for the rest. No sockets: a connection is a
/// [Peer][dev.lockstep.session.Peer], so that every state can be tested without one.
@NullMarked
package dev.lockstep.session;

import org.jspecify.annotations.NullMarked;
