/// Plays a server of the ingest protocol that makes trouble, and says whether a client copes.
///
/// Start with [ConformanceSuite][dev.lockstep.conformance.ConformanceSuite]. It stores nothing and
/// shares no code with the real server but the lines of the protocol.
@NullMarked
package dev.lockstep.conformance;

import org.jspecify.annotations.NullMarked;
