/// The label log, a JSON Lines file of label events, and the canonical label table, the same as an
/// Arrow file. Both hold everything that a label set can say, to the last digit.
///
/// Entry types: [dev.lockstep.labels.log.LabelLog], [dev.lockstep.labels.log.LabelTableFile]. The
/// page beside them in the resources describes both.
@NullMarked
package dev.lockstep.labels.log;

import org.jspecify.annotations.NullMarked;
