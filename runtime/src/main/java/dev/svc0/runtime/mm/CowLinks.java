package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SIZE;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Copy on write between the address spaces of a family.
 *
 * <p>Windows are linear, so two of them cannot hold the same host page. After a fork the child's
 * page is therefore only a link, with no permission: its content is the page of the parent with the
 * same number, which may be a link in turn. The parent's page is marked as a source and loses its
 * write permission. The child's first access copies; before the parent's page changes or goes away,
 * its content is pushed to every child that still has the link. A child that executes another
 * program drops its links, having copied only what it touched.
 *
 * <p>A parent that exits while two or more children have links stays as a closed table until one is
 * left; then it hands its pages over to that one, charges included, and its place in the chain. So
 * there are never more closed tables than living processes, and an exit asks for no memory.
 *
 * <p><i>Locks:</i> all tables of a family share one page lock; callers hold it.
 */
final class CowLinks {
  private final PageTable table;
  private final Windows windows;
  private final MemoryAccount account;

  // Protected by the family's page lock.
  private @Nullable CowLinks parent;
  private final List<CowLinks> children = new ArrayList<>();
  private long linkedPages;
  private boolean closed;

  CowLinks(PageTable table, MemoryAccount account) {
    this.table = table;
    this.windows = table.windows;
    this.account = account;
  }

  long linkedPages() {
    return linkedPages;
  }

  boolean hasChildren() {
    return !children.isEmpty();
  }

  /** Living processes that have the page, which is there, in common; 1 for a page of one's own. */
  int mapCount(long page) {
    return sourceOf(page).mapCountBelow(page);
  }

  /** The table that has the page itself, at the end of the links. */
  private CowLinks sourceOf(long page) {
    CowLinks source = this;
    while ((source.windows.state(page) & PageTable.LINKED) != 0) {
      source = Objects.requireNonNull(source.parent);
    }
    return source;
  }

  private int mapCountBelow(long page) {
    int count = closed ? 0 : 1;
    for (CowLinks child : children) {
      if ((child.windows.state(page) & PageTable.LINKED) != 0) {
        count += child.mapCountBelow(page);
      }
    }
    return count;
  }

  /** Links the pages of a range into a child. */
  void linkInto(CowLinks child, Vma vma, long firstPage, long endPage) {
    long linked = 0;
    long page = windows.nextUsed(firstPage, endPage);
    for (; page < endPage; page = windows.nextUsed(page + 1, endPage)) {
      table.set(vma, page, windows.state(page) | PageTable.SOURCE);
      child.windows.setState(page, PageTable.LINKED);
      linked++;
    }
    if (linked != 0 && child.parent == null) {
      child.parent = this;
      children.add(child);
    }
    child.linkedPages += linked;
  }

  /** Forgets a link of this table, whose page is dropped. */
  void dropped(long links) {
    linkedPages -= links;
    leaveParentIfDone();
  }

  private void leaveParentIfDone() {
    CowLinks from = parent;
    if (linkedPages == 0 && from != null) {
      parent = null;
      from.children.remove(this);
      from.settle();
    }
  }

  /**
   * Makes a link a page of its own. The page's permission stays 0.
   *
   * @return false when the account is exhausted
   */
  boolean materialise(long page) {
    if (!account.tryCharge(1)) {
      return false;
    }
    takeCopy(page);
    leaveParentIfDone();
    return true;
  }

  /** Copies from the source; the charge is made already. */
  private void takeCopy(long page) {
    CowLinks from = Objects.requireNonNull(parent);
    CowLinks source = from.sourceOf(page);
    HostMemory.copy(source.table.hostOf(page), table.hostOf(page), PAGE_SIZE);
    windows.setState(page, windows.state(page) & PageTable.SOURCE | PageTable.PRESENT);
    linkedPages--;
    table.addPrivatePages(1);
    if (from.closed) {
      from.dropIfUnwanted(page);
    }
  }

  /** A closed table keeps no page that no child wants. */
  private void dropIfUnwanted(long page) {
    int state = windows.state(page);
    if (children.size() > 1 && !isWanted(page)) {
      windows.setState(page, 0);
      if ((state & PageTable.LINKED) != 0) {
        dropped(1);
      } else {
        windows.discard(page, 1);
        table.addPrivatePages(-1);
        account.uncharge(1);
      }
    }
  }

