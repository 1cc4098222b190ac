package org.tokapu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Plans over sequences of numbers.
class SchedulerTests {
  private static final int PAGE = 8;

  /// A sequence that wants `prompt` rows and then generates `tokens` tokens.
  private static final class Rows implements Scheduler.Work {
    final String scope;
    final int tokens;
    int length;
    int generated;
    int computed;
    int begun;
    boolean holds;
    boolean prompt;

    Rows(String scope, int prompt, int tokens) {
      this.scope = scope;
      this.tokens = tokens;
      length = prompt;
    }

    @Override
    public String scope() {
      return scope;
    }

    @Override
    public int pending() {
      return length - computed;
    }

    int pages() {
      return Math.ceilDiv(computed, PAGE);
    }

    @Override
    public String toString() {
      return "%s %d/%d + %d/%d".formatted(scope, computed, length, generated, tokens);
    }
  }

  /// Pages that nobody shares, and the loop that runs what is planned.
  private static final class World implements Scheduler.Pages<Rows> {
    final int total;
    final int budget;
    final Scheduler<Rows> scheduler;
    final List<Rows> live = new ArrayList<>();
    final List<Rows> begun = new ArrayList<>();
    int used;
    int givenUp;

    World(int total, int budget) {
      this.total = total;
      this.budget = budget;
      scheduler = new Scheduler<>(budget);
    }

    Rows add(String scope, int prompt, int tokens) {
      Rows rows = new Rows(scope, prompt, tokens);
      live.add(rows);
      scheduler.add(rows);
      return rows;
    }

    @Override
    public int available() {
      return total - used;
    }

    @Override
    public int needed(Rows rows, int more) {
      return Math.ceilDiv(rows.computed + more, PAGE) - rows.pages();
    }

    @Override
    public void begin(Rows rows) {
      assertThat(rows.holds).isFalse();
      rows.holds = true;
      rows.prompt = true;
      if (rows.begun++ == 0) {
        begun.add(rows);
      }
    }

    @Override
    public void giveUp(Rows rows) {
      assertThat(rows.holds).isTrue();
      givenUp++;
      release(rows);
    }

    void release(Rows rows) {
      used -= rows.pages();
      rows.computed = 0;
      rows.holds = false;
    }

    List<Scheduler.Slice<Rows>> step() {
      List<Scheduler.Slice<Rows>> plan = scheduler.plan(this);
      check(plan);
      for (Scheduler.Slice<Rows> slice : plan) {
        Rows rows = slice.sequence();
        used -= rows.pages();
        rows.computed += slice.rows();
        used += rows.pages();
        if (rows.pending() == 0) {
          rows.prompt = false;
          rows.generated++;
          if (rows.generated == rows.tokens) {
            end(rows);
          } else {
            rows.length++;
          }
        }
      }
      assertThat(used).isBetween(0, total);
      return plan;
    }

    void end(Rows rows) {
      scheduler.remove(rows);
      live.remove(rows);
      release(rows);
    }

    private void check(List<Scheduler.Slice<Rows>> plan) {
      assertThat(plan.isEmpty()).as("a plan of nothing").isEqualTo(live.isEmpty());
      assertThat(plan.stream().mapToInt(Scheduler.Slice::rows).sum()).isLessThanOrEqualTo(budget);
      Set<Rows> seen = new HashSet<>();
      boolean prompts = false;
      for (Scheduler.Slice<Rows> slice : plan) {
        Rows rows = slice.sequence();
        assertThat(seen.add(rows)).as("once in a plan").isTrue();
        assertThat(rows.holds).isTrue();
        assertThat(slice.rows()).isBetween(1, rows.pending());
        assertThat(prompts && !rows.prompt).as("generation comes first").isFalse();
        prompts |= rows.prompt;
      }
      assertThat(scheduler.running()).isLessThanOrEqualTo(budget);
      assertThat(scheduler.running() + scheduler.waiting()).isEqualTo(live.size());
    }
  }

  private static List<Integer> rows(List<Scheduler.Slice<Rows>> plan) {
    return plan.stream().map(Scheduler.Slice::rows).toList();
  }

  @Test
  void nothingToDoIsAnEmptyPlan() {
    assertThat(new World(4, 8).step()).isEmpty();
  }

  @Test
  void promptsComeInChunksBesideGeneration() {
    World world = new World(100, 10);
    Rows first = world.add("a", 4, 5);
    assertThat(rows(world.step())).containsExactly(4);
    world.add("a", 25, 1);
    assertThat(rows(world.step())).containsExactly(1, 9);
    assertThat(rows(world.step())).containsExactly(1, 9);
    assertThat(rows(world.step())).containsExactly(1, 7);
    assertThat(world.live).containsExactly(first);
  }

  @Test
  void withinAScopeFirstComeFirstServed() {
    World world = new World(100, 10);
    Rows a = world.add("a", 15, 1);
    Rows b = world.add("a", 15, 1);
    assertThat(world.step()).containsExactly(new Scheduler.Slice<>(a, 10));
    assertThat(world.step())
        .containsExactly(new Scheduler.Slice<>(a, 5), new Scheduler.Slice<>(b, 5));
  }

