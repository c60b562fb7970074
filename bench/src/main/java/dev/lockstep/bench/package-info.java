/// Benchmarks, campaigns and comparisons. Nobody uses this module; start at
/// [dev.lockstep.bench.Main].
@NullMarked
package dev.lockstep.bench;

import org.jspecify.annotations.NullMarked;
