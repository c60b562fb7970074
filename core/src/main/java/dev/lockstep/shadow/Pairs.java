package dev.lockstep.shadow;

/// Rows that belong together, and how many more are known to be equal without a look.
///
/// @param original rows of the original
/// @param export rows of the export, in the same order
/// @param equal further pairs that are the same in every respect
record Pairs(int[] original, int[] export, long equal) {
  static Pairs of(Pairing pairing, long equal) {
    int n = pairing.size();
    int[] original = new int[n];
    int[] export = new int[n];
    int k = 0;
    for (int row = 0; row < pairing.ofOriginal.length; row++) {
      if (pairing.ofOriginal[row] >= 0) {
        original[k] = row;
        export[k++] = pairing.ofOriginal[row];
      }
    }
    return new Pairs(original, export, equal);
  }

  int size() {
    return original.length;
  }
}
