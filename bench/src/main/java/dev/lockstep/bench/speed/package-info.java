/// Whole processes side by side: a check beside what reading, summing and decompressing the same
/// bytes costs at least, and beside other readers. Start at [dev.lockstep.bench.speed.SideBySide].
@NullMarked
package dev.lockstep.bench.speed;

import org.jspecify.annotations.NullMarked;
