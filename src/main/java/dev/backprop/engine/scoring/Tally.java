package dev.backprop.engine.scoring;

/// Counts over the blocks of one evaluation, in which every row counts by its weight.
interface Tally extends BlockSink {

  Evaluation evaluation();
}
