package dev.lockstep.payload;

/// A PCD file, version 0.7 (pointclouds.org, "The PCD (Point Cloud Data) file format").
///
/// ```text
/// # .PCD v0.7 - Point Cloud Data file format
/// VERSION 0.7
/// FIELDS x y z intensity _      names; _ is padding
/// SIZE 4 4 4 4 1                bytes of an element
/// TYPE F F F F U                F float, I signed, U unsigned
/// COUNT 1 1 1 1 4               elements; 1 where the line is absent
/// WIDTH 640
/// HEIGHT 480                    1 for a list of points
/// VIEWPOINT 0 0 0 1 0 0 0
/// POINTS 307200                 width * height
/// DATA binary                   the body begins behind this line
///
/// ascii                one line a point
/// binary               points of sum(SIZE * COUNT) bytes, one after the other, little-endian;
///                      writers may pad to a whole page
/// binary_compressed    uint32 compressed size, uint32 size, LZF; the fields one after the other
/// ```
final class PcdLayout {
  /// Longest header that is read; judged, real ones have some hundred bytes.
  static final int MAX_HEADER_BYTES = 64 << 10;

  /// Fields of a point at most; judged.
  static final int MAX_FIELDS = 1024;

  /// Bytes of a point at most; judged.
  static final int MAX_POINT_BYTES = 1 << 20;

  /// Bytes in front of compressed data.
  static final int SIZES_BYTES = 8;

  /// Writers of PCL pad files to pages of the system.
  static final int PAGE_BYTES = 4096;

  private PcdLayout() {}
}
