/// Campaigns against the TCP endpoint: what it promises, what is done to it, and what was lost.
///
/// Start with [Campaign][dev.lockstep.bench.ingest.Campaign], which runs each of them as one
/// command; the tests of this module run a small share of each.
@NullMarked
package dev.lockstep.bench.ingest;

import org.jspecify.annotations.NullMarked;
