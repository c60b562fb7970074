/// Kinds of check, their cards and outcomes, and findings. The rules themselves live in the
/// packages below this one, one class each; this package knows none of them.
///
/// Entry types: [dev.lockstep.check.Check], [dev.lockstep.check.Finding].
@NullMarked
package dev.lockstep.check;

import org.jspecify.annotations.NullMarked;
