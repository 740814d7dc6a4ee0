package dev.backprop.engine.linalg;

/// Scalar functions for loops over float arrays. Each is free of branches and of calls that the
/// just-in-time compiler does not turn into vector instructions, so that a loop like `for (int i =
/// 0; i < n; i++) a[i] = Elementwise.tanh(z[i])` runs on vectors. Such a loop must use the same
/// index for every array, and must not be long. If an element takes more than some forty
/// operations, as in two of these functions in a row, the compiler stays with scalars. Two loops
/// are then many times faster than one.
///
/// Errors are stated against the exact value, for all floats; NaN gives NaN. `Math.exp` and
/// `Math.tanh` are exact to the last digit but several times slower.
public final class Elementwise {

  /// Here the rational tanh reaches ±1.
  private static final float TANH_LIMIT = 7.905311f;

  /// Floats from here on have no fractions, so that what is added to it is rounded.
  private static final float WHOLE = 0x1.8p23f;

  private static final double EXP_LIMIT = 115;
  private static final double ONE_OVER_SQRT_TWO_PI = 0.3989422804014327;

  private Elementwise() {}

  /// tanh(x), absolute error at most 5e-7, relative error at most 5e-7 for |x| in 1e-30 … 1. An odd
  /// polynomial of degree 13 over an even one of degree 6 on a clamped argument (the coefficients
  /// of Eigen's `ptanh`).
  public static float tanh(float x) {
    float v = Math.min(TANH_LIMIT, Math.max(-TANH_LIMIT, x));
    float s = v * v;
    float p = -2.7607684e-16f;
    p = p * s + 2.000188e-13f;
    p = p * s - 8.604672e-11f;
    p = p * s + 5.1222973e-8f;
    p = p * s + 1.48572235e-5f;
    p = p * s + 6.3726195e-4f;
    p = p * s + 4.8935246e-3f;
    float q = 1.1982584e-6f;
    q = q * s + 1.1853471e-4f;
    q = q * s + 2.2684347e-3f;
    q = q * s + 4.893525e-3f;
    return Math.min(1, Math.max(-1, v * p / q));
  }

  /// 1 / (1 + exp(-x)), absolute error at most 2.5e-7: made for hidden layers, as fast as [#tanh].
  public static float sigmoid(float x) {
    return 0.5f + 0.5f * tanh(0.5f * x);
  }

  /// exp(x) - 1 for x <= 0, absolute error at most 5e-7, relative error at most 1e-6 for |x| in
  /// 1e-30 … 1.
  public static float expm1OfNegative(float x) {
    float t = tanh(0.5f * x);
    return 2 * t / (1 - t);
  }

  /// exp(x) for x in ±115 and the nearest of these values outside, relative error at most 6e-8. It
  /// is (exp(x/1024))^1024, the inner exponential by its Taylor polynomial of degree 6, the power
  /// by ten squarings.
  public static double exp(double x) {
    double v = Math.min(EXP_LIMIT, Math.max(-EXP_LIMIT, x)) * 0x1p-10;
    double p =
        1 + v * (1 + v * (1.0 / 2 + v * (1.0 / 6 + v * (1.0 / 24 + v * (1.0 / 120 + v / 720)))));
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    return p;
  }

  /// 1 / (1 + exp(-x)), relative error at most 1e-7 for x > -115: made for probabilities, whose
  /// smallest values count too.
  public static double logistic(double x) {
    return 1 / (1 + exp(-x));
  }

  /// ln(1 + exp(x)) = max(x, 0) + ln(1 + exp(-|x|)), relative error at most 2e-7 for x > -115.
  public static double softplus(double x) {
    return Math.max(x, 0) + log1pOfFraction(exp(-Math.abs(x)));
  }

  /// (1 - Φ(x)) / φ(x), Mills' ratio, for finite x >= 0, relative error at most 4e-8: a polynomial
  /// in t = 1 / (1 + 0.32 x), which `golden/mills.py` of the tests fits.
  public static double millsRatio(double x) {
    double t = 1 / (1 + 0.32 * x);
    double p = 0.239150584 - t * 0.0528351483;
    p = -0.367741139 + t * p;
    p = 0.163753127 + t * p;
    p = -0.0235061055 + t * p;
    p = 0.147023696 + t * p;
    p = 0.2201549 + t * p;
    p = 0.287315647 + t * p;
    p = 0.319998538 + t * p;
    p = 0.319999998 + t * p;
    return t * p;
  }

  /// φ(x) = exp(-x²/2) / √(2π), relative error at most 1e-7 for |x| < 15.
  public static double normalDensity(double x) {
    return ONE_OVER_SQRT_TWO_PI * exp(-0.5 * x * x);
  }

  /// cos(2π t), absolute error at most 3e-7 for |t| < 2^22, beyond which a float has no quarters;
  /// within ±1.000001 for every finite t. Only the distance r of t from the next whole number
  /// counts: cos(2π r) = sin(2π u), u = 1/4 - |r|, by a polynomial of degree 9 that
  /// `golden/cosine.py` of the tests fits.
  public static float cosineOfTurns(float t) {
    float whole = t + WHOLE - WHOLE;
    float u = 0.25f - Math.min(0.5f, Math.abs(t - whole));
    float s = u * u;
    float p = 39.536705f;
    p = p * s - 76.54978f;
    p = p * s + 81.601006f;
    p = p * s - 41.341656f;
    p = p * s + 6.283185f;
    return u * p;
  }

  /// sin(2π t), absolute error at most 5e-7 for |t| <= 1; as [#cosineOfTurns] of t less 1/4,
  /// rounded to a float.
  public static float sineOfTurns(float t) {
    return cosineOfTurns(t - 0.25f);
  }

  /// 1 if x > 0, else 0.
  public static float step(float x) {
    return Math.signum(Math.max(0, x));
  }

  /// ln(1 + u) for u in [0, 1], relative error at most 2e-8: 2 artanh(s), s = u / (2 + u) <= 1/3,
  /// by its series to s^17.
  public static double log1pOfFraction(double u) {
    double s = u / (2 + u);
    double r = s * s;
    double p = 1.0 / 15 + r / 17;
    p = 1.0 / 13 + r * p;
    p = 1.0 / 11 + r * p;
    p = 1.0 / 9 + r * p;
    p = 1.0 / 7 + r * p;
    p = 1.0 / 5 + r * p;
    p = 1.0 / 3 + r * p;
    return 2 * s * (1 + r * p);
  }
}
