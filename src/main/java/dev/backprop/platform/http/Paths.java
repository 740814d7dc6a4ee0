package dev.backprop.platform.http;

/// The paths of the API: what handlers are mapped to, and what answers say of the place of a thing.
public final class Paths {

  private static final String API = "/api/v1";

  public static final String DATASETS = API + "/datasets";
  public static final String TRAININGS = API + "/trainings";
  public static final String MODELS = API + "/models";

  /// A model for handlers, with its name as a variable.
  public static final String MODEL = MODELS + "/{name}";

  private Paths() {}

  public static String dataset(String id) {
    return DATASETS + '/' + id;
  }

  public static String training(String id) {
    return TRAININGS + '/' + id;
  }

  public static String model(String name) {
    return MODELS + '/' + name;
  }

  public static String version(String model, int version) {
    return model(model) + "/versions/" + version;
  }
}
