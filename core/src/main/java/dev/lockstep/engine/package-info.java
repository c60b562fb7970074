/// Plans the passes that the selected checks need, runs them and collects what they find.
///
/// Entry types: [dev.lockstep.engine.Engine] for whole recordings,
/// [dev.lockstep.engine.RecordingRun] for one that is still growing. Formats and rules are handed
/// in; none is known here.
@NullMarked
package dev.lockstep.engine;

import org.jspecify.annotations.NullMarked;
