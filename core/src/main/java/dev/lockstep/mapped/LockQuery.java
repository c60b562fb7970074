package dev.lockstep.mapped;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Locale;

/// Asks the system whether another process has locked bytes of a file against reading, without
/// taking a lock: nobody ever waits for the question.
///
/// ```text
/// struct flock   0 short type (0 read, 1 write, 2 none)  2 short whence  8 i64 start  16 i64 length
///                24 int process                                         Linux with 64 bits, fcntl(2)
/// ```
public final class LockQuery {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final int O_CLOEXEC = 0x80000;
  private static final int F_GETLK = 5;
  private static final short F_RDLCK = 0;
  private static final short F_UNLCK = 2;
  private static final MemoryLayout FLOCK = MemoryLayout.sequenceLayout(4, ValueLayout.JAVA_LONG);

  private LockQuery() {}

  /// The answer.
  public enum Held {
    /// Another process holds a write lock on one of the bytes.
    YES,
    /// None does.
    NO,
    /// This system cannot be asked, or does not tell.
    UNKNOWN
  }

  private static boolean canAsk() {
    String machine = System.getProperty("os.arch");
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")
        && (machine.equals("amd64") || machine.equals("aarch64"));
  }

  /// Whether another process holds a write lock on bytes of the file at `path`.
  public static Held writeLocked(Path path, long fromByte, long lengthBytes) {
    if (!canAsk()) {
      return Held.UNKNOWN;
    }
    try (Arena arena = Arena.ofConfined()) {
      int handle = (int) Calls.OPEN.invokeExact(arena.allocateFrom(path.toString()), O_CLOEXEC);
      if (handle < 0) {
        return Held.UNKNOWN;
      }
      try {
        MemorySegment lock = arena.allocate(FLOCK);
        lock.set(ValueLayout.JAVA_SHORT, 0, F_RDLCK);
        lock.set(ValueLayout.JAVA_LONG, 8, fromByte);
        lock.set(ValueLayout.JAVA_LONG, 16, lengthBytes);
        if ((int) Calls.FCNTL.invokeExact(handle, F_GETLK, lock) != 0) {
          return Held.UNKNOWN;
        }
        return lock.get(ValueLayout.JAVA_SHORT, 0) == F_UNLCK ? Held.NO : Held.YES;
      } finally {
        // This process holds no locks, which closing would end.
        int _ = (int) Calls.CLOSE.invokeExact(handle);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /// Looked up when first used, on systems that have them.
  private static final class Calls {
    static final MethodHandle OPEN =
        call(
            "open",
            FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT),
            Linker.Option.firstVariadicArg(2));
    static final MethodHandle FCNTL =
        call(
            "fcntl",
            FunctionDescriptor.of(INT, INT, INT, ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    static final MethodHandle CLOSE = call("close", FunctionDescriptor.of(INT, INT));

    private Calls() {}

    // The manifest of the program allows native access; see Enable-Native-Access.
    @SuppressWarnings("restricted")
    private static MethodHandle call(
        String name, FunctionDescriptor type, Linker.Option... options) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
    }
  }
}
