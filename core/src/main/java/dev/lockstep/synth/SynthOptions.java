package dev.lockstep.synth;

import dev.lockstep.synth.scene.Spinner;

/// What a synthetic drive holds. Every field has a default ([#DEFAULT]); `with` methods change one.
///
/// @param seed any number; equal options give equal bytes
/// @param seconds duration
/// @param startNs stamp at which the drive begins, ns since 1970
/// @param beams lasers of the LiDAR
/// @param columns firings of the LiDAR in one turn of 100 ms
/// @param imageWidth width of camera images and video, pixels
/// @param imageHeight height, pixels; video rounds both up to multiples of 16
/// @param jpegQuality 1 to 100
/// @param keyframeInterval video frames from one keyframe to the next
/// @param imuHertz rate of the inertial unit
/// @param poseHertz rate of poses
/// @param rangeMeters how far ahead and behind road users exist and are labelled
/// @param annotatorNoiseMeters standard deviation that annotators add to box centres; 0 for truth
public record SynthOptions(
    long seed,
    double seconds,
    long startNs,
    int beams,
    int columns,
    int imageWidth,
    int imageHeight,
    int jpegQuality,
    int keyframeInterval,
    int imuHertz,
    int poseHertz,
    double rangeMeters,
    double annotatorNoiseMeters) {

  /// 2026-03-02T09:00:00Z.
  private static final long DEFAULT_START_NS = 1_772_442_000_000_000_000L;

  /// Beyond this, road users of one lane would meet each other.
  private static final double MAX_RANGE_METERS = 70;

  private static final double RADIANS_PER_DEGREE = Math.PI / 180;

  /// Ten seconds with a LiDAR of 16 beams, images of 160 x 96 pixels, IMU at 200 Hz, poses at 50
  /// Hz.
  public static final SynthOptions DEFAULT =
      new SynthOptions(1, 10, DEFAULT_START_NS, 16, 360, 160, 96, 60, 20, 200, 50, 50, 0);

  /// @throws IllegalArgumentException if a value cannot be served, in words for a user
  public SynthOptions {
    check(seconds > 0 && seconds <= 1_000_000, "seconds", seconds, "above 0, up to 1000000");
    check(startNs >= 0, "start", startNs, "0 or more");
    check(beams >= 1 && beams <= 256, "beams", beams, "1 to 256");
    check(columns >= 4 && columns <= 8192, "columns", columns, "4 to 8192");
    check(imageWidth >= 16 && imageWidth <= 4096, "image width", imageWidth, "16 to 4096");
    check(imageHeight >= 16 && imageHeight <= 4096, "image height", imageHeight, "16 to 4096");
    check(jpegQuality >= 1 && jpegQuality <= 100, "JPEG quality", jpegQuality, "1 to 100");
    check(
        keyframeInterval >= 1 && keyframeInterval <= 250,
        "keyframe interval",
        keyframeInterval,
        "1 to 250");
    check(imuHertz >= 1 && imuHertz <= 1000, "IMU rate", imuHertz, "1 to 1000 Hz");
    check(poseHertz >= 1 && poseHertz <= 1000, "pose rate", poseHertz, "1 to 1000 Hz");
    check(
        rangeMeters > 0 && rangeMeters <= MAX_RANGE_METERS,
        "range",
        rangeMeters,
        "above 0, up to " + MAX_RANGE_METERS + " m");
    check(
        annotatorNoiseMeters >= 0 && annotatorNoiseMeters <= 10,
        "annotator noise",
        annotatorNoiseMeters,
        "0 to 10 m");
  }

  private static void check(boolean good, String name, Number value, String expected) {
    if (!good) {
      throw new IllegalArgumentException(name + ": " + value + " (expected " + expected + ")");
    }
  }

  /// The same drive from another seed.
  public SynthOptions withSeed(long value) {
    return new SynthOptions(
        value,
        seconds,
        startNs,
        beams,
        columns,
        imageWidth,
        imageHeight,
        jpegQuality,
        keyframeInterval,
        imuHertz,
        poseHertz,
        rangeMeters,
        annotatorNoiseMeters);
  }

  /// The same drive, longer or shorter.
  public SynthOptions withSeconds(double value) {
    return new SynthOptions(
        seed,
        value,
        startNs,
        beams,
        columns,
        imageWidth,
        imageHeight,
        jpegQuality,
        keyframeInterval,
        imuHertz,
        poseHertz,
        rangeMeters,
        annotatorNoiseMeters);
  }

  /// The same drive with another LiDAR.
  public SynthOptions withCloud(int newBeams, int newColumns) {
    return new SynthOptions(
        seed,
        seconds,
        startNs,
        newBeams,
        newColumns,
        imageWidth,
        imageHeight,
        jpegQuality,
        keyframeInterval,
        imuHertz,
        poseHertz,
        rangeMeters,
        annotatorNoiseMeters);
  }

  /// The same drive with images of another size.
  public SynthOptions withImages(int width, int height) {
    return new SynthOptions(
        seed,
        seconds,
        startNs,
        beams,
        columns,
        width,
        height,
        jpegQuality,
        keyframeInterval,
        imuHertz,
        poseHertz,
        rangeMeters,
        annotatorNoiseMeters);
  }

  /// The same drive with images of another quality, 1 to 100.
  public SynthOptions withJpegQuality(int quality) {
    return new SynthOptions(
        seed,
        seconds,
        startNs,
        beams,
        columns,
        imageWidth,
        imageHeight,
        quality,
        keyframeInterval,
        imuHertz,
        poseHertz,
        rangeMeters,
        annotatorNoiseMeters);
  }

  /// The same drive with other rates of IMU and poses.
  public SynthOptions withRates(int newImuHertz, int newPoseHertz) {
    return new SynthOptions(
        seed,
        seconds,
        startNs,
        beams,
        columns,
        imageWidth,
        imageHeight,
        jpegQuality,
        keyframeInterval,
        newImuHertz,
        newPoseHertz,
        rangeMeters,
        annotatorNoiseMeters);
  }

  /// The same drive with road users out to another distance.
  public SynthOptions withRange(double meters) {
    return new SynthOptions(
        seed,
        seconds,
        startNs,
        beams,
        columns,
        imageWidth,
        imageHeight,
        jpegQuality,
        keyframeInterval,
        imuHertz,
        poseHertz,
        meters,
        annotatorNoiseMeters);
  }

  /// The same drive with labels that are off by chance.
  public SynthOptions withAnnotatorNoise(double meters) {
    return new SynthOptions(
        seed,
        seconds,
        startNs,
        beams,
        columns,
        imageWidth,
        imageHeight,
        jpegQuality,
        keyframeInterval,
        imuHertz,
        poseHertz,
        rangeMeters,
        meters);
  }

  /// The LiDAR: 1.8 m up, beams from -16 to +2 degrees, returns to 60 m, 2 cm of noise (judged
  /// after common spinning sensors).
  Spinner spinner() {
    return new Spinner(
        beams, columns, -16 * RADIANS_PER_DEGREE, 2 * RADIANS_PER_DEGREE, 60, 0.02, 1.0, 1.8);
  }
}
