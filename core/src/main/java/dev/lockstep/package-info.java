/// What the program knows about itself: [BuildInfo][dev.lockstep.BuildInfo], which every package
/// may use.
///
/// Nothing else belongs here; each subject has a package of its own below this one.
@NullMarked
package dev.lockstep;

import org.jspecify.annotations.NullMarked;
