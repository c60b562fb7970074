/// Estimators on stamps: the lattice a stream's stamps lie on, what left it, and what a shift is
/// called.
///
/// Start at [LatticeTracker], which follows one stream message by message in bounded memory, or at
/// [LatticeFit] for one array. Everything here works on `long[]` stamps in nanoseconds and knows no
/// file, no check and no finding: turning an event into a finding belongs to `dev.lockstep.check`.
@NullMarked
package dev.lockstep.clock;

import org.jspecify.annotations.NullMarked;
