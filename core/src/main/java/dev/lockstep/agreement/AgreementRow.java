package dev.lockstep.agreement;

/// One measured value of a study.
///
/// @param scope what it is about: `all`, `iou`, `category`, `pair`, `annotator`, `confusion`,
///   `gold`, `identity`
/// @param subject category, annotator or threshold; `A | B` for a pair, `NAME: TRUTH -> ANSWER` for
///   a confusion, `NAME: object OBJECT, ID -> ID at FRAME` (number or stamp) for an identity, empty
///   for all
/// @param measure kebab case (`fleiss-kappa`)
/// @param value the value; NaN where the labels do not decide it
/// @param low lower limit of its 95 % interval, NaN where none was computed
/// @param high upper limit
/// @param count items, boxes or frames that it rests on
public record AgreementRow(
    String scope,
    String subject,
    String measure,
    double value,
    double low,
    double high,
    long count) {}
