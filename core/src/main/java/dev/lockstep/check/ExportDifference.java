package dev.lockstep.check;

import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import org.jspecify.annotations.Nullable;

/// One way in which an export says something else than what it was made from.
///
/// @param kind what happened to the labels
/// @param severity how bad it is here
/// @param title what happened in words; the same words for the same thing
/// @param location where: in the export, or in the original where the export holds nothing
/// @param evidence the values that show it
/// @param cause what makes the two agree, or null where nothing known does
public record ExportDifference(
    Kind kind,
    Severity severity,
    String title,
    Location location,
    Evidence evidence,
    @Nullable Cause cause) {
  /// What happened to labels on their way.
  public enum Kind {
    /// They are not in the export.
    MISSING,
    /// They are only in the export.
    ADDED,
    /// The box is at another place.
    MOVED,
    /// The box has another size.
    RESIZED,
    /// The box looks another way.
    ROTATED,
    /// They belong to another track, or to none.
    REIDENTIFIED,
    /// They have another category.
    RECATEGORISED,
    /// They stand at another time.
    RETIMED,
    /// What they say besides is gone or different.
    ATTRIBUTE,
    /// Numbers have fewer digits.
    PRECISION,
    /// The second read gives something else than the first.
    READ
  }
}
