package dev.lockstep.session;

import dev.lockstep.store.Seal;
import dev.lockstep.wire.McapFraming;
import org.jspecify.annotations.Nullable;

/// How a hello was answered.
sealed interface Admission {
  /// Go on with `run` at `durable`.
  ///
  /// @param framing at that place; null where the announced size decides the end
  /// @param tailCrc32c of the last bytes before it
  record Write(PartRun run, long durable, @Nullable McapFraming framing, int tailCrc32c)
      implements Admission {}

  /// The part is sealed already.
  record Done(int part, Seal seal) implements Admission {}
}
