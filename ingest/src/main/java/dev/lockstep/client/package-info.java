/// The reference client of the ingest protocol: sends a file, or what comes on standard input by
/// way of a spool file, and resumes until the server has all of it.
///
/// Start with [SendClient][dev.lockstep.client.SendClient]. Plain blocking sockets, so that it
/// shows what a client of one's own needs.
@NullMarked
package dev.lockstep.client;

import org.jspecify.annotations.NullMarked;
