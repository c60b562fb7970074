/// Rules about bytes: containers, stored checksums, payload structure and repetition.
///
/// One class a rule. What a reader saw arrives as defects; nothing here reads a file.
@NullMarked
package dev.lockstep.check.integrity;

import org.jspecify.annotations.NullMarked;
