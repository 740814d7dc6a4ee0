package dev.backprop.service.intake;

import dev.backprop.engine.plan.MachineFigures;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.PresetName;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Target;
import dev.backprop.platform.artifact.ModelName;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.intake.SchemaRequest.TargetTask;
import dev.backprop.service.model.ModelVersion;
import dev.backprop.service.model.Models;
import dev.backprop.service.webhook.CallbackUrls;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Decides training requests. What came with a request becomes a data set that the training holds
/// alone.
public final class TrainingPlanner {

  /// As much as JSON readers take for a name.
  private static final int MAX_NAME_BYTES = 50_000;

  /// What this process has for running trainings, and whom it may tell of them.
  ///
  /// @param memory that all running trainings share
  /// @param threads that share the work of one training
  /// @param checkpoints whether trainings have checkpoints, which take memory too
  /// @param speed what this machine takes to compute
  /// @param callbacks which URLs may be called
  public record Room(
      Budget memory,
      int threads,
      boolean checkpoints,
      Supplier<MachineFigures> speed,
      CallbackUrls callbacks) {}

  private final TrainingRequestReader reader;
  private final EnsembleMembers members;
  private final ChosenSpec chosen;
  private final TrainingSources sources;
  private final Datasets datasets;
  private final Models models;
  private final TrainingIds ids;
  private final InstantSource clock;
  private final Room where;

  public TrainingPlanner(
      JsonMapper json, Datasets datasets, Models models, InstantSource clock, Room where) {
    this.reader = new TrainingRequestReader(json);
    this.members = new EnsembleMembers(json);
    this.chosen = new ChosenSpec(json);
    this.sources = new TrainingSources(datasets);
    this.datasets = datasets;
    this.models = models;
    this.ids = new TrainingIds(clock);
    this.clock = clock;
    this.where = where;
  }

  /// Plans a training that nobody is going to run.
  ///
  /// @throws ProblemException 4xx with a pointer to what is impossible; 403 if the caller may make
  ///   no such model
  public PlanResource plan(InputStream body, Caller caller) {
    Leases leases = new Leases();
    try {
      return PlanResource.of(decide(body, caller, reserve(leases), leases), where.speed().get());
    } finally {
      leases.release();
    }
  }

  /// Plans a training, writes the data that came with the request, and reserves room for its model.
  ///
  /// @throws ProblemException as [#plan], and 507 if there is no room
  public AcceptedTraining accept(InputStream body, Caller caller) {
    Leases leases = new Leases();
    AcceptedTraining accepted = null;
    try {
      Budget.Claim room = reserve(leases);
      DecidedTraining decided = decide(body, caller, room, leases);
      accepted = accepted(decided, decided.acceptance(clock.instant(), caller.id()), room, leases);
      return accepted;
    } finally {
      if (accepted == null) {
        leases.release();
      }
    }
  }

  /// Room for the data of a request.
  private Budget.Claim reserve(Leases leases) {
    Budget.Claim room = datasets.reserve();
    leases.add(room::close);
    return room;
  }

  private DecidedTraining decide(
      InputStream body, Caller caller, Budget.Claim room, Leases leases) {
    TrainingRequestReader.Read read = reader.read(body, room);
    caller.requireMayMake(checkedModel(read.request().model()));
    where.callbacks().check(read.request().callback());
    TrainingSources.Known known =
        new TrainingSources.Known(
            ids.next(),
            WarmStart.find(read.request().warmStart(), models, caller),
            null,
            MissingTokens.DEFAULT,
            caller);
    return decide(read, known, null, room, leases);
  }

  /// What a former version accepted and kept as it was sent.
  ///
  /// @param start the version that it goes on from; null if it starts anew
  /// @param tokens what stood for a missing cell unless the request said it
  public record Former(Acceptance acceptance, @Nullable ModelVersion start, MissingTokens tokens) {}

  /// Decides such a request as the former version accepted it, even if the version that it goes on
  /// from has been deleted.
  public AcceptedTraining decide(InputStream body, Former former) {
    Acceptance acceptance = former.acceptance();
    Leases leases = new Leases();
    AcceptedTraining accepted = null;
    try {
      Budget.Claim room = reserve(leases);
      TrainingRequestReader.Read read = reader.read(body, room);
      TrainingSources.Known known =
          new TrainingSources.Known(
              acceptance.id(),
              former.start() == null ? null : new WarmStart(former.start()),
              task(acceptance.target()),
              former.tokens(),
              Caller.ANYBODY);
      TrainingSpec training =
          Objects.requireNonNullElseGet(
                  Given.meaning(read.request().training()), TrainingSpec::defaults)
              .watchingAs(acceptance.spec().training());
      DecidedTraining decided = decide(read, known, training, room, leases);
      if (!decided.spec().equals(acceptance.spec())) {
        throw new ProblemException(
            ProblemCode.INTERNAL_ERROR,
            "the training was accepted by another version of the service, which this one reads otherwise");
      }
      accepted = accepted(decided, acceptance, room, leases);
      return accepted;
    } catch (ProblemException e) {
      throw TrainingLoader.forNow(e);
    } finally {
      if (accepted == null) {
        leases.release();
      }
    }
  }

  private static @Nullable TargetTask task(TargetView target) {
    return switch (target.task()) {
      case TargetView.CLASSIFICATION -> TargetTask.CLASSIFICATION;
      case TargetView.REGRESSION -> TargetTask.REGRESSION;
      default -> null;
    };
  }

  private static String checkedModel(@Nullable String model) {
    if (model == null) {
      throw ProblemException.at(ProblemCode.INVALID_SPEC, "/model", "is required");
    }
    if (!ModelName.isValid(model)) {
      throw ProblemException.at(
          ProblemCode.INVALID_SPEC,
          "/model",
          "must be %s, was '%s'".formatted(ModelName.RULE, Excerpt.of(model)));
    }
    return model;
  }

