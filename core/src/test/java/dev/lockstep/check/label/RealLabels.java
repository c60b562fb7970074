package dev.lockstep.check.label;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads real 2D labels of the shared data by the shortest way, for measuring only.
final class RealLabels {
  private static final Pattern CVAT =
      Pattern.compile(
          "<track label=\"([^\"]*)\">|<box frame=\"(\\d+)\" keyframe=\"\\d\" occluded=\"\\d\""
              + " outside=\"(\\d)\" xbr=\"([^\"]*)\" xtl=\"([^\"]*)\" ybr=\"([^\"]*)\""
              + " ytl=\"([^\"]*)\">|name=\"occlusion\">([^<]*)<");

  private RealLabels() {}

  /// MOTChallenge rows; `truth` says whether columns 8 and 9 hold category and visibility.
  static LabelTable mot(Path file, double hertz, boolean truth) throws IOException {
    LabelTable table = new LabelTable(LabelSet.Frame.IMAGE, StampSource.FRAME_NUMBER);
    for (String line : Files.readAllLines(file)) {
      String[] f = line.split(",", -1);
      long frame = Long.parseLong(f[0]);
      LabelTable.Box box =
          new LabelTable.Box()
              .at(
                  Math.round(frame * 1e9 / hertz),
                  frame,
                  f[1],
                  truth ? category(f[7]) : "pedestrian");
      box.flat(d(f[2]), d(f[3]), d(f[2]) + d(f[4]), d(f[3]) + d(f[5]));
      box.occluded = truth ? 1 - d(f[8]) : Double.NaN;
      table.add(box);
    }
    return table;
  }

  private static String category(String number) {
    return switch (number) {
      case "1" -> "pedestrian";
      case "8" -> "distractor";
      case "12" -> "reflection";
      default -> "class " + number;
    };
  }

  /// CVAT for video 1.1 as JAAD writes it, at 30 Hz.
  static LabelTable cvat(byte[] xml) {
    LabelTable table = new LabelTable(LabelSet.Frame.IMAGE, StampSource.FRAME_NUMBER);
    Matcher m = CVAT.matcher(new String(xml, StandardCharsets.UTF_8));
    int track = 0;
    String category = "";
    LabelTable.Box box = null;
    while (m.find()) {
      if (m.group(1) != null) {
        track++;
        category = m.group(1);
        box = null;
      } else if (m.group(2) != null) {
        box = null;
        if (m.group(3).equals("0")) {
          long frame = Long.parseLong(m.group(2));
          box = new LabelTable.Box().at(frame * 33_333_333L, frame, "" + track, category);
          box.flat(d(m.group(5)), d(m.group(7)), d(m.group(4)), d(m.group(6)));
          table.add(box);
        }
      } else if (box != null) {
        box.occluded =
            switch (m.group(8)) {
              case "none" -> 0;
              case "part" -> 0.5;
              default -> 1;
            };
      }
    }
    return table;
  }

  /// Every `nth` instant only, from the first on.
  static LabelTable thinned(LabelTable table, int nth) {
    List<Long> stamps = table.boxes.stream().map(b -> b.stampNs).distinct().sorted().toList();
    return table.where(b -> Collections.binarySearch(stamps, b.stampNs) % nth == 0);
  }

  private static double d(String text) {
    return Double.parseDouble(text);
  }
}
