/// YAML that people write: a tree that knows the place of each value, held against a JSON Schema.
/// Start at [dev.lockstep.yaml.YamlTree]. What a document means belongs to whoever reads it.
@NullMarked
package dev.lockstep.yaml;

import org.jspecify.annotations.NullMarked;
