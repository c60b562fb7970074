/// The block manifest: how messages become blocks, and the file that keeps their checksums.
///
/// Entry types: [dev.lockstep.manifest.BlockBuilder] for blocks,
/// [dev.lockstep.manifest.ManifestWriter] and [dev.lockstep.manifest.ManifestReader] for the file,
/// whose layout [dev.lockstep.manifest.ManifestLayout] documents. What a difference means is judged
/// by the integrity rules, not here. [dev.lockstep.manifest.DurableFile] writes the other small
/// files that stand beside a recording.
@NullMarked
package dev.lockstep.manifest;

import org.jspecify.annotations.NullMarked;
