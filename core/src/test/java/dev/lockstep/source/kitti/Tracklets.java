package dev.lockstep.source.kitti;

/// Tracklet files, written out.
final class Tracklets {
  private Tracklets() {}

  /// `tracklets` cars with `poses` poses each from `firstFrame` on.
  static String xml(int tracklets, int firstFrame, int poses) {
    StringBuilder xml =
        new StringBuilder(
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes" ?>
            <!DOCTYPE boost_serialization>
            <boost_serialization signature="serialization::archive" version="9">
            <tracklets class_id="0" tracking_level="0" version="0">
            """);
    xml.append("<count>").append(tracklets).append("</count>\n<item_version>1</item_version>\n");
    for (int t = 0; t < tracklets; t++) {
      xml.append("<item><objectType>Car</objectType><h>1.5</h><w>1.7</w><l>4.2</l><first_frame>")
          .append(firstFrame)
          .append("</first_frame><poses><count>")
          .append(poses)
          .append("</count><item_version>2</item_version>\n");
      for (int p = 0; p < poses; p++) {
        xml.append("<item><tx>")
            .append(20 - p)
            .append("</tx><ty>3</ty><tz>-1.8</tz><rx>0</rx><ry>0</ry><rz>0.5</rz>")
            .append("<state>2</state><occlusion>0</occlusion><truncation>1</truncation></item>\n");
      }
      xml.append("</poses><finished>1</finished></item>\n");
    }
    return xml.append("</tracklets>\n</boost_serialization>\n").toString();
  }
}
