package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectKindTest {
  @ParameterizedTest
  @CsvSource({
    "Car, CAR",
    "Van, CAR",
    "REGULAR_VEHICLE, CAR",
    "vehicle.car, CAR",
    "TYPE_VEHICLE, CAR",
    "vehicle.emergency.ambulance, CAR",
    "Truck, TRUCK",
    "BOX_TRUCK, TRUCK",
    "LARGE_VEHICLE, TRUCK",
    "vehicle.construction, TRUCK",
    "SCHOOL_BUS, BUS",
    "vehicle.bus.rigid, BUS",
    "vehicle.bus.bendy, ARTICULATED",
    "ARTICULATED_BUS, ARTICULATED",
    "VEHICULAR_TRAILER, ARTICULATED",
    "RAILED_VEHICLE, TRAIN",
    "Tram, TRAIN",
    "MOTORCYCLIST, MOTORCYCLE",
    "motorbike, MOTORCYCLE",
    "Cyclist, CYCLIST",
    "BICYCLE, CYCLIST",
    "WHEELED_RIDER, CYCLIST",
    "Pedestrian, PEDESTRIAN",
    "Person_sitting, PEDESTRIAN",
    "human.pedestrian.police_officer, PEDESTRIAN",
    "OFFICIAL_SIGNALER, PEDESTRIAN",
    "people, PEDESTRIAN",
    "DOG, ANIMAL",
    "MOBILE_PEDESTRIAN_CROSSING_SIGN, STATIC",
    "movable_object.trafficcone, STATIC",
    "CONSTRUCTION_CONE, STATIC",
    "BOLLARD, STATIC",
    "static_object.bicycle_rack, STATIC",
    "DontCare, NONE",
    "distractor, NONE",
    "Misc, UNKNOWN",
    "1, UNKNOWN",
  })
  void readsCategoriesOfAllWaysOfWriting(String category, ObjectKind kind) {
    assertThat(ObjectKind.of(category)).isEqualTo(kind);
  }
}
