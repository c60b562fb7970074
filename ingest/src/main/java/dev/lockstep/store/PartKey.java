package dev.lockstep.store;

/// Which part: stream folder and number.
record PartKey(Ulid stream, int number) {}
