/// Faults planted into stamps of real sensors: what our rules find of them, beside those of others.
/// Start at [dev.lockstep.bench.time.TimeCampaign].
@NullMarked
package dev.lockstep.bench.time;

import org.jspecify.annotations.NullMarked;
