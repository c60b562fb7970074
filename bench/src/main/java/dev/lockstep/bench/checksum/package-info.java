/// What checksums cost, beside the JDK's own and beside merely copying the bytes.
@NullMarked
package dev.lockstep.bench.checksum;

import org.jspecify.annotations.NullMarked;
