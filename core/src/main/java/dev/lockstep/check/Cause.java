package dev.lockstep.check;

/// A likely cause of a finding, offered only where a known one fits.
///
/// @param id short stable id (`tai-utc`, `blank-line`)
/// @param sentence the cause in one sentence
public record Cause(String id, String sentence) {}
