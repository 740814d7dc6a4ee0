package dev.backprop.platform.http;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/// The paths of the API: what handlers are mapped to, and what answers say of the place of a thing.
public final class Paths {

  public static final String API = "/api/v1";

  public static final String DATASETS = API + "/datasets";
  public static final String TRAININGS = API + "/trainings";
  public static final String MODELS = API + "/models";

  public static final String COMPARISONS = API + "/comparisons";
  public static final String KEYS = API + "/keys";
  public static final String CALLER = API + "/caller";
  public static final String STATUS = API + "/status";

  /// A model for handlers, with its name as a variable.
  public static final String MODEL = MODELS + "/{name}";

  private Paths() {}

  /// A path as the client of the current request reaches it: after the prefix that the service has
  /// there, of its own context or of proxies. Outside of requests it has none.
  public static String link(String path) {
    return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes current
        ? current.getRequest().getContextPath() + path
        : path;
  }

  public static String dataset(String id) {
    return DATASETS + '/' + id;
  }

  public static String training(String id) {
    return TRAININGS + '/' + id;
  }

  public static String key(String id) {
    return KEYS + '/' + id;
  }

  public static String model(String name) {
    return MODELS + '/' + name;
  }

  public static String version(String model, int version) {
    return model(model) + "/versions/" + version;
  }
}
