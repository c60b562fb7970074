package dev.lockstep.testing;

import dev.lockstep.arrow.ArrowCodecs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;

/// Feather files made with Arrow's own writer, column by column.
public final class Feathers {
  private final List<Function<BufferAllocator, FieldVector>> columns = new ArrayList<>();
  private CodecType compression = CodecType.LZ4_FRAME;

  /// Compresses buffers in this way; LZ4 unless called.
  public Feathers compressed(CodecType type) {
    compression = type;
    return this;
  }

  /// Adds a column of int64.
  public Feathers longs(String name, long... values) {
    columns.add(allocator -> {
      BigIntVector vector = new BigIntVector(name, allocator);
      vector.allocateNew(values.length);
      for (int i = 0; i < values.length; i++) {
        vector.set(i, values[i]);
      }
      vector.setValueCount(values.length);
      return vector;
    });
    return this;
  }

  /// Adds a column of int32.
  public Feathers ints(String name, int... values) {
    columns.add(allocator -> {
      IntVector vector = new IntVector(name, allocator);
      vector.allocateNew(values.length);
      for (int i = 0; i < values.length; i++) {
        vector.set(i, values[i]);
      }
      vector.setValueCount(values.length);
      return vector;
    });
    return this;
  }

  /// Adds a column of uint8.
  public Feathers bytes(String name, int... values) {
    columns.add(allocator -> {
      UInt1Vector vector = new UInt1Vector(name, allocator);
      vector.allocateNew(values.length);
      for (int i = 0; i < values.length; i++) {
        vector.set(i, values[i]);
      }
      vector.setValueCount(values.length);
      return vector;
    });
    return this;
  }

  /// Adds a column of uint16.
  public Feathers shorts(String name, int... values) {
    columns.add(allocator -> {
      UInt2Vector vector = new UInt2Vector(name, allocator);
      vector.allocateNew(values.length);
      for (int i = 0; i < values.length; i++) {
        vector.set(i, values[i]);
      }
      vector.setValueCount(values.length);
      return vector;
    });
    return this;
  }

  /// Adds a column of float16.
  public Feathers halves(String name, double... values) {
    columns.add(allocator -> {
      Float2Vector vector = new Float2Vector(name, allocator);
      vector.allocateNew(values.length);
      for (int i = 0; i < values.length; i++) {
        vector.set(i, Float.floatToFloat16((float) values[i]));
      }
      vector.setValueCount(values.length);
      return vector;
    });
    return this;
  }

  /// Adds a column of float64.
  public Feathers doubles(String name, double... values) {
    columns.add(allocator -> {
      Float8Vector vector = new Float8Vector(name, allocator);
      vector.allocateNew(values.length);
      for (int i = 0; i < values.length; i++) {
        vector.set(i, values[i]);
      }
      vector.setValueCount(values.length);
      return vector;
    });
    return this;
  }

  /// Adds a column of text; null stands for null.
  public Feathers texts(String name, String... values) {
    columns.add(allocator -> {
      VarCharVector vector = new VarCharVector(name, allocator);
      vector.allocateNew();
      for (int i = 0; i < values.length; i++) {
        if (values[i] == null) {
          vector.setNull(i);
        } else {
          vector.setSafe(i, values[i].getBytes(StandardCharsets.UTF_8));
        }
      }
      vector.setValueCount(values.length);
      return vector;
    });
    return this;
  }

  /// The columns of annotations, one value for all rows of each number column.
  public static Feathers annotations(long[] stamps, String[] tracks, String[] categories) {
    int n = stamps.length;
    return new Feathers()
        .longs("timestamp_ns", stamps)
        .texts("track_uuid", tracks)
        .texts("category", categories)
        .doubles("length_m", all(n, 4.5))
        .doubles("width_m", all(n, 1.9))
        .doubles("height_m", all(n, 1.6))
        .doubles("qw", all(n, 1))
        .doubles("qx", all(n, 0))
        .doubles("qy", all(n, 0))
        .doubles("qz", all(n, 0))
        .doubles("tx_m", all(n, 10))
        .doubles("ty_m", all(n, -2))
        .doubles("tz_m", all(n, 0.5));
  }

  /// The columns of poses at rest.
  public static Feathers poses(long... stamps) {
    int n = stamps.length;
    return new Feathers()
        .longs("timestamp_ns", stamps)
        .doubles("qw", all(n, 1))
        .doubles("qx", all(n, 0))
        .doubles("qy", all(n, 0))
        .doubles("qz", all(n, 0))
        .doubles("tx_m", all(n, 100))
        .doubles("ty_m", all(n, 200))
        .doubles("tz_m", all(n, 3));
  }

  /// The columns of a sweep with `n` points.
  public static Feathers sweep(int n) {
    int[] offsets = new int[n];
    int[] lasers = new int[n];
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      offsets[i] = i * 1000;
      lasers[i] = i % 64;
      x[i] = 5 + i % 90;
    }
    return new Feathers()
        .halves("x", x)
        .halves("y", all(n, -1.5))
        .halves("z", all(n, 0.25))
        .bytes("intensity", lasers)
        .bytes("laser_number", lasers)
        .ints("offset_ns", offsets);
  }

  /// `n` times the same value.
  public static double[] all(int n, double value) {
    double[] values = new double[n];
    java.util.Arrays.fill(values, value);
    return values;
  }

  /// The same table with another column in the place of the one of that name.
  public Feathers replaced(String name, Feathers by) {
    try (BufferAllocator allocator = new RootAllocator()) {
      for (int i = 0; i < columns.size(); i++) {
        try (FieldVector vector = columns.get(i).apply(allocator)) {
          if (vector.getName().equals(name)) {
            columns.set(i, by.columns.getFirst());
          }
        }
      }
    }
    return this;
  }

  /// The same table without a column.
  public Feathers without(String name) {
    try (BufferAllocator allocator = new RootAllocator()) {
      columns.removeIf(column -> {
        try (FieldVector vector = column.apply(allocator)) {
          return vector.getName().equals(name);
        }
      });
    }
    return this;
  }

  /// The file's bytes.
  public byte[] bytes() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (BufferAllocator allocator = new RootAllocator()) {
      List<FieldVector> vectors = new ArrayList<>();
      for (Function<BufferAllocator, FieldVector> column : columns) {
        vectors.add(column.apply(allocator));
      }
      try (VectorSchemaRoot root = new VectorSchemaRoot(vectors);
          ArrowFileWriter writer =
              new ArrowFileWriter(
                  root,
                  null,
                  Channels.newChannel(out),
                  Map.of(),
                  IpcOption.DEFAULT,
                  ArrowCodecs.INSTANCE,
                  compression,
                  Optional.empty())) {
        writer.writeBatch();
        writer.end();
      }
    }
    return out.toByteArray();
  }

  /// Writes the file, and the folders above it.
  public Path write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    return Files.write(file, bytes());
  }
}
