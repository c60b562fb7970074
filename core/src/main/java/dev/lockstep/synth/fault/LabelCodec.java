package dev.lockstep.synth.fault;

import dev.lockstep.synth.encode.Schema;

/// Reads label messages of one format so that they can be edited.
@FunctionalInterface
interface LabelCodec {
  /// The boxes of a message; none if it is no label message.
  LabelFrame read(byte[] payload);

  /// The codec for messages of a schema.
  static LabelCodec of(Schema schema) {
    return switch (schema.messageEncoding()) {
      case KittiLabelFrame.ENCODING -> KittiLabelFrame::new;
      default -> JsonLabelFrame::new;
    };
  }
}
