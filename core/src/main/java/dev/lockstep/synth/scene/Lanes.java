package dev.lockstep.synth.scene;

/// Which lane of [Noise] each use takes, so that no two uses share numbers.
final class Lanes {
  static final long ROAD = 1;
  static final long EGO = 2;
  static final long SLOT = 3;
  static final long ACTOR = 100;
  static final long RANGE = 1L << 32;

  private Lanes() {}
}
