package dev.lockstep.synth.scene;

import java.util.List;

/// What a camera sees at one moment: a gray image and the boxes of what is in it.
public final class View {
  private final byte[] pixels;
  private final List<Seen> seen;

  View(byte[] pixels, List<Seen> seen) {
    this.pixels = pixels;
    this.seen = List.copyOf(seen);
  }

  /// Gray levels, row by row; the array belongs to the camera and is reused for the next view.
  public byte[] pixels() {
    return pixels;
  }

  /// Road users in the image, far to near.
  public List<Seen> seen() {
    return seen;
  }

  /// One road user in an image. Edges in pixels, cut at the image's border, whether hidden or not.
  ///
  /// @param actor who
  /// @param left left edge
  /// @param top upper edge
  /// @param right right edge
  /// @param bottom lower edge
  /// @param occluded hidden share of the silhouette, 0 to 1
  public record Seen(
      Actor actor, double left, double top, double right, double bottom, double occluded) {}
}
