package org.tokapu.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Decides which rows of which sequences run next. Knows no clock, no threads and no model.
///
/// A plan holds at most `budget` rows. First comes the next row of every sequence that generates;
/// what is left goes to prompts, in chunks. Scopes take turns at that (deficit round robin: a turn
/// is worth `budget` rows, M. Shreedhar and G. Varghese, 1995), so that two scopes with prompts
/// waiting never differ by more than two budgets in what they were given; within a scope, first
/// come, first served. A sequence begins when its turn comes and its whole prompt has room beside
/// what the others still need; nobody overtakes one that waits for room.
///
/// When memory runs out all the same, the youngest gives its pages up and waits; it is the first to
/// begin again. The oldest always gets on, hence every sequence finishes. As many run at once as
/// the budget has rows, hence those that generate never keep a prompt from getting on.
///
/// @param <S> what is scheduled
final class Scheduler<S extends Scheduler.Work> {
  /// A sequence, as the scheduler sees it.
  interface Work {
    /// Returns who shares a turn with it.
    String scope();

    /// Returns how many rows are to be computed before it has its next token, at least 1.
    int pending();
  }

  /// The memory that sequences take.
  interface Pages<S> {
    /// Returns how many pages can be had without taking any from a running sequence.
    int available();

    /// Returns how many of these `rows` more rows would take. For one that waits, this includes the
    /// pages that it would share and that are available now.
    int needed(S sequence, int rows);

    /// Lets a sequence begin; it may find that some of its rows are computed already.
    void begin(S sequence);

    /// Takes all pages from a sequence, whose rows are then to be computed again.
    void giveUp(S sequence);
  }

  /// Rows of one sequence that are to run.
  record Slice<S>(S sequence, int rows) {}

  private static final class Entry<S> {
    final S sequence;
    final long arrival;
    final Scope<S> scope;

    /// Whether there are rows to compute before it (again) generates token by token.
    boolean prompt;

    boolean sliced;

    Entry(S sequence, long arrival, Scope<S> scope) {
      this.sequence = sequence;
      this.arrival = arrival;
      this.scope = scope;
    }
  }

  private static final class Scope<S> {
    final Deque<Entry<S>> waiting = new ArrayDeque<>();
    int size;
    int running;
    int credit;
  }

  private final int budget;
  private final IdentityHashMap<S, Entry<S>> entries = new IdentityHashMap<>();
  private final Map<String, Scope<S>> scopes = new HashMap<>();

  /// Scopes that have anything to do, the next turn first.
  private final Deque<Scope<S>> turns = new ArrayDeque<>();

  /// Those that run, the oldest first.
  private final List<Entry<S>> running = new ArrayList<>();

  /// Those that must begin before any other: refused for want of room, or sent back.
  private final TreeSet<Entry<S>> first = new TreeSet<>(Comparator.comparingLong(e -> e.arrival));

  private long arrivals;

  // Of the plan that is being made.
  private final List<Slice<S>> slices = new ArrayList<>();
  private int left;
  private int reserved;

  /// @param budget the most rows of a plan, and the most sequences that run at once
  Scheduler(int budget) {
    this.budget = budget;
  }

  /// Takes a sequence in.
  void add(S sequence) {
    Scope<S> scope = scopes.get(sequence.scope());
    if (scope == null) {
      scope = new Scope<>();
      scope.credit = budget;
      scopes.put(sequence.scope(), scope);
      turns.addLast(scope);
    }
    Entry<S> entry = new Entry<>(sequence, arrivals++, scope);
    entries.put(sequence, entry);
    scope.size++;
    scope.waiting.addLast(entry);
  }

  /// Forgets a sequence, which has ended; its memory is the caller's affair.
  void remove(S sequence) {
    Entry<S> entry = entries.remove(sequence);
    if (entry == null) {
      return;
    }
    if (running.remove(entry)) {
      entry.scope.running--;
    } else if (!first.remove(entry)) {
      entry.scope.waiting.remove(entry);
    }
    if (--entry.scope.size == 0) {
      scopes.remove(sequence.scope());
      turns.remove(entry.scope);
    }
  }

  /// Returns how many sequences hold memory.
  int running() {
    return running.size();
  }

