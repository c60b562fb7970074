/// What people should look at: findings ranked for relabelling, and a sample of labels without
/// findings from which the error rate of the rest follows.
///
/// Entry types: [dev.lockstep.review.RelabelQueue], [dev.lockstep.review.LabelAudit].
@NullMarked
package dev.lockstep.review;

import org.jspecify.annotations.NullMarked;
