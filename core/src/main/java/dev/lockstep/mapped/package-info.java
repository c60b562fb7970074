/// Memory outside the heap, and the only code that makes any: files mapped for reading
/// ([dev.lockstep.mapped.MappedFile]) and private buffers under a common limit
/// ([dev.lockstep.mapped.MemoryBudget], [dev.lockstep.mapped.OffHeap]). What the bytes mean does
/// not belong here.
///
/// Private memory is bounded by the limit of the budget. Mapped files are no private memory: their
/// pages belong to the system's file cache, which drops them whenever memory is needed, however
/// large the file is; tools that show "resident" memory count them all the same.
@NullMarked
package dev.lockstep.mapped;

import org.jspecify.annotations.NullMarked;
