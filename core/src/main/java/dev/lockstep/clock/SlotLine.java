package dev.lockstep.clock;

/// Least-squares line of stamps over slots, gathered block by block: the lattice of everything
/// since the last change of phase or period.
final class SlotLine {

  private long anchorNs;
  private long count;
  private double meanSlot;
  private double meanTimeNs;
  private double squares;
  private double products;

  void clear() {
    count = 0;
  }

  /// Adds a block of `n` stamps given by its mean slot, its mean time after `blockAnchorNs`, and
  /// its centred sums.
  void add(
      long n,
      double blockMeanSlot,
      long blockAnchorNs,
      double blockMeanTimeNs,
      double blockSquares,
      double blockProducts) {
    if (count == 0) {
      anchorNs = blockAnchorNs;
      count = n;
      meanSlot = blockMeanSlot;
      meanTimeNs = blockMeanTimeNs;
      squares = blockSquares;
      products = blockProducts;
      return;
    }
    double deltaSlot = blockMeanSlot - meanSlot;
    double deltaTime = (blockAnchorNs - anchorNs) + blockMeanTimeNs - meanTimeNs;
    double total = count + n;
    double share = (double) count * n / total;
    squares += blockSquares + deltaSlot * deltaSlot * share;
    products += blockProducts + deltaSlot * deltaTime * share;
    meanSlot += deltaSlot * n / total;
    meanTimeNs += deltaTime * n / total;
    count += n;
  }

  /// The line as a lattice, or the given period through the given stamp where no block is in.
  Lattice lattice(long stampNs, long slot, double periodNs) {
    if (count == 0 || !(squares > 0)) {
      return new Lattice(stampNs - Math.round(slot * periodNs), periodNs);
    }
    double period = products / squares;
    double zero = meanTimeNs - meanSlot * period;
    return new Lattice(anchorNs + Math.round(zero), period);
  }
}
