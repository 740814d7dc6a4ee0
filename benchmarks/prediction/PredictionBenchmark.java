import ai.onnx.proto.OnnxMl;
import dev.backprop.engine.spec.Defaults;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.scoring.PredictorWorkspace;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.Task;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// How fast [Predictor] answers, beside ONNX Runtime's Java call on the same weights. Started by
/// `benchmarks/prediction/run`.
///
/// Arguments: seconds of a run, rounds, and networks such as `8-64-64-1`. Hidden layers are ReLU; a
/// single output is a number, several are the softmax of classes. Both sides compute on one thread
/// and take turns. Three ways to call ONNX Runtime, the first as its documentation has it:
///
/// - `onnxruntime`: a tensor from a `float[][]`, `run`, the value of the result;
/// - `onnxruntime, buffers`: the same with a tensor over a direct buffer, made for each call;
/// - `onnxruntime, pinned`: tensors of input and output are made once and used again, the caller
///   copies a row in and the answer out.
///
/// Batches go through a direct buffer that is made once.
public final class PredictionBenchmark {

  private static final int ROWS = 10_000;
  private static final int SAMPLES = 1 << 16;

  /// Takes the answers, so that none is computed in vain.
  private static volatile Object sink = "";

  private interface Call {
    Object answer(int row) throws OrtException;
  }

  /// Reads every answer as it comes and keeps none, as the service does.
  private static final class Reader implements Consumer<Prediction> {

    private final int q;
    private double sum;

    Reader(int q) {
      this.q = q;
    }

    @Override
    public void accept(Prediction answer) {
      double[] values = ((Prediction.Outputs) answer).values();
      for (int j = 0; j < q; j++) {
        sum += values[j];
      }
    }
  }

  private record Side(String name, Call call) {}

  private PredictionBenchmark() {}

  public static void main(String[] args) throws Exception {
    double seconds = Double.parseDouble(args[0]);
    int rounds = Integer.parseInt(args[1]);
    System.out.println("network;what;who;round;median ns;p99 ns;rows/s;bytes per call");
    for (String network : List.of(args).subList(2, args.length)) {
      int[] widths = Arrays.stream(network.split("-")).mapToInt(Integer::parseInt).toArray();
      measure(network, widths, seconds, rounds);
    }
  }

  private static void measure(String name, int[] widths, double seconds, int rounds)
      throws Exception {
    Network network = network(widths);
    int p = widths[0];
    int q = widths[widths.length - 1];
    double[][] rows = rows(p);
    Predictor predictor =
        new Predictor(
            null, new Scorer(network, TargetEncoder.bare(q), new Baseline(new double[q])));
    try (OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      try (OrtSession session = environment.createSession(model(network, widths), options);
          Pinned pinned = new Pinned(environment, session, p, q)) {
        PredictorWorkspace one = predictor.workspace(1);
        PredictorWorkspace many = predictor.workspace(Scorer.BLOCK);
        float[][] floats = floats(rows);
        List<Side> single =
            List.of(
                new Side("ours", row -> predictor.predict(rows[row], one)),
                new Side("onnxruntime", row -> usual(environment, session, floats[row])),
                new Side("onnxruntime, buffers", row -> buffers(environment, session, rows[row], q)),
                new Side("onnxruntime, pinned", row -> pinned.answer(rows[row])));
        check(single, q);
        for (int round = 0; round <= rounds; round++) {
          for (Side side : single) {
            single(name, side, round, seconds);
          }
          for (int batch : new int[] {256, ROWS}) {
            BareExamples examples = new BareExamples(DenseRows.of(Arrays.copyOf(rows, batch)), null);
            float[][] block = Arrays.copyOf(floats, batch);
            FloatBuffer buffer = direct(batch * p);
            Side ours =
                new Side(
                    "ours",
                    _ -> {
                      Reader reader = new Reader(q);
                      predictor.predict(PredictorRows.of(predictor, examples), many, reader);
                      return reader;
                    });
            Side theirs = new Side("onnxruntime", _ -> batch(environment, session, block, buffer));
            for (Side side : List.of(ours, theirs)) {
              batches(name, side, batch, round, seconds);
            }
          }
          for (int threads : new int[] {1, 2}) {
            concurrently(name, network, predictor, rows, threads, round, seconds);
          }
        }
      }
    }
  }

  /// Every side must answer the same.
  private static void check(List<Side> sides, int q) throws OrtException {
    for (int row = 0; row < 100; row++) {
      double[] expected = numbers(sides.getFirst().call.answer(row), q);
      for (Side side : sides) {
        double[] answer = numbers(side.call.answer(row), q);
        for (int j = 0; j < q; j++) {
          if (Math.abs(answer[j] - expected[j]) > 1e-4 * Math.max(1, Math.abs(expected[j]))) {
            throw new IllegalStateException(
                "%s answers %s, ours %s"
                    .formatted(side.name, Arrays.toString(answer), Arrays.toString(expected)));
          }
        }
      }
    }
  }

