/// Rules about two independent reads of one recording (`SHA`), one class a kind of disagreement.
/// The second read itself is in package `shadow`.
@NullMarked
package dev.lockstep.check.shadow;

import org.jspecify.annotations.NullMarked;
