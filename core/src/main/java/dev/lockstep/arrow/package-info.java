/// Arrow's file format (Feather version 2) read without trust and written: the one place that knows
/// how Arrow lays out, compresses and allocates.
///
/// Entry types: [dev.lockstep.arrow.FeatherFile] to read, [dev.lockstep.arrow.ArrowFileOutput] to
/// write. What columns mean belongs to whoever reads them. No Arrow type may reach the public API
/// of `model`, `source`, `check` or `engine`: other programs bring an Arrow of their own.
@NullMarked
package dev.lockstep.arrow;

import org.jspecify.annotations.NullMarked;
