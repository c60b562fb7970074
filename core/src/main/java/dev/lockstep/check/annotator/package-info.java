/// Rules about those who made the labels: how the work of each differs from that of the others, and
/// from their own of before.
///
/// Entry types: the public rules, one class each. What they share is
/// [dev.lockstep.check.annotator.Pieces], the labels of one object by one annotator. How far
/// annotators agree about the same content is measured in `agreement`.
@NullMarked
package dev.lockstep.check.annotator;

import org.jspecify.annotations.NullMarked;
