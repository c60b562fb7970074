package dev.lockstep.payload;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Modality;
import java.util.Set;

/// Kinds of file that are one message each.
public enum PayloadFile {
  /// A JPEG image.
  JPEG(Modality.CAMERA),
  /// A PNG image; every CRC in it is verified.
  PNG(Modality.CAMERA),
  /// Points of four little-endian float32: x, y, z in meters, and reflectance (KITTI `velodyne`).
  CLOUD_XYZI_F32(Modality.LIDAR),
  /// Points of five little-endian float32: x, y, z, intensity, ring (nuScenes `.pcd.bin`, Lyft).
  CLOUD_XYZIR_F32(Modality.LIDAR),
  /// Points of six little-endian float32: x, y, z, intensity, laser, time from the sweep's stamp in
  /// seconds (Boreas).
  CLOUD_XYZILT_F32(Modality.LIDAR),
  /// A PCD file, ascii, binary or compressed.
  PCD(Modality.LIDAR);

  /// Bytes of a point of [#CLOUD_XYZI_F32].
  public static final int XYZI_F32_BYTES = 16;

  private static final int XYZIR_F32_BYTES = 20;
  private static final int XYZILT_F32_BYTES = 24;

  private final Modality modality;

  PayloadFile(Modality modality) {
    this.modality = modality;
  }

  Modality modality() {
    return modality;
  }

  PayloadReader reader() {
    return switch (this) {
      case JPEG ->
          (bytes, at, length, facts) -> {
            if (length == 0) {
              facts.emptyPayload();
            } else {
              Jpeg.examine(bytes, at, length, facts);
            }
          };
      case PNG ->
          (bytes, at, length, facts) -> {
            if (length == 0) {
              facts.emptyPayload();
            } else {
              Png.examine(bytes, at, length, facts);
            }
          };
      case CLOUD_XYZI_F32 -> new FloatCloudReader(XYZI_F32_BYTES);
      case CLOUD_XYZIR_F32 -> new FloatCloudReader(XYZIR_F32_BYTES);
      case CLOUD_XYZILT_F32 -> new FloatCloudReader(XYZILT_F32_BYTES);
      case PCD -> new PcdReader();
    };
  }

  Set<DefectKind> examined() {
    return switch (this) {
      case JPEG ->
          Set.of(
              DefectKind.PAYLOAD_EMPTY,
              DefectKind.IMAGE_TRUNCATED,
              DefectKind.IMAGE_MALFORMED,
              DefectKind.IMAGE_WITHOUT_PICTURE,
              DefectKind.ZERO_PAGES);
      case PNG ->
          Set.of(DefectKind.PAYLOAD_EMPTY, DefectKind.IMAGE_TRUNCATED, DefectKind.IMAGE_MALFORMED);
      case PCD ->
          Set.of(DefectKind.PAYLOAD_EMPTY, DefectKind.CLOUD_LAYOUT, DefectKind.CLOUD_NOT_FINITE);
      case CLOUD_XYZI_F32, CLOUD_XYZIR_F32, CLOUD_XYZILT_F32 ->
          Set.of(
              DefectKind.PAYLOAD_EMPTY, DefectKind.SIZE_NOT_MULTIPLE, DefectKind.CLOUD_NOT_FINITE);
    };
  }
}