  @Test
  void aLongPromptDoesNotKeepAnotherScopeWaiting() {
    World world = new World(1000, 10);
    world.add("long", 1000, 1);
    world.step();
    Rows other = world.add("short", 5, 1);
    world.step();
    world.step();
    assertThat(world.live).doesNotContain(other);
  }

  @Test
  void manyRequestsOfOneScopeDoNotKeepAnotherWaiting() {
    World world = new World(1000, 10);
    for (int i = 0; i < 50; i++) {
      world.add("many", 20, 1);
    }
    world.step();
    Rows other = world.add("one", 5, 1);
    world.step();
    world.step();
    assertThat(world.live).doesNotContain(other);
  }

  @Test
  void theYoungestGivesWayAndTheOldestGoesOn() {
    World world = new World(4, 8);
    Rows old = world.add("a", 8, 20);
    world.step();
    Rows young = world.add("a", 8, 20);
    while (world.live.contains(old)) {
      int before = old.generated;
      world.step();
      assertThat(old.generated).isEqualTo(before + 1);
    }
    assertThat(world.givenUp).isPositive();
    assertThat(young.generated).isLessThan(20);
    while (!world.live.isEmpty()) {
      world.step();
    }
  }

  @Test
  void nobodyOvertakesOneThatWaitsForRoom() {
    World world = new World(6, 16);
    world.add("a", 30, 8); // 4 pages, and a fifth later
    world.step();
    Rows large = world.add("b", 24, 1);
    Rows small = world.add("c", 4, 1);
    while (large.begun == 0) {
      world.step();
      assertThat(small.begun).isLessThanOrEqualTo(large.begun);
    }
  }

  @Test
  void theRemovedAreForgotten() {
    World world = new World(6, 8);
    Rows running = world.add("a", 8, 100);
    Rows waiting = world.add("a", 40, 1);
    Rows refused = world.add("b", 40, 1);
    world.step();
    List.of(waiting, refused, running).forEach(world::end);
    assertThat(world.step()).isEmpty();
    assertThat(world.scheduler.running() + world.scheduler.waiting()).isZero();
    world.scheduler.remove(running); // harmless
  }

  /// Two scopes with prompts waiting never differ by more than two budgets in what they are given.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void scopesWithPromptsShareEvenly(long seed) {
    Random random = new Random(seed);
    int budget = 1 + random.nextInt(40);
    World world = new World(1_000_000, budget);
    Map<String, Integer> given = new HashMap<>();
    for (int s = 0; s < 4; s++) {
      given.put("s" + s, 0);
      for (int rows = 0; rows < 4000; ) {
        rows += world.add("s" + s, 1 + random.nextInt(120), 1).length;
      }
    }
    for (int step = 0; step < 8000 / budget; step++) {
      for (Scheduler.Slice<Rows> slice : world.step()) {
        given.merge(slice.sequence().scope(), slice.rows(), Integer::sum);
      }
      int most = given.values().stream().mapToInt(i -> i).max().orElseThrow();
      int least = given.values().stream().mapToInt(i -> i).min().orElseThrow();
      assertThat(most - least).isLessThanOrEqualTo(2 * budget);
    }
  }

  /// Random arrivals, cancellations and little memory: the invariants of [World] hold, begun in
  /// order within a scope, and everything ends.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void everySequenceFinishes(long seed) {
    Random random = new Random(seed);
    int budget = 1 + random.nextInt(30);
    int total = 4 + random.nextInt(30);
    World world = new World(total, budget);
    List<Rows> all = new ArrayList<>();
    for (int step = 0; step < 400; step++) {
      while (random.nextInt(4) == 0) {
        int prompt = 1 + random.nextInt(total * PAGE / 2);
        int tokens = 1 + random.nextInt(total * PAGE - prompt);
        all.add(world.add("s" + random.nextInt(5), prompt, tokens));
      }
      if (!world.live.isEmpty() && random.nextInt(20) == 0) {
        Rows cancelled = world.live.get(random.nextInt(world.live.size()));
        world.end(cancelled);
        all.remove(cancelled);
      }
      world.step();
    }
    long bound = all.stream().mapToLong(rows -> 4L * rows.tokens + rows.length).sum() * 4 + 1000;
    while (!world.live.isEmpty() && bound-- > 0) {
      world.step();
    }
    assertThat(world.live).isEmpty();
    assertThat(all).allSatisfy(rows -> assertThat(rows.generated).isEqualTo(rows.tokens));
    for (int s = 0; s < 5; s++) {
      String scope = "s" + s;
      List<Rows> order = world.begun.stream().filter(r -> r.scope.equals(scope)).toList();
      List<Rows> arrival = all.stream().filter(r -> r.scope.equals(scope)).toList();
      assertThat(order.stream().filter(arrival::contains).toList()).isEqualTo(arrival);
    }
  }

  /// New scopes that keep coming starve nobody.
  @Test
  void newcomersDoNotStarveAnybody() {
    World world = new World(30, 8);
    Rows patient = world.add("patient", 100, 60);
    for (int i = 0; world.live.contains(patient); i++) {
      assertThat(i).isLessThan(2000);
      world.add("new" + i, 8, 1);
      world.step();
    }
  }
}