  /// @param former how a former version read the training; null for a request of today
  private DecidedTraining decide(
      TrainingRequestReader.Read read,
      TrainingSources.Known known,
      @Nullable TrainingSpec former,
      Budget.Claim room,
      Leases leases) {
    TrainingRequest request = read.request();
    TrainingSource source = sources.of(read, known, room, leases);
    checkNames(source.data().target());
    WarmStart start = known.start();
    checkEncoding(request, source.data());
    PresetName preset =
        former == null ? ChosenSpec.preset(request, source.data()) : PresetName.PLAIN;
    TrainingPlan plan =
        preset == PresetName.PLAIN
            ? plan(source, plain(request, start, former), start)
            : plan(preset, source, chosen.of(preset, request, start, source), start);
    if (start != null) {
      plan = start.begin(plan);
    }
    long bytes =
        source.inlineBytes()
            + plan.estimatedBytes(where.threads())
            + (where.checkpoints() ? plan.checkpointBytes(where.threads()) : 0);
    where.memory().requireFits(bytes);
    return new DecidedTraining(
        known.id(), request, preset, source, start, plan, bytes, where.threads());
  }

  private static TrainingPlan plan(TrainingSource source, FitSpec spec, @Nullable WarmStart start) {
    return TrainingPlan.of(
        source.data(),
        source.validation() == null ? null : source.validation().data(),
        spec,
        start == null ? null : start.encoding());
  }

  /// The plan of a preset. What its networks cannot take stands in the request itself.
  private static TrainingPlan plan(
      PresetName preset, TrainingSource source, FitSpec spec, @Nullable WarmStart start) {
    try {
      return plan(source, spec, start);
    } catch (InvalidSpecException e) {
      String pointer = e.pointer().replaceFirst("^/ensemble/members/[0-9]+", "");
      throw ChosenSpec.advised(
          ProblemException.at(ProblemCode.INVALID_SPEC, pointer, e.detail()), preset);
    }
  }

  private static void checkEncoding(TrainingRequest request, TrainingData data) {
    if (request.encoding() != null && data instanceof TrainingData.Bare) {
      throw ProblemException.at(
          ProblemCode.INVALID_SPEC,
          "/encoding",
          "must be left out for bare numbers, which are used as they are");
    }
  }

  /// What the request says, and of what it leaves out that of the version that it goes on from.
  private FitSpec plain(
      TrainingRequest request, @Nullable WarmStart start, @Nullable TrainingSpec former) {
    TrainingSpec training = former == null ? Given.meaning(request.training()) : former;
    FitSpec usual =
        FitSpec.of(
            start == null ? NetworkSpec.of(null, null, null) : start.network(),
            training == null ? TrainingSpec.defaults() : training);
    EncodingSpec encoding = Given.meaning(request.encoding());
    NetworkSpec network = Given.meaning(request.network());
    FitSpec one =
        new FitSpec(
            encoding != null ? encoding : start == null ? usual.encoding() : start.encoding(),
            network != null ? network : usual.network(),
            usual.training());
    if (request.ensemble() == null) {
      return one;
    }
    if (start != null) {
      throw ProblemException.at(
          ProblemCode.INVALID_SPEC,
          "/ensemble",
          "does not go with warmStart: its members start anew");
    }
    return one.withEnsemble(members.of(request.ensemble(), one));
  }

  /// Classes and target columns become names in JSON, which readers bound.
  private static void checkNames(Target target) {
    if (target instanceof Target.Classes(_, List<Label> classes)) {
      classes.forEach(label -> checkName("a class", label.text()));
    }
    target.names().forEach(name -> checkName("a name", name));
  }

  private static void checkName(String what, String text) {
    // JSON in ASCII writes a character outside the basic plane as two halves.
    long bytes = text.chars().mapToLong(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : 3).sum();
    if (bytes > MAX_NAME_BYTES) {
      throw ProblemException.at(
          ProblemCode.INVALID_DATA,
          "/data/target",
          "%s of the target may have at most %d bytes, '%s' has %d"
              .formatted(what, MAX_NAME_BYTES, Excerpt.of(text), bytes));
    }
  }

  private AcceptedTraining accepted(
      DecidedTraining decided, Acceptance acceptance, Budget.Claim room, Leases leases) {
    TrainingSource source = decided.source();
    Models.Reservation ofModel = models.expect(decided.plan().modelBytes());
    AcceptedTraining accepted = null;
    try {
      // Of what columns are for, which is written as JSON.
      room.grow(2 * source.data().schemaBytes());
      OwnData own = new OwnData(datasets, acceptance, room, leases);
      TrainingInputs inputs = inputs(decided, own);
      accepted =
          new AcceptedTraining(
              acceptance,
              inputs,
              decided.start() == null ? null : decided.start().version(),
              ofModel,
              own.drafts(),
              leases);
      return accepted;
    } finally {
      if (accepted == null) {
        ofModel.release();
      }
    }
  }

  private static TrainingInputs inputs(DecidedTraining decided, OwnData own) {
    TrainingSource source = decided.source();
    Schema schema = source.given().schema();
    return new TrainingInputs(
        own.write(source.given(), decided.id()),
        source.validation() == null
            ? null
            : own.write(source.validation(), decided.id() + "-validation"),
        schema == null ? null : schema.fields(),
        schema == null ? null : schema.missing().tokens(),
        source.data() instanceof TrainingData.Bare bare && bare.examples().weighted(),
        !Boolean.FALSE.equals(decided.request().activate()),
        source.sha256());
  }
}
