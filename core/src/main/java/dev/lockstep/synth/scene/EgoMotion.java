package dev.lockstep.synth.scene;

/// Where the vehicle is and how it moves at one moment. World frame for the position, vehicle frame
/// (x forward, y left, z up, origin on the ground under the rear axle) for the rest.
///
/// @param x position, m
/// @param y position, m
/// @param yaw heading, rad, counter-clockwise from the world's x
/// @param speed forward speed, m/s
/// @param yawRate turn rate, rad/s
/// @param forwardAcceleration along the vehicle's x, m/s²
/// @param leftAcceleration along the vehicle's y, m/s²
public record EgoMotion(
    double x,
    double y,
    double yaw,
    double speed,
    double yawRate,
    double forwardAcceleration,
    double leftAcceleration) {}
