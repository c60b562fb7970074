package dev.lockstep.bench.robustness;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// Damages the numbers that hold a container together, other than MCAP.
final class ContainerMutation {
  /// `#ROSBAG V2.0` and a line feed.
  private static final int BAG_VERSION_BYTES = 13;

  /// Records of a bag that are walked over at most.
  private static final int MAX_RECORDS = 10_000;

  private static final int SQLITE_HEAD_BYTES = 100;
  private static final int SQLITE_PAGE_SIZE_AT = 16;

  /// What stands in front of the cell pointers of an inner page.
  private static final int SQLITE_PAGE_HEAD_BYTES = 12;

  private final SplittableRandom random;
  private final Consumer<String> told;

  /// @param told takes what was done, in words
  ContainerMutation(SplittableRandom random, Consumer<String> told) {
    this.random = random;
    this.told = told;
  }

  /// `bytes` damaged once, in place.
  byte[] apply(MutationKind kind, byte[] bytes) {
    List<int[]> places =
        switch (kind) {
          case MP4_BOX -> boxes(bytes);
          case BAG_LENGTH -> bagLengths(bytes);
          default -> pageNumbers(bytes);
        };
    ByteOrder order =
        kind == MutationKind.BAG_LENGTH ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    places.removeIf(place -> place[0] < 0 || place[0] + place[1] > bytes.length);
    if (places.isEmpty()) {
      bytes[random.nextInt(bytes.length)] ^= (byte) random.nextInt(1, 256);
      told.accept("one byte");
      return bytes;
    }
    int[] place = places.get(random.nextInt(places.size()));
    ByteBuffer view = ByteBuffer.wrap(bytes).order(order);
    told.accept(Bytes.attack(view, place[0], place[1], random));
    return bytes;
  }

  /// The length in front of each type of four letters, and numbers behind: offsets and widths.
  private List<int[]> boxes(byte[] bytes) {
    List<int[]> places = new ArrayList<>();
    for (int at = Integer.BYTES; at + Integer.BYTES <= bytes.length; at++) {
      if (isLetter(bytes[at])
          && isLetter(bytes[at + 1])
          && isLetter(bytes[at + 2])
          && (isLetter(bytes[at + 3]) || bytes[at + 3] == '4' || bytes[at + 3] == ' ')
          && bytes[at - Integer.BYTES] == 0) {
        places.add(new int[] {at - Integer.BYTES, Integer.BYTES});
        int width = random.nextInt(3) == 0 ? Long.BYTES : Integer.BYTES;
        places.add(new int[] {at + Integer.BYTES * random.nextInt(1, 12), width});
      }
    }
    return places;
  }

  private static boolean isLetter(byte b) {
    return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z';
  }

  /// The lengths of records and of the fields in their headers.
  private static List<int[]> bagLengths(byte[] bytes) {
    List<int[]> places = new ArrayList<>();
    ByteBuffer view = Bytes.view(bytes);
    long at = BAG_VERSION_BYTES;
    for (int record = 0; record < MAX_RECORDS && at + Integer.BYTES <= bytes.length; record++) {
      places.add(new int[] {(int) at, Integer.BYTES});
      long end = at + Integer.BYTES + view.getInt((int) at);
      long field = at + Integer.BYTES;
      while (field >= 0 && field + Integer.BYTES <= Math.min(end, bytes.length)) {
        places.add(new int[] {(int) field, Integer.BYTES});
        int length = view.getInt((int) field);
        if (length < 0) {
          break;
        }
        field += Integer.BYTES + (long) length;
      }
      if (end < at || end + Integer.BYTES > bytes.length) {
        break;
      }
      places.add(new int[] {(int) end, Integer.BYTES});
      int length = view.getInt((int) end);
      if (length < 0) {
        break;
      }
      at = end + Integer.BYTES + length;
    }
    return places;
  }

  /// Numbers of the head, of the heads of pages, and what stands where their cells begin.
  private List<int[]> pageNumbers(byte[] bytes) {
    List<int[]> places = new ArrayList<>();
    if (bytes.length < SQLITE_HEAD_BYTES) {
      return places;
    }
    for (int at = SQLITE_PAGE_SIZE_AT; at < SQLITE_HEAD_BYTES; at += Integer.BYTES) {
      places.add(new int[] {at, random.nextBoolean() ? Integer.BYTES : Short.BYTES});
    }
    ByteBuffer view = ByteBuffer.wrap(bytes);
    int size = Math.max(512, view.getShort(SQLITE_PAGE_SIZE_AT) & 0xFFFF);
    for (int page = 0; page + size <= bytes.length; page += size) {
      int head = page == 0 ? SQLITE_HEAD_BYTES : page;
      for (int at = head + 1; at < head + SQLITE_PAGE_HEAD_BYTES; at += Short.BYTES) {
        places.add(new int[] {at, Short.BYTES});
      }
      int pointer = head + SQLITE_PAGE_HEAD_BYTES + Short.BYTES * random.nextInt(8);
      places.add(new int[] {pointer, Short.BYTES});
      int cell = page + (view.getShort(Math.min(pointer, bytes.length - 2)) & 0xFFFF);
      places.add(new int[] {cell + random.nextInt(8), Short.BYTES});
      places.add(new int[] {page, Integer.BYTES});
    }
    return places;
  }
}
