package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real report as a browser paints it: no view is empty, and nothing goes to the console. */
@Timeout(240)
class ReportIT {
  private static final List<String> VIEWS =
      List.of("timeline", "graph", "calls", "layers", "disk", "files", "functions");

  /** Where the view is, below the head of the page. */
  private static final int TOP = 150;

  @TempDir Path folder;

  @Test
  void everyViewOfARealReportShowsSomethingOfItsOwn() throws Exception {
    Assumptions.assumeTrue(Launcher.installed("chromium"), "no chromium");
    assertThat(Launcher.svc0(folder, "image", "create", "disk.img", "--size", "8M").status())
        .isZero();
    String program = Launcher.guest("write-paths");
    Launcher.svc0(folder, "trace", "--html", "report.html", "--image", "disk.img", program, "/mnt");
    String report = Files.readString(folder.resolve("report.html"));
    assertThat(report).contains("const VIEWS = [");
    Map<String, List<Integer>> painted = new HashMap<>();
    for (String view : VIEWS) {
      assertThat(report).contains("['" + view + "', ");
      BufferedImage picture = paint(view, report);
      Map<Integer, Integer> colours = colours(picture);
      int pixels = picture.getWidth() * (picture.getHeight() - TOP);
      int background = colours.values().stream().max(Integer::compare).orElseThrow();
      assertThat(pixels - background).as("painted pixels of " + view).isGreaterThan(pixels / 200);
      assertThat(colours).as("colours of " + view).hasSizeGreaterThan(20);
      List<Integer> content = new ArrayList<>();
      for (int y = TOP; y < picture.getHeight(); y += 5) {
        for (int x = 0; x < picture.getWidth(); x += 5) {
          content.add(picture.getRGB(x, y));
        }
      }
      painted.forEach((other, its) ->
          assertThat(content).as(view + " looks as " + other + " does").isNotEqualTo(its));
      painted.put(view, content);
    }
  }

  private BufferedImage paint(String view, String report) throws Exception {
    Path page =
        Files.writeString(
            folder.resolve(view + ".html"),
            report.replace("</body>", "<script>show('" + view + "')</script></body>"));
    Path picture = folder.resolve(view + ".png");
    Launcher.Result browser =
        Launcher.run(
            folder,
            List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + folder.resolve("profile"),
                "--enable-logging=stderr",
                "--window-size=1400,900",
                "--screenshot=" + picture,
                page.toUri().toString()));
    assertThat(browser.err()).doesNotContain("CONSOLE");
    assertThat(picture).as(browser.err()).exists();
    return ImageIO.read(picture.toFile());
  }

  private static Map<Integer, Integer> colours(BufferedImage picture) {
    Map<Integer, Integer> colours = new HashMap<>();
    for (int y = TOP; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        colours.merge(picture.getRGB(x, y), 1, Integer::sum);
      }
    }
    return colours;
  }
}
