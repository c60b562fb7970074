/// The second look at labels: an export compared with what it was made from, and a second,
/// independent read of it.
///
/// Start at [dev.lockstep.shadow.ExportComparison], which compares two label sets, and at
/// [dev.lockstep.shadow.ShadowRun], which does so for two paths. What is wrong with one label set
/// alone does not belong here.
@NullMarked
package dev.lockstep.shadow;

import org.jspecify.annotations.NullMarked;
