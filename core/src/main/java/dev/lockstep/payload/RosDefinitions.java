package dev.lockstep.payload;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The layouts of common ROS 2 message types, for recordings that do not bring their definitions:
/// rosbag2 databases before schema version 4.
///
/// Members as the interface packages of ROS 2 declare them; a type keeps its layout under its name,
/// because every version of a system reads the recordings of the others.
public final class RosDefinitions {
  private static final String COVARIANCE = "float64[36] covariance";

  private static final Map<String, String> MEMBERS =
      Map.ofEntries(
          Map.entry("std_msgs/String", "string data"),
          Map.entry("geometry_msgs/Point", "float64 x; float64 y; float64 z"),
          Map.entry("geometry_msgs/Vector3", "float64 x; float64 y; float64 z"),
          Map.entry("geometry_msgs/Quaternion", "float64 x; float64 y; float64 z; float64 w"),
          Map.entry(
              "geometry_msgs/Pose",
              "geometry_msgs/Point position; geometry_msgs/Quaternion orientation"),
          Map.entry(
              "geometry_msgs/Twist", "geometry_msgs/Vector3 linear; geometry_msgs/Vector3 angular"),
          Map.entry(
              "geometry_msgs/Transform",
              "geometry_msgs/Vector3 translation; geometry_msgs/Quaternion rotation"),
          Map.entry("geometry_msgs/PoseWithCovariance", "geometry_msgs/Pose pose; " + COVARIANCE),
          Map.entry(
              "geometry_msgs/TwistWithCovariance", "geometry_msgs/Twist twist; " + COVARIANCE),
          stamped("geometry_msgs/PoseStamped", "geometry_msgs/Pose pose"),
          stamped(
              "geometry_msgs/PoseWithCovarianceStamped", "geometry_msgs/PoseWithCovariance pose"),
          stamped("geometry_msgs/TwistStamped", "geometry_msgs/Twist twist"),
          stamped(
              "geometry_msgs/TwistWithCovarianceStamped",
              "geometry_msgs/TwistWithCovariance twist"),
          stamped(
              "geometry_msgs/TransformStamped",
              "string child_frame_id; geometry_msgs/Transform transform"),
          Map.entry("tf2_msgs/TFMessage", "geometry_msgs/TransformStamped[] transforms"),
          stamped(
              "nav_msgs/Odometry",
              "string child_frame_id; geometry_msgs/PoseWithCovariance pose;"
                  + " geometry_msgs/TwistWithCovariance twist"),
          Map.entry(
              "sensor_msgs/PointField", "string name; uint32 offset; uint8 datatype; uint32 count"),
          stamped(
              "sensor_msgs/PointCloud2",
              "uint32 height; uint32 width; sensor_msgs/PointField[] fields; bool is_bigendian;"
                  + " uint32 point_step; uint32 row_step; uint8[] data; bool is_dense"),
          stamped(
              "sensor_msgs/LaserScan",
              "float32 angle_min; float32 angle_max; float32 angle_increment;"
                  + " float32 time_increment; float32 scan_time; float32 range_min;"
                  + " float32 range_max; float32[] ranges; float32[] intensities"),
          stamped(
              "sensor_msgs/Image",
              "uint32 height; uint32 width; string encoding; uint8 is_bigendian; uint32 step;"
                  + " uint8[] data"),
          stamped("sensor_msgs/CompressedImage", "string format; uint8[] data"),
          Map.entry(
              "sensor_msgs/RegionOfInterest",
              "uint32 x_offset; uint32 y_offset; uint32 height; uint32 width; bool do_rectify"),
          stamped(
              "sensor_msgs/CameraInfo",
              "uint32 height; uint32 width; string distortion_model; float64[] d; float64[9] k;"
                  + " float64[9] r; float64[12] p; uint32 binning_x; uint32 binning_y;"
                  + " sensor_msgs/RegionOfInterest roi"),
          stamped(
              "sensor_msgs/Imu",
              "geometry_msgs/Quaternion orientation; float64[9] orientation_covariance;"
                  + " geometry_msgs/Vector3 angular_velocity;"
                  + " float64[9] angular_velocity_covariance;"
                  + " geometry_msgs/Vector3 linear_acceleration;"
                  + " float64[9] linear_acceleration_covariance"),
          Map.entry("sensor_msgs/NavSatStatus", "int8 status; uint16 service"),
          stamped(
              "sensor_msgs/NavSatFix",
              "sensor_msgs/NavSatStatus status; float64 latitude; float64 longitude;"
                  + " float64 altitude; float64[9] position_covariance;"
                  + " uint8 position_covariance_type"));

  private RosDefinitions() {}

  private static Map.Entry<String, String> stamped(String name, String members) {
    return Map.entry(name, "std_msgs/Header header; " + members);
  }

  /// Names of the types that are known, sorted.
  public static Set<String> names() {
    return new TreeSet<>(MEMBERS.keySet());
  }

  /// The definition of a type with those of all types in it, coded as `ros2msg`; null if it is not
  /// known.
  ///
  /// @param typeName `package/msg/Type` or `package/Type`
  public static @Nullable String ros2(String typeName) {
    String name = RosType.normal(typeName);
    if (!MEMBERS.containsKey(name)) {
      return null;
    }
    Map<String, String> sections = new LinkedHashMap<>();
    ArrayDeque<String> todo = new ArrayDeque<>();
    todo.add(name);
    while (!todo.isEmpty()) {
      String next = todo.removeFirst();
      String members = MEMBERS.get(next);
      if (members != null && sections.putIfAbsent(next, members) == null) {
        for (String member : members.split("; ", -1)) {
          todo.add(member.substring(0, member.indexOf(' ')).replace("[]", ""));
        }
      }
    }
    StringBuilder text = new StringBuilder();
    sections.forEach((type, members) -> {
      if (!text.isEmpty()) {
        text.append("=".repeat(80)).append("\nMSG: ").append(type).append('\n');
      }
      text.append(members.replace("; ", "\n")).append('\n');
    });
    return text.toString();
  }
}
