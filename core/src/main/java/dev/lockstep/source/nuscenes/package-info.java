/// The nuScenes family: recordings that are described by linked tables of JSON, and the files that
/// these name. nuScenes, Lyft level 5, T4 and their kin differ in folders, tokens and clocks only.
///
/// Start at [dev.lockstep.source.nuscenes.NuscenesFormat]. What the files hold is read by
/// `payload`; what is wrong with stamps and labels is the rules' to say.
@NullMarked
package dev.lockstep.source.nuscenes;

import org.jspecify.annotations.NullMarked;
