/// Renderings of what a run found: text, JSON, JSON Lines, JUnit, SARIF, Arrow.
///
/// Entry type: [dev.lockstep.report.FindingText], from which every rendering takes its words.
/// Nothing here judges or prints.
@NullMarked
package dev.lockstep.report;

import org.jspecify.annotations.NullMarked;