  private boolean isWanted(long page) {
    for (CowLinks child : children) {
      if ((child.windows.state(page) & PageTable.LINKED) != 0) {
        return true;
      }
    }
    return false;
  }

  private int wantedBy(long page) {
    int count = 0;
    for (CowLinks child : children) {
      count += (child.windows.state(page) & PageTable.LINKED) != 0 ? 1 : 0;
    }
    return count;
  }

  /**
   * Gives the content of a range to the children that link to it, so that it may change.
   *
   * @param going whether the pages go away at once, so that a child can take over each one's charge
   * @return false, with nothing done, when the account is exhausted
   */
  boolean push(long firstPage, long endPage, boolean going) {
    if (children.isEmpty()) {
      return true;
    }
    long needed = 0;
    long takenOver = 0;
    long page = windows.nextUsed(firstPage, endPage);
    for (; page < endPage; page = windows.nextUsed(page + 1, endPage)) {
      int wanted = (windows.state(page) & PageTable.SOURCE) == 0 ? 0 : wantedBy(page);
      needed += wanted;
      takenOver += going && wanted != 0 && (windows.state(page) & PageTable.PRESENT) != 0 ? 1 : 0;
    }
    if (needed != takenOver && !account.tryCharge(needed - takenOver)) {
      return false;
    }
    account.charge(takenOver);
    for (CowLinks child : List.copyOf(children)) {
      child.takeRange(firstPage, endPage);
    }
    return true;
  }

  private void takeRange(long firstPage, long endPage) {
    long page = windows.nextUsed(firstPage, endPage);
    for (; page < endPage; page = windows.nextUsed(page + 1, endPage)) {
      if ((windows.state(page) & PageTable.LINKED) != 0) {
        takeCopy(page);
      }
    }
    leaveParentIfDone();
  }

  /** Makes all links of a range pages of their own; false when the account is exhausted. */
  boolean materialiseRange(long firstPage, long endPage) {
    if (linkedPages == 0) {
      return true;
    }
    long links = 0;
    long page = windows.nextUsed(firstPage, endPage);
    for (; page < endPage; page = windows.nextUsed(page + 1, endPage)) {
      links += (windows.state(page) & PageTable.LINKED) != 0 ? 1 : 0;
    }
    if (links == 0) {
      return true;
    }
    if (!account.tryCharge(links)) {
      return false;
    }
    takeRange(firstPage, endPage);
    return true;
  }

  /** The process is gone: keeps only what children want, and goes as soon as that is possible. */
  void close() {
    closed = true;
    if (children.size() > 1) {
      long page = windows.nextUsed(0, Windows.END_PAGE);
      for (; page < Windows.END_PAGE; page = windows.nextUsed(page + 1, Windows.END_PAGE)) {
        dropIfUnwanted(page);
      }
    }
    settle();
  }

  /** Ends a closed table that at most one child needs. */
  private void settle() {
    if (!closed || children.size() > 1) {
      return;
    }
    CowLinks above = parent;
    parent = null;
    if (!children.isEmpty()) {
      handOver(children.removeFirst(), above);
    }
    table.end();
    if (above != null) {
      above.children.remove(this);
      above.settle();
    }
  }

  /** The only child gets the pages it wants, and links that passed through here go one up. */
  private void handOver(CowLinks child, @Nullable CowLinks above) {
    child.parent = above;
    long page = child.windows.nextUsed(0, Windows.END_PAGE);
    for (; page < Windows.END_PAGE; page = child.windows.nextUsed(page + 1, Windows.END_PAGE)) {
      int state = child.windows.state(page);
      if ((state & PageTable.LINKED) != 0 && (windows.state(page) & PageTable.PRESENT) != 0) {
        HostMemory.copy(table.hostOf(page), child.table.hostOf(page), PAGE_SIZE);
        child.windows.setState(page, state & PageTable.SOURCE | PageTable.PRESENT);
        child.linkedPages--;
        child.table.addPrivatePages(1);
        table.addPrivatePages(-1);
      }
    }
    if (above != null && child.linkedPages != 0) {
      above.children.add(child);
    } else {
      child.parent = null;
    }
  }
}
