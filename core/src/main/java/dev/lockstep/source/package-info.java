/// What a format is: how a path is recognised and how a recording is read piece by piece.
///
/// Entry types: [dev.lockstep.source.SourceFormat], [dev.lockstep.source.RecordingReader]. Each
/// format lives in a package of its own below this one and is unknown here.
@NullMarked
package dev.lockstep.source;

import org.jspecify.annotations.NullMarked;
