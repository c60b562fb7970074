package dev.lockstep.payload;

/// Layout of a JPEG image (ITU-T T.81 Annex B): segments, each a marker with or without a length.
///
/// ```text
/// FF D8                      start (SOI)
/// FF xx  LL LL  ...          segment; LL LL counts itself, big-endian
/// FF C0  ...                 frame (SOFn): size, components
/// FF DA  LL LL  ... data     scan (SOS); in the data FF 00 stands for FF,
///                            FF D0..D7 restart in turn
/// FF D9                      end (EOI)
/// ```
final class JpegLayout {
  static final int SOI = 0xD8;
  static final int EOI = 0xD9;
  static final int SOS = 0xDA;
  static final int DQT = 0xDB;
  static final int DNL = 0xDC;
  static final int DRI = 0xDD;
  static final int DHT = 0xC4;
  static final int DAC = 0xCC;
  static final int JPG = 0xC8;
  static final int SOF_FIRST = 0xC0;
  static final int SOF_LAST = 0xCF;
  static final int RST_FIRST = 0xD0;
  static final int RST_LAST = 0xD7;
  static final int APP_FIRST = 0xE0;
  static final int COM = 0xFE;
  static final int TEM = 0x01;

  /// Bytes of the marker and the length that a segment begins with.
  static final int SEGMENT_HEAD_BYTES = 4;

  /// Bytes of a frame segment before its components, of each component.
  static final int SOF_FIXED_BYTES = 8;

  static final int SOF_COMPONENT_BYTES = 3;

  /// Bytes of a scan segment around its components, of each component; most components.
  static final int SOS_FIXED_BYTES = 6;

  static final int SOS_COMPONENT_BYTES = 2;
  static final int SOS_MAX_COMPONENTS = 4;

  /// Elements of a quantization table.
  static final int DQT_ELEMENTS = 64;

  /// Bytes of a Huffman table before its symbols: class and number, 16 counts.
  static final int DHT_FIXED_BYTES = 17;

  static final int DRI_BYTES = 4;

  private JpegLayout() {}

  static boolean isFrame(int marker) {
    return marker >= SOF_FIRST
        && marker <= SOF_LAST
        && marker != DHT
        && marker != JPG
        && marker != DAC;
  }

  static boolean isRestart(int marker) {
    return marker >= RST_FIRST && marker <= RST_LAST;
  }
}
