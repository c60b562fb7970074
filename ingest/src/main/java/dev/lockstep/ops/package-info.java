/// How a service shows itself to people and machines: health, metrics, status page, alerts, logs,
/// and its manners towards the system that runs it.
///
/// Start at [ServiceMonitor][dev.lockstep.ops.ServiceMonitor], which a service feeds, and
/// [OpsServer][dev.lockstep.ops.OpsServer], which shows what it holds. Nothing here decides what is
/// found.
@NullMarked
package dev.lockstep.ops;

import org.jspecify.annotations.NullMarked;
