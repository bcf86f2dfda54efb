package dev.svc0.processor.diag;

import javax.annotation.processing.Messager;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic;
import org.jspecify.annotations.Nullable;

/** Reports errors on elements; counts them, so that a caller can tell a clean handler. */
public final class Diagnostics {
  private final @Nullable Messager messager;
  private int errors;

  private Diagnostics() {
    this.messager = null;
  }

  /** Reports through the compiler. */
  public Diagnostics(Messager messager) {
    this.messager = messager;
  }

  /** Counts only, for a second look at what is reported elsewhere. */
  public static Diagnostics silent() {
    return new Diagnostics();
  }

  /** An error on an element. */
  public void error(Tag tag, Element element, String message) {
    errors++;
    if (messager != null) {
      messager.printMessage(Diagnostic.Kind.ERROR, text(tag, message), element);
    }
  }

  /** An error on one value of an annotation, or on the element when the value is implicit. */
  public void error(Tag tag, Element element, String annotation, String member, String message) {
    for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
      if (mirror.getAnnotationType().asElement().getSimpleName().contentEquals(annotation)) {
        for (var entry : mirror.getElementValues().entrySet()) {
          if (entry.getKey().getSimpleName().contentEquals(member)) {
            errorAt(tag, element, mirror, entry.getValue(), message);
            return;
          }
        }
      }
    }
    error(tag, element, message);
  }

  private void errorAt(
      Tag tag, Element element, AnnotationMirror mirror, AnnotationValue value, String message) {
    errors++;
    if (messager != null) {
      messager.printMessage(Diagnostic.Kind.ERROR, text(tag, message), element, mirror, value);
    }
  }

  /** How many errors there have been. */
  public int errors() {
    return errors;
  }

  private static String text(Tag tag, String message) {
    return "[" + tag.text() + "] " + message;
  }
}
