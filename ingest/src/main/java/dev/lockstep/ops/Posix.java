package dev.lockstep.ops;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/// The few system calls of Linux that Java has no words for. All are short; arrays are handed over
/// in place, so no native memory is held.
final class Posix {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;

  /// With `SOCK_CLOEXEC`: no child inherits the socket.
  private static final int SOCK_CLOEXEC = 0x80000;

  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  /// Longest path of a Unix socket: `sun_path` of `sockaddr_un`.
  private static final int MAX_PATH_BYTES = 108;

  private Posix() {}

  // The manifest of the program allows native access; see Enable-Native-Access.
  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), type, Linker.Option.critical(true));
  }

  /// Sends one datagram to a Unix socket.
  ///
  /// @param path file, or `@` and the name of an abstract socket
  /// @return whether it was taken
  static boolean send(String path, byte[] message) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    if (name.length == 0 || name.length >= MAX_PATH_BYTES) {
      return false;
    }
    byte[] address = new byte[Short.BYTES + name.length + (name[0] == '@' ? 0 : 1)];
    // sa_family is in the byte order of the machine.
    MemorySegment.ofArray(address).set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) AF_UNIX);
    System.arraycopy(name, 0, address, Short.BYTES, name.length);
    if (name[0] == '@') {
      address[Short.BYTES] = 0;
    }
    try {
      MethodHandle socket = function("socket", FunctionDescriptor.of(INT, INT, INT, INT));
      MethodHandle sendto =
          function(
              "sendto",
              FunctionDescriptor.of(
                  LONG, INT, ValueLayout.ADDRESS, LONG, INT, ValueLayout.ADDRESS, INT));
      MethodHandle close = function("close", FunctionDescriptor.of(INT, INT));
      int handle = (int) socket.invokeExact(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      if (handle < 0) {
        return false;
      }
      try {
        long sent =
            (long)
                sendto.invokeExact(
                    handle,
                    MemorySegment.ofArray(message),
                    (long) message.length,
                    MSG_DONTWAIT | MSG_NOSIGNAL,
                    MemorySegment.ofArray(address),
                    address.length);
        return sent == message.length;
      } finally {
        int _ = (int) close.invokeExact(handle);
      }
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// Sets the niceness of a thread.
  ///
  /// @param thread its id as the system counts, 0 for the caller
  /// @return whether the system did so
  static boolean setNiceness(int thread, int niceness) {
    try {
      MethodHandle call = function("setpriority", FunctionDescriptor.of(INT, INT, INT, INT));
      return (int) call.invokeExact(0, thread, niceness) == 0;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// Puts a thread behind all others that wait for a disk (best effort, lowest level; the idle
  /// class would starve it beside a recorder that never pauses).
  ///
  /// @param thread its id as the system counts, 0 for the caller
  /// @return whether the system did so
  static boolean setLastAtDisk(int thread) {
    long number =
        switch (System.getProperty("os.arch")) {
          case "amd64" -> 251L;
          case "aarch64" -> 30L;
          default -> -1L;
        };
    if (number < 0) {
      return false;
    }
    try {
      // ioprio_set(IOPRIO_WHO_PROCESS, thread, IOPRIO_CLASS_BE << 13 | 7)
      MethodHandle call = function("syscall", FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG));
      return (long) call.invokeExact(number, 1L, (long) thread, 2L << 13 | 7L) == 0;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static RuntimeException failed(Throwable e) {
    return switch (e) {
      case RuntimeException r -> r;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }
}
