/// The lists of everything there is: `Checks.ALL` and `Formats.ALL`. The one package that knows
/// every implementation.
///
/// Lists are written out, not discovered: which checks ran is part of a verifier's result, so an
/// absent one must be seen. Tests name any class that is not listed.
@NullMarked
package dev.lockstep.catalog;

import org.jspecify.annotations.NullMarked;
