package dev.backprop.engine.nn;

/// The rows of each member in what its output layer reads and writes.
record HeadRows(MemberRows x, MemberRows z, MemberRows dz, MemberRows dx) {

  HeadRows(int members) {
    this(
        new MemberRows(members),
        new MemberRows(members),
        new MemberRows(members),
        new MemberRows(members));
  }
}
