package dev.lockstep.catalog;

import dev.lockstep.check.Check;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.annotator.AccountShared;
import dev.lockstep.check.annotator.AnnotatorDrifts;
import dev.lockstep.check.annotator.AnnotatorHandDiffers;
import dev.lockstep.check.annotator.AnnotatorSizesDiffer;
import dev.lockstep.check.annotator.BoxesPasted;
import dev.lockstep.check.annotator.CategoriesConfused;
import dev.lockstep.check.annotator.EditClockOff;
import dev.lockstep.check.annotator.KeyframesComputed;
import dev.lockstep.check.annotator.LabelsTooFast;
import dev.lockstep.check.annotator.ObjectsMissed;
import dev.lockstep.check.annotator.SizesRepeated;
import dev.lockstep.check.annotator.ToolChangesBoxes;
import dev.lockstep.check.annotator.TrackCopied;
import dev.lockstep.check.export.AttributesDiffer;
import dev.lockstep.check.export.LabelsAdded;
import dev.lockstep.check.export.LabelsMissing;
import dev.lockstep.check.export.LabelsMoved;
import dev.lockstep.check.export.LabelsRecategorised;
import dev.lockstep.check.export.LabelsReidentified;
import dev.lockstep.check.export.LabelsResized;
import dev.lockstep.check.export.LabelsRetimed;
import dev.lockstep.check.export.LabelsRotated;
import dev.lockstep.check.export.PrecisionCut;
import dev.lockstep.check.export.ReadsDisagree;
import dev.lockstep.check.integrity.AxisStuck;
import dev.lockstep.check.integrity.BagMetadataWrong;
import dev.lockstep.check.integrity.BlockDiffers;
import dev.lockstep.check.integrity.BytesAfterEnd;
import dev.lockstep.check.integrity.CalibrationInvalid;
import dev.lockstep.check.integrity.ChainBroken;
import dev.lockstep.check.integrity.ChecksumsAbsent;
import dev.lockstep.check.integrity.ChunkDamaged;
import dev.lockstep.check.integrity.CountWrong;
import dev.lockstep.check.integrity.DefinitionBroken;
import dev.lockstep.check.integrity.FileEmpty;
import dev.lockstep.check.integrity.FileMissing;
import dev.lockstep.check.integrity.FileTruncated;
import dev.lockstep.check.integrity.FragmentsDisagree;
import dev.lockstep.check.integrity.GravityBreaks;
import dev.lockstep.check.integrity.ImageDamaged;
import dev.lockstep.check.integrity.ImageSizeDiffers;
import dev.lockstep.check.integrity.IndexWrong;
import dev.lockstep.check.integrity.JsonInvalid;
import dev.lockstep.check.integrity.LayoutBroken;
import dev.lockstep.check.integrity.LinkBroken;
import dev.lockstep.check.integrity.ManifestDamaged;
import dev.lockstep.check.integrity.MediaMissing;
import dev.lockstep.check.integrity.NameContradictsStamp;
import dev.lockstep.check.integrity.PayloadEmpty;
import dev.lockstep.check.integrity.PayloadMalformed;
import dev.lockstep.check.integrity.PayloadRepeats;
import dev.lockstep.check.integrity.PicturesChange;
import dev.lockstep.check.integrity.PointerInsteadOfData;
import dev.lockstep.check.integrity.PoseJumps;
import dev.lockstep.check.integrity.PosesMissStamps;
import dev.lockstep.check.integrity.ProfileBroken;
import dev.lockstep.check.integrity.RecordDamaged;
import dev.lockstep.check.integrity.RecordMisplaced;
import dev.lockstep.check.integrity.RecordingInterrupted;
import dev.lockstep.check.integrity.ReferenceMissing;
import dev.lockstep.check.integrity.SampleMisplaced;
import dev.lockstep.check.integrity.SamplePartsWrong;
import dev.lockstep.check.integrity.SchemaUnparsable;
import dev.lockstep.check.integrity.SizeNotMultiple;
import dev.lockstep.check.integrity.SpecificationBroken;
import dev.lockstep.check.integrity.StampListBroken;
import dev.lockstep.check.integrity.StoredChecksumWrong;
import dev.lockstep.check.integrity.TextMalformed;
import dev.lockstep.check.integrity.TransactionOpen;
import dev.lockstep.check.integrity.ZeroPages;
import dev.lockstep.check.label.AttributeFlips;
import dev.lockstep.check.label.BoxEmpty;
import dev.lockstep.check.label.BoxFrozen;
import dev.lockstep.check.label.BoxInvalid;
import dev.lockstep.check.label.BoxIsDefault;
import dev.lockstep.check.label.BoxOffGround;
import dev.lockstep.check.label.BoxOutOfReach;
import dev.lockstep.check.label.BoxTeleports;
import dev.lockstep.check.label.BoxesDuplicated;
import dev.lockstep.check.label.CategoryChanges;
import dev.lockstep.check.label.CategoryFlips;
import dev.lockstep.check.label.CategoryMissing;
import dev.lockstep.check.label.FrameLabelsMisplaced;
import dev.lockstep.check.label.IdentitySwitched;
import dev.lockstep.check.label.InstantUnlabelled;
import dev.lockstep.check.label.LabelMalformed;
import dev.lockstep.check.label.LabelWithoutSweep;
import dev.lockstep.check.label.LabelsLag;
import dev.lockstep.check.label.PointCountsShifted;
import dev.lockstep.check.label.PointsLost;
import dev.lockstep.check.label.SidesDisagree;
import dev.lockstep.check.label.SidesOutOfStep;
import dev.lockstep.check.label.SizeChanges;
import dev.lockstep.check.label.SizeImplausible;
import dev.lockstep.check.label.SizesScaled;
import dev.lockstep.check.label.StateContradictsMotion;
import dev.lockstep.check.label.StretchAside;
import dev.lockstep.check.label.TrackBlinks;
import dev.lockstep.check.label.TrackFragmented;
import dev.lockstep.check.label.TrackIdRepeated;
import dev.lockstep.check.label.TrackJitters;
import dev.lockstep.check.label.TrackLeaps;
import dev.lockstep.check.label.YawFlips;
import dev.lockstep.check.lidar.CloudLayoutWrong;
import dev.lockstep.check.lidar.CloudNotFinite;
import dev.lockstep.check.lidar.IntensityStuck;
import dev.lockstep.check.lidar.LaserSilent;
import dev.lockstep.check.lidar.PointCountDrops;
import dev.lockstep.check.lidar.PointTimesCollapsed;
import dev.lockstep.check.lidar.PointTimesImplausible;
import dev.lockstep.check.lidar.PointTimesOffAzimuth;
import dev.lockstep.check.lidar.StampLeavesSweep;
import dev.lockstep.check.lidar.SweepHasHole;
import dev.lockstep.check.lidar.SweepTurned;
import dev.lockstep.check.lidar.SweepsDiscontinuous;
import dev.lockstep.check.rig.DirectionsBlind;
import dev.lockstep.check.rig.JitterGrown;
import dev.lockstep.check.rig.LatencyOffProfile;
import dev.lockstep.check.rig.MessagesCollapsed;
import dev.lockstep.check.rig.PhaseOffProfile;
import dev.lockstep.check.rig.RateOffProfile;
import dev.lockstep.check.rig.RigRule;
import dev.lockstep.check.rig.SensorChanged;
import dev.lockstep.check.rig.StreamMissing;
import dev.lockstep.check.rig.StreamUnexpected;
import dev.lockstep.check.rig.StreamsExchanged;
import dev.lockstep.check.shadow.BytesReadDiffer;
import dev.lockstep.check.shadow.LabelRowsReadDiffer;
import dev.lockstep.check.shadow.LabelSensorsReadDiffer;
import dev.lockstep.check.shadow.LabelsUnmatched;
import dev.lockstep.check.shadow.MessagesReadDiffer;
import dev.lockstep.check.shadow.StampsReadDiffer;
import dev.lockstep.check.sync.ChannelsSwapped;
import dev.lockstep.check.sync.ClockStepShared;
import dev.lockstep.check.sync.ClocksDiffer;
import dev.lockstep.check.sync.ContentLags;
import dev.lockstep.check.sync.ImagesOffBeam;
import dev.lockstep.check.sync.LogClockMoves;
import dev.lockstep.check.sync.MessagesUnpaired;
import dev.lockstep.check.sync.PairsOffByOne;
import dev.lockstep.check.sync.PhaseNotKept;
import dev.lockstep.check.sync.PoseLeaps;
import dev.lockstep.check.sync.RecordingPaused;
import dev.lockstep.check.sync.StampsCopied;
import dev.lockstep.check.sync.StampsScheduled;
import dev.lockstep.check.sync.StreamsCrossed;
import dev.lockstep.check.sync.TurnsContradict;
import dev.lockstep.check.time.ClockDrifts;
import dev.lockstep.check.time.ClockSteps;
import dev.lockstep.check.time.EpochChanges;
import dev.lockstep.check.time.JitterHigh;
import dev.lockstep.check.time.MessagesDropped;
import dev.lockstep.check.time.RateChanges;
import dev.lockstep.check.time.SequenceBreaks;
import dev.lockstep.check.time.StampUnitWrong;
import dev.lockstep.check.time.StampUnitsDiffer;
import dev.lockstep.check.time.StampsDecrease;
import dev.lockstep.check.time.StampsDelayed;
import dev.lockstep.check.time.StampsRepeat;
import dev.lockstep.check.time.StampsRounded;
import dev.lockstep.check.time.StampsStray;
import dev.lockstep.check.time.StampsStuck;
import dev.lockstep.check.time.StreamEndsEarly;
import dev.lockstep.check.time.StreamStartsLate;
import dev.lockstep.check.time.TimesDisagree;
import dev.lockstep.check.video.DecodeTimesDisordered;
import dev.lockstep.check.video.EditListHidesFrames;
import dev.lockstep.check.video.FrameTimesUneven;
import dev.lockstep.check.video.KeyframeMarkWrong;
import dev.lockstep.check.video.OrderCountsLeaveHoles;
import dev.lockstep.check.video.ParameterSetsMissing;
import dev.lockstep.check.video.ReferenceFramesLost;
import dev.lockstep.check.video.ReferencesAbsent;
import dev.lockstep.check.video.ShownBeforeDecoded;
import dev.lockstep.check.video.ShownOrderWrong;
import dev.lockstep.check.video.ShownTimesCollide;
import dev.lockstep.check.video.VideoClockDiffers;
import dev.lockstep.check.video.VideoFrameMalformed;
import dev.lockstep.model.RigProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Every check.
public final class Checks {
  /// In order of ids.
  public static final List<Check> ALL =
      List.of(
          new AnnotatorDrifts(),
          new AnnotatorSizesDiffer(),
          new SizesRepeated(),
          new TrackCopied(),
          new LabelsTooFast(),
          new KeyframesComputed(),
          new AnnotatorHandDiffers(),
          new ObjectsMissed(),
          new CategoriesConfused(),
          new ToolChangesBoxes(),
          new BoxesPasted(),
          new EditClockOff(),
          new AccountShared(),
          new FileEmpty(),
          new FileTruncated(),
          new FileMissing(),
          new PointerInsteadOfData(),
          new ZeroPages(),
          new BytesAfterEnd(),
          new StoredChecksumWrong(),
          new RecordDamaged(),
          new ChunkDamaged(),
          new RecordMisplaced(),
          new IndexWrong(),
          new CountWrong(),
          new DefinitionBroken(),
          new ProfileBroken(),
          new SpecificationBroken(),
          new ChecksumsAbsent(),
          new PayloadEmpty(),
          new PayloadMalformed(),
          new JsonInvalid(),
          new ImageDamaged(),
          new SchemaUnparsable(),
          new SizeNotMultiple(),
          new StampListBroken(),
          new CalibrationInvalid(),
          new TextMalformed(),
          new ReferenceMissing(),
          new PayloadRepeats(),
          new MediaMissing(),
          new SampleMisplaced(),
          new FragmentsDisagree(),
          new LinkBroken(),
          new ChainBroken(),
          new NameContradictsStamp(),
          new BagMetadataWrong(),
          new TransactionOpen(),
          new BlockDiffers(),
          new ManifestDamaged(),
          new LayoutBroken(),
          new RecordingInterrupted(),
          new AxisStuck(),
          new GravityBreaks(),
          new PoseJumps(),
          new PicturesChange(),
          new SamplePartsWrong(),
          new PosesMissStamps(),
          new ImageSizeDiffers(),
          new CategoryFlips(),
          new CategoryChanges(),
          new IdentitySwitched(),
          new TrackIdRepeated(),
          new TrackBlinks(),
          new TrackFragmented(),
          new SizeChanges(),
          new YawFlips(),
          new BoxTeleports(),
          new LabelWithoutSweep(),
          new BoxInvalid(),
          new LabelMalformed(),
          new LabelsLag(),
          new BoxEmpty(),
          new BoxOffGround(),
          new SidesDisagree(),
          new FrameLabelsMisplaced(),
          new BoxFrozen(),
          new BoxesDuplicated(),
          new TrackJitters(),
          new SidesOutOfStep(),
          new StateContradictsMotion(),
          new BoxIsDefault(),
          new InstantUnlabelled(),
          new TrackLeaps(),
          new StretchAside(),
          new PointCountsShifted(),
          new AttributeFlips(),
          new BoxOutOfReach(),
          new CategoryMissing(),
          new PointsLost(),
          new SizesScaled(),
          new SizeImplausible(),
          new CloudLayoutWrong(),
          new CloudNotFinite(),
          new PointCountDrops(),
          new StampLeavesSweep(),
          new PointTimesImplausible(),
          new PointTimesCollapsed(),
          new SweepsDiscontinuous(),
          new SweepHasHole(),
          new SweepTurned(),
          new LaserSilent(),
          new IntensityStuck(),
          new PointTimesOffAzimuth(),
          new LabelsMissing(),
          new LabelsAdded(),
          new LabelsMoved(),
          new LabelsResized(),
          new LabelsRotated(),
          new LabelsReidentified(),
          new LabelsRecategorised(),
          new LabelsRetimed(),
          new AttributesDiffer(),
          new PrecisionCut(),
          new ReadsDisagree(),
          new BytesReadDiffer(),
          new StampsReadDiffer(),
          new MessagesReadDiffer(),
          new LabelRowsReadDiffer(),
          new LabelsUnmatched(),
          new LabelSensorsReadDiffer(),
          new ImagesOffBeam(),
          new PhaseNotKept(),
          new PairsOffByOne(),
          new ChannelsSwapped(),
          new StampsCopied(),
          new MessagesUnpaired(),
          new ClocksDiffer(),
          new ClockStepShared(),
          new StampsScheduled(),
          new StreamMissing(),
          new StreamUnexpected(),
          new PhaseOffProfile(),
          new StreamsExchanged(),
          new SensorChanged(),
          new MessagesCollapsed(),
          new DirectionsBlind(),
          new RecordingPaused(),
          new ContentLags(),
          new TurnsContradict(),
          new LogClockMoves(),
          new PoseLeaps(),
          new StreamsCrossed(),
          new StampsDecrease(),
          new StampsRepeat(),
          new StampsStuck(),
          new StampsStray(),
          new StampUnitWrong(),
          new EpochChanges(),
          new ClockSteps(),
          new MessagesDropped(),
          new StampsDelayed(),
          new RateChanges(),
          new JitterHigh(),
          new StampsRounded(),
          new SequenceBreaks(),
          new TimesDisagree(),
          new StreamStartsLate(),
          new StreamEndsEarly(),
          new ClockDrifts(),
          new RateOffProfile(),
          new JitterGrown(),
          new LatencyOffProfile(),
          new StampUnitsDiffer(),
          new VideoFrameMalformed(),
          new DecodeTimesDisordered(),
          new ShownTimesCollide(),
          new FrameTimesUneven(),
          new ReferenceFramesLost(),
          new ParameterSetsMissing(),
          new KeyframeMarkWrong(),
          new EditListHidesFrames(),
          new ReferencesAbsent(),
          new VideoClockDiffers(),
          new OrderCountsLeaveHoles(),
          new ShownOrderWrong(),
          new ShownBeforeDecoded());

