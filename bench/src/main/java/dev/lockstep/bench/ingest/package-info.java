/// Campaigns that show what the doors promise: equal findings through each, nothing lost when a
/// process is killed or the power goes, and what following costs a recorder.
///
/// Each is a class with a `main`, those against the TCP endpoint are started by
/// [Campaign][dev.lockstep.bench.ingest.Campaign]; the tests run a reduced share.
@NullMarked
package dev.lockstep.bench.ingest;

import org.jspecify.annotations.NullMarked;
