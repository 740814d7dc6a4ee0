package dev.backprop.engine.scoring;

import dev.backprop.engine.nn.MeanAnswers;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Workspace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that rows touch on their way through a predictor. Owned by one thread.
public final class PredictorWorkspace {

  private final Workspace[] spaces;
  private final @Nullable MeanAnswers mean;

  /// @param members at least one
  /// @param rows the most at once
  PredictorWorkspace(List<Member> members, int rows) {
    spaces = new Workspace[members.size()];
    for (int m = 0; m < spaces.length; m++) {
      int first = firstLike(members, m);
      spaces[m] = first < m ? spaces[first] : network(members, m).workspace(rows);
    }
    mean = Member.mean(members, rows);
  }

  /// Bytes of the arrays of such a workspace.
  static long bytes(List<Member> members, int rows) {
    long bytes = 0;
    for (int m = 0; m < members.size(); m++) {
      bytes += firstLike(members, m) < m ? 0 : network(members, m).workspaceBytes(rows);
    }
    return members.size() == 1
        ? bytes
        : bytes + MeanAnswers.bytes(members.size(), rows, network(members, 0).outputs());
  }

  /// The first member with a network of the same layers. They take turns in one workspace. Networks
  /// of one spec have other layers if their numbers or categories enter in other ways.
  private static int firstLike(List<Member> members, int member) {
    Network network = network(members, member);
    int first = 0;
    while (!network(members, first).spec().equals(network.spec())
        || !network(members, first).shapes().equals(network.shapes())) {
      first++;
    }
    return first;
  }

  private static Network network(List<Member> members, int member) {
    return members.get(member).scorer().network();
  }

  /// That of a member.
  Workspace of(int member) {
    return spaces[member];
  }

  /// Null if there is one member.
  @Nullable MeanAnswers mean() {
    return mean;
  }

  /// The most rows that fit.
  public int capacity() {
    return spaces[0].capacity();
  }
}
