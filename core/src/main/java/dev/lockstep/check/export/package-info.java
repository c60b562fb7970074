/// Rules about labels and an export of them (`SHA`), one class a kind of difference. The comparison
/// itself is in package `shadow`.
@NullMarked
package dev.lockstep.check.export;

import org.jspecify.annotations.NullMarked;
