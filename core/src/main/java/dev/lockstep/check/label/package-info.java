/// Rules about labels over time: categories, identities, gaps, sizes, headings and positions along
/// tracks, and the stamps of labels against those of the sweeps.
///
/// Entry types: the public rules, one class each. What they share is
/// [dev.lockstep.check.label.Tracks] (boxes by track, in a frame fixed to the ground where poses
/// allow) and [dev.lockstep.check.label.IdentitySwitches], to which the other rules yield: one
/// fault gives one finding. Rules that need LiDAR points or a second label set do not belong here.
@NullMarked
package dev.lockstep.check.label;

import org.jspecify.annotations.NullMarked;
