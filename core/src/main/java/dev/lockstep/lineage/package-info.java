/// From a result back to what it rests on: roots that vouch for copies, the way from a label to its
/// sensor bytes and back, the smallest recording that still shows a finding.
///
/// Entry types: [dev.lockstep.lineage.RootFile] and [dev.lockstep.lineage.RootVerifier],
/// [dev.lockstep.lineage.Tracer], [dev.lockstep.lineage.Reproduction]. Formats and rules are handed
/// in; none is known here.
@NullMarked
package dev.lockstep.lineage;

import org.jspecify.annotations.NullMarked;
