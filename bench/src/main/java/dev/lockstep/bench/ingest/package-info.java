/// Campaigns that show what the doors promise: equal findings through each, nothing lost when a
/// process is killed, and what following costs a recorder.
///
/// Each is a class with a `main`; the tests run a reduced share.
@NullMarked
package dev.lockstep.bench.ingest;

import org.jspecify.annotations.NullMarked;
