/// Benchmarks of whole runs within one warm process.
@NullMarked
package dev.lockstep.bench.engine;

import org.jspecify.annotations.NullMarked;