  private Checks() {}

  /// The checks that `selected` names without those that `ignored` names; with nothing selected,
  /// all. A name is an id (`TIM001`), a family (`TIM`) or a check's name (`stamps-decrease`).
  ///
  /// @throws IllegalArgumentException if a name fits no check; the message lists what there is
  public static List<Check> select(List<String> selected, List<String> ignored) {
    for (String name : selected) {
      requireKnown(name);
    }
    for (String name : ignored) {
      requireKnown(name);
    }
    List<Check> chosen = new ArrayList<>();
    for (Check check : ALL) {
      boolean in = selected.isEmpty() || selected.stream().anyMatch(name -> fits(check, name));
      if (in && ignored.stream().noneMatch(name -> fits(check, name))) {
        chosen.add(check);
      }
    }
    return chosen;
  }

  /// The same checks, those that judge by a rig profile judging by this one.
  public static List<Check> under(List<Check> checks, RigProfile profile) {
    return checks.stream()
        .map(check -> check instanceof RigRule rule ? rule.with(profile) : check)
        .toList();
  }

  /// The same for recordings alone, without an export to compare with.
  ///
  /// @throws IllegalArgumentException if a name fits no check, or one that needs an export
  public static List<Check> selectForRecordings(List<String> selected, List<String> ignored) {
    List<Check> chosen = select(selected, ignored);
    for (Check check : chosen) {
      if (check instanceof ExportCheck && !selected.isEmpty()) {
        throw new IllegalArgumentException(
            check.card().id() + " compares labels with an export of them: see 'lockstep shadow'");
      }
    }
    return chosen;
  }

  /// The check that `name` names by id or name.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists what there is
  public static Check named(String name) {
    for (Check check : ALL) {
      if (check.card().id().equalsIgnoreCase(name) || check.card().name().equals(name)) {
        return check;
      }
    }
    throw unknown(name);
  }

  private static void requireKnown(String name) {
    if (ALL.stream().noneMatch(check -> fits(check, name))) {
      throw unknown(name);
    }
  }

  private static boolean fits(Check check, String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return check.card().id().equals(upper)
        || check.card().family().equals(upper)
        || check.card().name().equals(name);
  }

  private static IllegalArgumentException unknown(String name) {
    Set<String> families = new TreeSet<>();
    List<String> near = new ArrayList<>();
    String word = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z].*", "");
    for (Check check : ALL) {
      families.add(check.card().family());
      if (check.card().family().equals(word)) {
        near.add(check.card().id());
      }
    }
    return new IllegalArgumentException(
        "unknown check: "
            + name
            + " (families: "
            + String.join(", ", families)
            + (near.isEmpty() ? "" : "; checks of " + word + ": " + String.join(", ", near))
            + "; 'lockstep checks' lists all)");
  }
}
