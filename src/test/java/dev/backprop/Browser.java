package dev.backprop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/// A Chromium without a window, that shows the page of a service.
final class Browser implements AutoCloseable {

  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Path PICTURES = Path.of("target/screenshots");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Higher ones are cut off.
  private static final int MOST_HEIGHT = 4_000;

  /// How wide and high a window is.
  enum Size {
    WIDE(1280, 900),
    NARROW(360, 780),
    HUGE(2560, 1300);

    private final int width;
    private final int height;

    Size(int width, int height) {
      this.width = width;
      this.height = height;
    }
  }

  private final ChromeDriver driver;
  private final String root;
  private Size size = Size.WIDE;

  /// @param root the address of the service
  Browser(String root) {
    this.root = root;
    System.setProperty("webdriver.chrome.driver", DRIVER.toString());
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--force-device-scale-factor=1",
        "--disable-background-networking",
        "--no-first-run");
    options.setCapability("goog:loggingPrefs", logs);
    driver = new ChromeDriver(options);
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    show(Size.WIDE, false);
  }

  static boolean isInstalled() {
    return Files.isExecutable(DRIVER);
  }

  void show(Size size, boolean dark) {
    this.size = size;
    measure(size.height);
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  private void measure(int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", size.width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /// Loads a view anew.
  ///
  /// @param view what stands behind the # of its address
  void open(String view) {
    driver.get("about:blank");
    driver.get(root + "#/" + view);
    until("document.querySelector('h1') && !document.querySelector('.loading')");
  }

  void reload() {
    driver.navigate().refresh();
    until("document.querySelector('h1') && !document.querySelector('.loading')");
  }

  String view() {
    return Objects.requireNonNull(driver.getCurrentUrl()).replaceFirst(".*#/?", "");
  }

  /// Waits until an expression is true in the page.
  ///
  /// @return what it is then
  Object until(String expression) {
    try {
      return Objects.requireNonNull(
          driver.executeAsyncScript(
              """
              const done = arguments[arguments.length - 1];
              const look = () => {
                try {
                  const found = (%s);
                  if (found) return done(found);
                } catch {}
                setTimeout(look, 25);
              };
              look();
              """
                  .formatted(expression)));
    } catch (org.openqa.selenium.ScriptTimeoutException e) {
      throw new AssertionError(
          "never came: " + expression + "\nat " + view() + "\n" + text() + "\n" + complaints(), e);
    }
  }

  /// Runs the body of an asynchronous function in the page.
  ///
  /// @return what it returns; null becomes an empty text
  Object run(String script, Object... arguments) {
    Object answer =
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            const given = [...arguments].slice(0, -1);
            (async () => { %s })().then((value) => done(value ?? ''), (fault) => done('fault: ' + fault));
            """
                .formatted(script),
            arguments);
    return answer == null ? "" : answer;
  }

  WebElement find(String selector) {
    until("document.querySelector(" + quoted(selector) + ")");
    return driver.findElement(By.cssSelector(selector));
  }

  /// A button or link with exactly this text.
  WebElement named(String text) {
    String found =
        "[...document.querySelectorAll('button, a, summary')].find((each) => each.innerText.trim() === "
            + quoted(text)
            + ")";
    until(found);
    return Objects.requireNonNull((WebElement) driver.executeScript("return " + found));
  }

  void click(String text) {
    named(text).click();
  }

  String text() {
    return Objects.requireNonNull((String) driver.executeScript("return document.body.innerText"));
  }

  /// Writes into a field in the place of what it has.
  void fill(String selector, String text) {
    find(selector).sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
  }

  void selectAll() {
    new Actions(driver).keyDown(Keys.CONTROL).sendKeys("a").keyUp(Keys.CONTROL).perform();
  }

  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /// Goes on by the tab key until an element has the focus, and looks that the focus can be seen on
  /// the way.
  void tabTo(String condition) {
    for (int i = 0; i < 200; i++) {
      press(Keys.TAB);
      Object seen =
          driver.executeScript(
              """
              const at = document.activeElement;
              if (at === document.body) return 'none';
              const style = getComputedStyle(at);
              const near = [at, at.closest('label'), at.nextElementSibling].filter(Boolean)
                .some((each) => getComputedStyle(each).outlineStyle !== 'none');
              if (!near) return 'unseen: ' + at.outerHTML.slice(0, 200) + style.outline;
              return (%s) ? 'found' : 'other';
              """
                  .formatted(condition));
      if ("found".equals(seen)) {
        return;
      }
      if (String.valueOf(seen).startsWith("unseen")) {
        throw new AssertionError(seen);
      }
    }
    throw new AssertionError("the tab key does not lead to " + condition + " in\n" + text());
  }

  /// What the console complains of, refusals of the policy of the page among it, since it was asked
  /// before.
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /// What axe-core finds in the view.
  Object inaccessible() {
    try (InputStream axe =
        Objects.requireNonNull(Browser.class.getResourceAsStream("/axe-core/axe.min.js"))) {
      driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run(
        """
        const found = await axe.run(document, { resultTypes: ['violations'] });
        return found.violations.map((each) => each.id + ': ' + each.help + ' '
          + each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + ' ' + node.failureSummary).join(' | '));
        """);
  }

  /// How far the view reaches beyond the window at the side.
  long sideways() {
    return (long)
        Objects.requireNonNull(
            driver.executeScript(
                "return Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
  }

  /// Keeps a picture of the whole view for who wants to look.
  void keepPicture(String name) {
    long height =
        (long)
            Objects.requireNonNull(
                driver.executeScript("return document.documentElement.scrollHeight"));
    Map<String, Object> picture =
        driver.executeCdpCommand(
            "Page.captureScreenshot",
            Map.of(
                "format",
                "png",
                "captureBeyondViewport",
                true,
                "clip",
                Map.of(
                    "x",
                    0,
                    "y",
                    0,
                    "width",
                    size.width,
                    "height",
                    Math.min(MOST_HEIGHT, Math.max(height, size.height)),
                    "scale",
                    1)));
    try {
      Files.createDirectories(PICTURES);
      Files.write(
          PICTURES.resolve(name + ".png"),
          Base64.getDecoder().decode((String) Objects.requireNonNull(picture.get("data"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  @Override
  public void close() {
    driver.quit();
  }
}
