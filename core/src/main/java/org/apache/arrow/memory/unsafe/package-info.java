/// The memory that Arrow allocates. The library looks for a class of this name in this package, and
/// nowhere else, before it does anything; there is no other way to give it a memory manager of
/// one's own.
///
/// Entry type: [org.apache.arrow.memory.unsafe.DefaultAllocationManagerFactory]. Nothing else
/// belongs here; what uses Arrow lives in `dev.lockstep.arrow`.
@NullMarked
package org.apache.arrow.memory.unsafe;

import org.jspecify.annotations.NullMarked;
