/// Rules that hold a recording against a rig profile: the sensors, rates, phases, sizes and
/// directions that good drives showed. Start at [dev.lockstep.check.rig.RigSurvey], which measures
/// for those who learn a profile and for those who judge by one. Without a profile each rule is
/// skipped.
@NullMarked
package dev.lockstep.check.rig;

import org.jspecify.annotations.NullMarked;
