/// Folders that campaigns work in.
@NullMarked
package dev.lockstep.bench.files;

import org.jspecify.annotations.NullMarked;
