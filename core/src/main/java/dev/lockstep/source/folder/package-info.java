/// Recordings of any layout, which a short YAML file describes: files by patterns, stamps from
/// names, lists, tables or `.npy` arrays, labels in a named format, calibration.
///
/// Entry type: [dev.lockstep.source.folder.FolderFormat]. A data set with a format of its own (its
/// own meaning, tables that refer to each other) does not belong here.
@NullMarked
package dev.lockstep.source.folder;

import org.jspecify.annotations.NullMarked;
