package dev.lockstep.synth.fault;

import dev.lockstep.model.Location;
import java.util.List;

/// One planted fault and what should be found.
///
/// @param spec what was asked for
/// @param effective false if the fault changed nothing that could be seen (two objects exchanged
///   that stand in the same place); such faults say nothing about a checker
/// @param what what was done, in words
/// @param location where; message numbers are those of the damaged recording
/// @param expected ids of checks of which one should report it; `INT040` can only where a manifest
///   was sealed before
/// @param consequences ids of checks that may rightly report what follows from it
public record Injection(
    FaultSpec spec,
    boolean effective,
    String what,
    Location location,
    List<String> expected,
    List<String> consequences) {}
