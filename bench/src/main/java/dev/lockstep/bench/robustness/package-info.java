/// Damages recordings at random, by seed, and holds the whole engine to its promises: no exception,
/// no broken check, no hang, bounded memory, every finding with a place inside of the file.
///
/// Entry type: [dev.lockstep.bench.robustness.MutationCampaign].
@NullMarked
package dev.lockstep.bench.robustness;

import org.jspecify.annotations.NullMarked;