  /// Returns how many sequences wait to begin, or to begin again.
  int waiting() {
    return entries.size() - running.size();
  }

  /// Returns the rows to run now; none only if there is no sequence. The caller runs them all, and
  /// then either removes a sequence or lets it want more rows.
  List<Slice<S>> plan(Pages<S> pages) {
    slices.clear();
    left = budget;
    reserved = 0;
    running.forEach(entry -> entry.sliced = false);
    for (Entry<S> entry : List.copyOf(running)) {
      if (running.contains(entry) && !entry.prompt) {
        give(entry, 1, pages);
      }
    }
    while (left > 0 && !first.isEmpty() && begins(first.first(), pages)) {
      Entry<S> entry = first.pollFirst();
      begin(entry, pages);
      give(entry, Math.min(entry.sequence.pending(), left), pages);
    }
    int idle = 0;
    while (left > 0 && idle < turns.size()) {
      idle = turn(turns.getFirst(), pages) ? 0 : idle + 1;
    }
    return List.copyOf(slices);
  }

  /// Gives rows to the next sequence of a scope; false if there is none that can take any. A turn
  /// may end in debt, which shortens the next one.
  private boolean turn(Scope<S> scope, Pages<S> pages) {
    Entry<S> entry = next(scope, pages);
    boolean given = false;
    if (entry != null) {
      int before = left;
      given = give(entry, Math.min(entry.sequence.pending(), left), pages);
      scope.credit -= before - left;
    }
    if (!given || scope.credit <= 0) {
      scope.credit = Math.min(budget, scope.credit + budget);
      turns.remove(scope);
      turns.addLast(scope);
    }
    return given;
  }

  private @Nullable Entry<S> next(Scope<S> scope, Pages<S> pages) {
    if (scope.running > 0) {
      for (Entry<S> entry : running) {
        if (entry.scope == scope && !entry.sliced && entry.prompt) {
          return entry;
        }
      }
    }
    Entry<S> entry = scope.waiting.peekFirst();
    if (entry == null || !first.isEmpty() || running.size() >= budget) {
      return null;
    }
    scope.waiting.removeFirst();
    if (begins(entry, pages)) {
      begin(entry, pages);
      return entry;
    }
    first.add(entry);
    return null;
  }

  /// Whether a sequence may begin: its whole prompt, what the prompts under way still need, and a
  /// page of growth for each that runs have room.
  private boolean begins(Entry<S> entry, Pages<S> pages) {
    if (running.isEmpty()) {
      return true;
    }
    int promised = reserved + running.size();
    for (Entry<S> other : running) {
      if (!other.sliced && other.prompt) {
        promised += pages.needed(other.sequence, other.sequence.pending());
      }
    }
    return running.size() < budget
        && promised + pages.needed(entry.sequence, entry.sequence.pending()) <= pages.available();
  }

  private void begin(Entry<S> entry, Pages<S> pages) {
    pages.begin(entry.sequence);
    entry.prompt = true;
    entry.sliced = false;
    entry.scope.running++;
    running.add(entry);
  }

  /// Adds rows to the plan if there is room, taking it from younger sequences if need be.
  private boolean give(Entry<S> entry, int rows, Pages<S> pages) {
    while (pages.needed(entry.sequence, rows) > pages.available() - reserved) {
      Entry<S> youngest = youngestAfter(entry);
      if (youngest != null) {
        sendBack(youngest, pages);
      } else if (running.size() > 1) {
        return false;
      } else {
        break; // alone: it fits, or running it says why not
      }
    }
    reserved += pages.needed(entry.sequence, rows);
    entry.sliced = true;
    entry.prompt = rows < entry.sequence.pending();
    left -= rows;
    slices.add(new Slice<>(entry.sequence, rows));
    return true;
  }

  private @Nullable Entry<S> youngestAfter(Entry<S> entry) {
    Iterator<Entry<S>> down = running.reversed().iterator();
    while (down.hasNext()) {
      Entry<S> other = down.next();
      if (other == entry) {
        return null;
      }
      if (!other.sliced) {
        return other;
      }
    }
    return null;
  }

  private void sendBack(Entry<S> entry, Pages<S> pages) {
    pages.giveUp(entry.sequence);
    running.remove(entry);
    entry.scope.running--;
    first.add(entry);
  }
}
