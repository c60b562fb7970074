/// Rules about the times of one stream: order, units and epochs, losses, clocks and rates.
///
/// One class a rule. What several rules rest on is analysed once, in
/// [dev.lockstep.check.time.StampWatch] (order and jumps) and
/// [dev.lockstep.check.time.LatticeWatch] (periods and losses).
@NullMarked
package dev.lockstep.check.time;

import org.jspecify.annotations.NullMarked;
