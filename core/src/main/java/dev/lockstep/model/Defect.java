package dev.lockstep.model;

/// One thing that a reader found wrong, at one place.
///
/// @param kind what is wrong
/// @param severity how bad it is here
/// @param location where
/// @param evidence the values that show it
public record Defect(DefectKind kind, Severity severity, Location location, Evidence evidence) {
  /// A defect of its kind's ordinary severity.
  public static Defect of(DefectKind kind, Location location, Evidence evidence) {
    return new Defect(kind, kind.severity(), location, evidence);
  }
}
