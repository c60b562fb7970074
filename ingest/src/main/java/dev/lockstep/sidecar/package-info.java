/// The sidecar: finds recordings in folders that somebody else writes to, follows them while they
/// grow, and says what is wrong as it happens.
///
/// Start at [Sidecar][dev.lockstep.sidecar.Sidecar]. It never writes to, locks or slows what it
/// watches; beside a complete recording it leaves a verdict, and all that it must remember lies in
/// a folder of its own.
@NullMarked
package dev.lockstep.sidecar;

import org.jspecify.annotations.NullMarked;
