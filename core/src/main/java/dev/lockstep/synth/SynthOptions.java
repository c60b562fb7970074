package dev.lockstep.synth;

import dev.lockstep.synth.scene.Spinner;

/// What a synthetic drive holds. Everything has a default ([#DEFAULT]); `with` methods change one
/// thing.
///
/// @param seed any number; equal options give equal bytes
/// @param seconds duration
/// @param startNs stamp at which the drive begins, ns since 1970
/// @param cloud the LiDAR
/// @param images what cameras and the video show
/// @param rates of the inertial unit and of poses
/// @param labels which road users are labelled, and how well
public record SynthOptions(
    long seed,
    double seconds,
    long startNs,
    Cloud cloud,
    Images images,
    Rates rates,
    Labelling labels) {

  /// 2026-03-02T09:00:00Z.
  private static final long DEFAULT_START_NS = 1_772_442_000_000_000_000L;

  /// Beyond this, road users of one lane would meet each other.
  private static final double MAX_RANGE_METERS = 70;

  private static final double RADIANS_PER_DEGREE = Math.PI / 180;

  /// Ten seconds with a LiDAR of 16 beams, images of 160 x 96 pixels, IMU at 200 Hz, poses at 50
  /// Hz.
  public static final SynthOptions DEFAULT =
      new SynthOptions(
          1,
          10,
          DEFAULT_START_NS,
          new Cloud(16, 360),
          new Images(160, 96, 60, 20),
          new Rates(200, 50),
          new Labelling(50, 0));

  /// The LiDAR.
  ///
  /// @param beams lasers of the LiDAR
  /// @param columns firings in one turn of 100 ms
  public record Cloud(int beams, int columns) {
    /// @throws IllegalArgumentException if a value cannot be served, in words for a user
    public Cloud {
      check(beams >= 1 && beams <= 256, "beams", beams, "1 to 256");
      check(columns >= 4 && columns <= 8192, "columns", columns, "4 to 8192");
    }
  }

  /// What cameras and the video show.
  ///
  /// @param width of camera images and video, pixels
  /// @param height pixels; video rounds both up to multiples of 16
  /// @param jpegQuality 1 to 100
  /// @param keyframeInterval video frames from one keyframe to the next
  public record Images(int width, int height, int jpegQuality, int keyframeInterval) {
    /// @throws IllegalArgumentException if a value cannot be served, in words for a user
    public Images {
      check(width >= 16 && width <= 4096, "image width", width, "16 to 4096");
      check(height >= 16 && height <= 4096, "image height", height, "16 to 4096");
      check(jpegQuality >= 1 && jpegQuality <= 100, "JPEG quality", jpegQuality, "1 to 100");
      check(
          keyframeInterval >= 1 && keyframeInterval <= 250,
          "keyframe interval",
          keyframeInterval,
          "1 to 250");
    }
  }

  /// Rates of the inertial unit and of poses.
  ///
  /// @param imuHertz rate of the inertial unit
  /// @param poseHertz rate of poses
  public record Rates(int imuHertz, int poseHertz) {
    /// @throws IllegalArgumentException if a value cannot be served, in words for a user
    public Rates {
      check(imuHertz >= 1 && imuHertz <= 1000, "IMU rate", imuHertz, "1 to 1000 Hz");
      check(poseHertz >= 1 && poseHertz <= 1000, "pose rate", poseHertz, "1 to 1000 Hz");
    }
  }

  /// Which road users are labelled, and how well.
  ///
  /// @param rangeMeters how far ahead and behind road users exist and are labelled
  /// @param noiseMeters standard deviation that annotators add to box centres; 0 for truth
  public record Labelling(double rangeMeters, double noiseMeters) {
    /// @throws IllegalArgumentException if a value cannot be served, in words for a user
    public Labelling {
      check(
          rangeMeters > 0 && rangeMeters <= MAX_RANGE_METERS,
          "range",
          rangeMeters,
          "above 0, up to " + MAX_RANGE_METERS + " m");
      check(noiseMeters >= 0 && noiseMeters <= 10, "annotator noise", noiseMeters, "0 to 10 m");
    }
  }

  /// @throws IllegalArgumentException if a value cannot be served, in words for a user
  public SynthOptions {
    check(seconds > 0 && seconds <= 1_000_000, "seconds", seconds, "above 0, up to 1000000");
    check(startNs >= 0, "start", startNs, "0 or more");
  }

  private static void check(boolean good, String name, Number value, String expected) {
    if (!good) {
      throw new IllegalArgumentException(name + ": " + value + " (expected " + expected + ")");
    }
  }

  /// The same drive from another seed.
  public SynthOptions withSeed(long value) {
    return new SynthOptions(value, seconds, startNs, cloud, images, rates, labels);
  }

  /// The same drive, longer or shorter.
  public SynthOptions withSeconds(double value) {
    return new SynthOptions(seed, value, startNs, cloud, images, rates, labels);
  }

  /// The same drive with another LiDAR.
  public SynthOptions withCloud(int beams, int columns) {
    Cloud other = new Cloud(beams, columns);
    return new SynthOptions(seed, seconds, startNs, other, images, rates, labels);
  }

  /// The same drive with images of another size.
  public SynthOptions withImages(int width, int height) {
    return with(new Images(width, height, images.jpegQuality, images.keyframeInterval));
  }

  /// The same drive with images of another quality, 1 to 100.
  public SynthOptions withJpegQuality(int quality) {
    return with(new Images(images.width, images.height, quality, images.keyframeInterval));
  }

  private SynthOptions with(Images other) {
    return new SynthOptions(seed, seconds, startNs, cloud, other, rates, labels);
  }

  /// The same drive with other rates of IMU and poses.
  public SynthOptions withRates(int imuHertz, int poseHertz) {
    Rates other = new Rates(imuHertz, poseHertz);
    return new SynthOptions(seed, seconds, startNs, cloud, images, other, labels);
  }

  /// The same drive with road users out to another distance.
  public SynthOptions withRange(double meters) {
    return with(new Labelling(meters, labels.noiseMeters));
  }

  /// The same drive with labels that are off by chance.
  public SynthOptions withAnnotatorNoise(double meters) {
    return with(new Labelling(labels.rangeMeters, meters));
  }

  private SynthOptions with(Labelling other) {
    return new SynthOptions(seed, seconds, startNs, cloud, images, rates, other);
  }

  /// All of it in one line, as it stands in the metadata of drives: equal options give equal bytes.
  String text() {
    return "SynthOptions[seed="
        + seed
        + ", seconds="
        + seconds
        + ", startNs="
        + startNs
        + ", beams="
        + cloud.beams
        + ", columns="
        + cloud.columns
        + ", imageWidth="
        + images.width
        + ", imageHeight="
        + images.height
        + ", jpegQuality="
        + images.jpegQuality
        + ", keyframeInterval="
        + images.keyframeInterval
        + ", imuHertz="
        + rates.imuHertz
        + ", poseHertz="
        + rates.poseHertz
        + ", rangeMeters="
        + labels.rangeMeters
        + ", annotatorNoiseMeters="
        + labels.noiseMeters
        + "]";
  }

  /// The LiDAR: 1.8 m up, beams from -16 to +2 degrees, returns to 60 m, 2 cm of noise (judged
  /// after common spinning sensors).
  Spinner spinner() {
    return new Spinner(
        cloud.beams,
        cloud.columns,
        -16 * RADIANS_PER_DEGREE,
        2 * RADIANS_PER_DEGREE,
        60,
        0.02,
        1.0,
        1.8);
  }
}
