/// Benchmarks of geometry: points of sweeps in boxes. Floors are passes over the same columns.
@NullMarked
package dev.lockstep.bench.geometry;

import org.jspecify.annotations.NullMarked;
