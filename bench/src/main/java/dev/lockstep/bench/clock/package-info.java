/// What following the stamps of a stream costs, beside merely looking at each step.
@NullMarked
package dev.lockstep.bench.clock;

import org.jspecify.annotations.NullMarked;
