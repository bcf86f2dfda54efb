package dev.svc0.cli.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The links that {@code update-alternatives --install} in the packages' scripts would make: for
 * each name the choice of the highest priority, with its slaves.
 */
final class Alternatives {
  private static final String FOLDER = "/etc/alternatives";

  private final Map<String, Choice> best = new TreeMap<>();

  private record Link(String link, String name, String target) {}

  private record Choice(int priority, List<Link> links) {}

  /** Takes note of what a script installs. Words with variables or substitutions are not known. */
  void read(String script) {
    String joined = script.replace("\\\n", " ");
    for (String line : joined.split("\n")) {
      List<String> words = words(line);
      int at = words.indexOf("--install");
      boolean call = words.stream().anyMatch(word -> word.endsWith("update-alternatives"));
      if (call && at >= 0 && at + 4 < words.size()) {
        install(words, at);
      }
    }
  }

  private void install(List<String> words, int at) {
    int priority;
    try {
      priority = Integer.parseInt(words.get(at + 4));
    } catch (NumberFormatException e) {
      return; // computed by the script
    }
    List<Link> links = new ArrayList<>();
    links.add(new Link(words.get(at + 1), words.get(at + 2), words.get(at + 3)));
    for (int i = at + 5; i + 3 < words.size(); i++) {
      if (words.get(i).equals("--slave")) {
        links.add(new Link(words.get(i + 1), words.get(i + 2), words.get(i + 3)));
      }
    }
    if (links.stream().anyMatch(link -> (link.link + link.target).contains("$"))) {
      return;
    }
    Choice before = best.get(links.getFirst().name);
    if (before == null || before.priority < priority) {
      best.put(links.getFirst().name, new Choice(priority, links));
    }
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    for (String word : line.strip().split("\\s+")) {
      words.add(word.replace("\"", "").replace("'", ""));
    }
    return words;
  }

  /** Makes the links whose targets are there; their names with where they lead. */
  Map<String, String> make(ImageFiles files) throws IOException {
    Map<String, String> made = new HashMap<>();
    for (Choice choice : best.values()) {
      for (Link link : choice.links) {
        String folder = link.link.substring(0, Math.max(1, link.link.lastIndexOf('/')));
        if (files.find(link.target) == null
            || files.find(link.link) != null
            || !files.isFolder(folder)) {
          continue;
        }
        files.makeFolders(FOLDER);
        String middle = FOLDER + "/" + link.name;
        if (files.find(middle) == null) {
          files.symlink(link.target, middle);
        }
        files.symlink(middle, link.link);
        made.put(link.link, link.target);
      }
    }
    return made;
  }
}
