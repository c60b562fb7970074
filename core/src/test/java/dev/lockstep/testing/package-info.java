/// What tests share: contracts that every check and format must keep, drivers and recorders.
package dev.lockstep.testing;
