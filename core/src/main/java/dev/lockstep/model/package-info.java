/// Values that describe a recording: streams, message columns, label sets, tracks, boxes, poses,
/// calibration, and the places and evidence that defects and findings share.
///
/// Entry types: [dev.lockstep.model.StreamInfo], [dev.lockstep.model.MessageBatch],
/// [dev.lockstep.model.LabelSet]. Nothing here reads, writes, checks or knows a format.
@NullMarked
package dev.lockstep.model;

import org.jspecify.annotations.NullMarked;