  private static double[] numbers(Object answer, int q) {
    return switch (answer) {
      case Prediction.Outputs outputs -> outputs.values();
      case float[][] values -> doubles(values[0]);
      case float[] values -> doubles(values);
      default -> throw new IllegalArgumentException(answer.toString());
    };
  }

  private static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    for (int j = 0; j < wide.length; j++) {
      wide[j] = values[j];
    }
    return wide;
  }

  private static void single(String network, Side side, int round, double seconds)
      throws OrtException {
    long[] samples = new long[SAMPLES];
    int calls = 0;
    long begun = System.nanoTime();
    long allocated = allocatedBytes();
    long now = begun;
    while (now - begun < seconds * 1e9 || calls < SAMPLES) {
      sink = side.call.answer(calls % ROWS);
      long then = System.nanoTime();
      samples[calls++ & (SAMPLES - 1)] = then - now;
      now = then;
    }
    double bytes = (double) (allocatedBytes() - allocated) / calls;
    Arrays.sort(samples);
    print(
        network,
        "1 row",
        side.name,
        round,
        samples[SAMPLES / 2],
        samples[SAMPLES / 100 * 99],
        calls / ((now - begun) / 1e9),
        bytes);
  }

  private static void batches(String network, Side side, int batch, int round, double seconds)
      throws OrtException {
    long begun = System.nanoTime();
    long allocated = allocatedBytes();
    int calls = 0;
    long now = begun;
    while (now - begun < seconds * 1e9) {
      sink = side.call.answer(0);
      calls++;
      now = System.nanoTime();
    }
    double bytes = (double) (allocatedBytes() - allocated) / calls;
    double each = (now - begun) / (double) calls;
    print(network, batch + " rows", side.name, round, (long) each, 0, batch / each * 1e9, bytes);
  }

  /// Several threads with a workspace each, on one network.
  private static void concurrently(
      String name,
      Network network,
      Predictor predictor,
      double[][] rows,
      int threads,
      int round,
      double seconds)
      throws InterruptedException {
    long[] calls = new long[threads];
    List<Thread> all = new ArrayList<>();
    long begun = System.nanoTime();
    for (int t = 0; t < threads; t++) {
      int index = t;
      all.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    PredictorWorkspace workspace = predictor.workspace(1);
                    Prediction last = null;
                    long n = 0;
                    while (System.nanoTime() - begun < seconds * 1e9) {
                      for (int i = 0; i < 1000; i++) {
                        last = predictor.predict(rows[i], workspace);
                      }
                      n += 1000;
                    }
                    sink = last;
                    calls[index] = n;
                  }));
    }
    for (Thread thread : all) {
      thread.join();
    }
    double rate = Arrays.stream(calls).sum() / ((System.nanoTime() - begun) / 1e9);
    print(name, "1 row, on " + threads, "ours", round, 0, 0, rate, 0);
  }

  /// Round 0 is for the compilers.
  private static void print(
      String network,
      String what,
      String who,
      int round,
      long median,
      long p99,
      double rate,
      double bytes) {
    if (round > 0) {
      System.out.printf(
          Locale.ROOT,
          "%s;%s;%s;%d;%d;%d;%.0f;%.1f%n",
          network,
          what,
          who,
          round,
          median,
          p99,
          rate,
          bytes);
    }
  }

  private static long allocatedBytes() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  private static Object usual(OrtEnvironment environment, OrtSession session, float[] row)
      throws OrtException {
    try (OnnxTensor x = OnnxTensor.createTensor(environment, new float[][] {row});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      return result.get(0).getValue();
    }
  }

  private static Object buffers(
      OrtEnvironment environment, OrtSession session, double[] row, int q) throws OrtException {
    FloatBuffer buffer = direct(row.length);
    for (double cell : row) {
      buffer.put((float) cell);
    }
    buffer.rewind();
    try (OnnxTensor x = OnnxTensor.createTensor(environment, buffer, new long[] {1, row.length});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      float[] answer = new float[q];
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(answer);
      return answer;
    }
  }

  private static Object batch(
      OrtEnvironment environment, OrtSession session, float[][] rows, FloatBuffer buffer)
      throws OrtException {
    buffer.clear();
    for (float[] row : rows) {
      buffer.put(row);
    }
    buffer.rewind();
    try (OnnxTensor x = OnnxTensor.createTensor(environment, buffer, new long[] {rows.length, rows[0].length});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      FloatBuffer outputs = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] answer = new float[outputs.remaining()];
      outputs.get(answer);
      return answer;
    }
  }

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(4 * floats).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /// Everything that can be made once is made once.
  private static final class Pinned implements AutoCloseable {

    private final OrtSession session;
    private final FloatBuffer input;
    private final FloatBuffer output;
    private final OnnxTensor x;
    private final OnnxTensor y;
    private final int q;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;

    Pinned(OrtEnvironment environment, OrtSession session, int p, int q) throws OrtException {
      this.session = session;
      this.q = q;
      input = direct(p);
      output = direct(q);
      x = OnnxTensor.createTensor(environment, input, new long[] {1, p});
      y = OnnxTensor.createTensor(environment, output, new long[] {1, q});
      inputs = Map.of("x", x);
      outputs = Map.of("y", y);
    }

    Object answer(double[] row) throws OrtException {
      for (int i = 0; i < row.length; i++) {
        input.put(i, (float) row[i]);
      }
      session.run(inputs, Set.of(), outputs).close();
      float[] answer = new float[q];
      output.get(0, answer);
      return answer;
    }

    @Override
    public void close() {
      x.close();
      y.close();
    }
  }

  private static Network network(int[] widths) {
    List<LayerSpec> hidden = new ArrayList<>();
    for (int l = 1; l < widths.length - 1; l++) {
      hidden.add(Defaults.fill(LayerSpec.Dense.class, widths[l], new Activation.Relu()));
    }
    int q = widths[widths.length - 1];
    Activation f = q > 1 ? new Activation.Softmax() : new Activation.Identity();
    NetworkSpec spec =
        NetworkSpec.of(hidden, Defaults.fill(OutputSpec.class, f), null).resolve(Task.BARE);
    return Network.initialize(
        spec, widths[0], q, new int[0], 1, KernelSelection.select(null).kernels());
  }

  private static double[][] rows(int p) {
    SplittableRandom random = new SplittableRandom(1);
    double[][] rows = new double[ROWS][p];
    for (double[] row : rows) {
      for (int j = 0; j < p; j++) {
        row[j] = random.nextDouble() * 2 - 1;
      }
    }
    return rows;
  }

  private static float[][] floats(double[][] rows) {
    float[][] floats = new float[rows.length][rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows[i].length; j++) {
        floats[i][j] = (float) rows[i][j];
      }
    }
    return floats;
  }

  /// The network as an ONNX model: y = … Relu(Gemm(x, W, b)) ….
  private static byte[] model(Network network, int[] widths) {
    OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder().setName("network");
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (Parameters.View view : network.parameters().views()) {
      tensors.put(
          view.name(),
          Arrays.copyOfRange(network.parameters().values(), view.offset(), view.end()));
    }
    String x = "x";
    for (int l = 1; l < widths.length; l++) {
      boolean output = l == widths.length - 1;
      String layer = output ? "output" : "layers." + (l - 1);
      graph.addInitializer(
          tensor(layer + ".weight", tensors.get(layer + ".weight"), widths[l - 1], widths[l]));
      graph.addInitializer(tensor(layer + ".bias", tensors.get(layer + ".bias"), widths[l]));
      boolean identity = output && widths[l] == 1;
      String z = identity ? "y" : layer + ".z";
      String a = output ? "y" : layer + ".a";
      graph.addNode(
          OnnxMl.NodeProto.newBuilder()
              .setOpType("Gemm")
              .addInput(x)
              .addInput(layer + ".weight")
              .addInput(layer + ".bias")
              .addOutput(z));
      if (!identity) {
        graph.addNode(
            OnnxMl.NodeProto.newBuilder()
                .setOpType(output ? "Softmax" : "Relu")
                .addInput(z)
                .addOutput(a));
      }
      x = a;
    }
    graph.addInput(value("x", widths[0])).addOutput(value("y", widths[widths.length - 1]));
    return OnnxMl.ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(13))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static OnnxMl.TensorProto tensor(String name, float[] values, int... dimensions) {
    OnnxMl.TensorProto.Builder tensor =
        OnnxMl.TensorProto.newBuilder()
            .setName(name)
            .setDataType(OnnxMl.TensorProto.DataType.FLOAT.getNumber());
    for (int dimension : dimensions) {
      tensor.addDims(dimension);
    }
    for (float value : values) {
      tensor.addFloatData(value);
    }
    return tensor.build();
  }

  private static OnnxMl.ValueInfoProto value(String name, int width) {
    OnnxMl.TensorShapeProto shape =
        OnnxMl.TensorShapeProto.newBuilder()
            .addDim(OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimParam("n"))
            .addDim(OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimValue(width))
            .build();
    return OnnxMl.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            OnnxMl.TypeProto.newBuilder()
                .setTensorType(
                    OnnxMl.TypeProto.Tensor.newBuilder()
                        .setElemType(OnnxMl.TensorProto.DataType.FLOAT.getNumber())
                        .setShape(shape)))
        .build();
  }
}
