/// Label files that are recordings by themselves, whatever their label format.
///
/// Entry type: [dev.lockstep.source.labelfile.LabelFileFormat]. What a label format means belongs
/// to `labels`; labels that lie within a recording are read by the format of the recording.
@NullMarked
package dev.lockstep.source.labelfile;

import org.jspecify.annotations.NullMarked;
