/// Labels in ASAM OpenLABEL 1.0.
///
/// Entry type: [dev.lockstep.labels.openlabel.OpenLabel]. Actions, events, contexts and relations
/// do not belong here.
@NullMarked
package dev.lockstep.labels.openlabel;

import org.jspecify.annotations.NullMarked;
