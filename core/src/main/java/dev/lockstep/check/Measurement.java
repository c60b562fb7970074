package dev.lockstep.check;

/// A value that a check measured, whether or not anything was judged by it.
///
/// @param check id of the check
/// @param subject stream, label set or, for the recording itself, an empty string
/// @param quantity kebab case (`period`, `jitter-p99`)
/// @param value the value
/// @param unit unit of the value, empty for counts and ratios
public record Measurement(
    String check, String subject, String quantity, double value, String unit) {}
