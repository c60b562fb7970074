package dev.lockstep.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// What a command line asks for, and how it is said that it is wrong.
final class Usage {
  private Usage() {}

  /// Runs what the command line of `spec` asks for; what is wrong with it is wrong usage.
  static <T> T of(CommandSpec spec, Callable<T> asked) {
    try {
      return asked.call();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), Messages.reason(e), e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
