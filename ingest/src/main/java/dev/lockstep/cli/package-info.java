/// The command line: one class per command, put together in
/// [LockstepCommand][dev.lockstep.cli.LockstepCommand] and started by
/// [Main][dev.lockstep.cli.Main].
///
/// Here alone are the standard streams written and exit codes chosen. What a command does belongs
/// to the packages that it calls.
@NullMarked
package dev.lockstep.cli;

import org.jspecify.annotations.NullMarked;
