/// The TCP server: sockets, TLS and threads around the sessions.
///
/// Start with [IngestServer][dev.lockstep.server.IngestServer]; the order of the handlers of a
/// connection stands in [ConnectionPipeline][dev.lockstep.server.ConnectionPipeline] alone. What a
/// connection means belongs to the sessions.
@NullMarked
package dev.lockstep.server;

import org.jspecify.annotations.NullMarked;
