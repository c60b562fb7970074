/// What decompression costs, beside native libraries and beside merely copying the result.
@NullMarked
package dev.lockstep.bench.codec;

import org.jspecify.annotations.NullMarked;
