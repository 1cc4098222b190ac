package org.tokapu.assistant.window;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.assistant.window.WindowReport.Share;
import org.tokapu.base.OutOfCapacityException;

/// Chooses what of a conversation the model is shown.
///
/// System and pinned messages and the newest turn (the last user message and what follows it)
/// always stay. The rest leaves by whole turns, the oldest first; a turn is a user message and what
/// follows it up to the next one. A turn that holds a pinned message goes last, and then all of it
/// but the pinned message. As few turns leave as must; only a summary, which costs a generation,
/// makes room for several turns at once: what stays then takes at most half of the room.
///
/// A summary is written behind the system message; without one, in front of the first user message
/// that stays: a system message of its own would replace what many templates say by themselves.
///
/// Pure: no clock, no model, no database; the same input gives the same window. Thread-safe if
/// counter and summarizer are.
public final class ContextWindow {
  private final int context;
  private final WindowPolicy policy;
  private final TokenCounter counter;
  private final Summarizer summarizer;

  /// @param context how many tokens the model can see
  /// @param summarizer used by [Strategy#SUMMARIZE] alone
  public ContextWindow(
      int context, WindowPolicy policy, TokenCounter counter, Summarizer summarizer) {
    this.context = context;
    this.policy = policy;
    this.counter = counter;
    this.summarizer = summarizer;
  }

  /// Fits a conversation.
  ///
  /// @param known an earlier summary of the same branch, used by [Strategy#SUMMARIZE] alone
  /// @throws OutOfCapacityException if what must stay does not fit, or something would have to
  ///   leave and may not
  public FittedWindow fit(List<WindowMessage> messages, Optional<Summary> known) {
    int room = context - policy.reserve();
    BitSet all = new BitSet();
    all.set(0, messages.size());
    int whole = count(messages, all, "");
    boolean summarizes = policy.strategy() == Strategy.SUMMARIZE;
    BitSet covered = summarizes ? covered(messages, known) : new BitSet();
    if (covered.isEmpty() && whole <= room) {
      return window(messages, all, "", whole, Optional.empty());
    }
    if (policy.strategy() == Strategy.ERROR) {
      throw new OutOfCapacityException(
          ("the conversation has %d tokens, and %d are kept for the answer, but the context holds %d;"
                  + " shorten it, or let old turns leave (truncate, summarize)")
              .formatted(whole, policy.reserve(), context));
    }
    if (!summarizes) {
      List<BitSet> units = units(messages, covered);
      BitSet kept = without(all, units, leaving(messages, all, units, room));
      return window(messages, kept, "", whole, Optional.empty());
    }
    return condensed(messages, all, covered, known.map(Summary::text).orElse(""), whole);
  }

  private FittedWindow condensed(
      List<WindowMessage> messages, BitSet all, BitSet covered, String before, int whole) {
    int room = context - policy.reserve();
    BitSet open = (BitSet) all.clone();
    open.andNot(covered);
    String summary = covered.isEmpty() ? "" : before;
    if (count(messages, open, summary) <= room) {
      return window(messages, open, summary, whole, Optional.empty());
    }
    List<BitSet> units = units(messages, covered);
    int least = leaving(messages, open, units, room);
    int target = Math.min(room / 2, room - policy.summaryTokens());
    int most = leavingAtMost(messages, open, units, target);
    BitSet kept = without(open, units, Math.max(least, most));
    BitSet gone = (BitSet) open.clone();
    gone.andNot(kept);
    int free = Math.min(policy.summaryTokens(), room - count(messages, kept, ""));
    String text =
        gone.isEmpty() ? summary : summarizer.summarize(summary, bodies(messages, gone), free);
    String fitting = cut(messages, kept, text.strip(), room);
    BitSet out = (BitSet) all.clone();
    out.andNot(kept);
    Set<Long> numbers = new HashSet<>();
    out.stream().forEach(i -> numbers.add(messages.get(i).number()));
    Optional<Summary> fresh =
        fitting.isEmpty() ? Optional.empty() : Optional.of(new Summary(fitting, numbers));
    return window(messages, kept, fitting, whole, fresh);
  }

  /// Shortens a summary until it fits; to nothing if not even a little of it does.
  private String cut(List<WindowMessage> messages, BitSet kept, String text, int room) {
    String out = text;
    while (!out.isEmpty() && count(messages, kept, out) > room) {
      int end = out.offsetByCodePoints(0, out.codePointCount(0, out.length()) / 2);
      out = out.substring(0, end).strip();
    }
    return out;
  }

  /// Returns the messages that a known summary stands for and that need not be shown.
  private static BitSet covered(List<WindowMessage> messages, Optional<Summary> known) {
    BitSet out = new BitSet();
    if (known.isPresent() && !known.get().text().isBlank()) {
      int newest = newestTurn(messages);
      for (int i = 0; i < newest; i++) {
        WindowMessage m = messages.get(i);
        if (known.get().covers().contains(m.number()) && !m.isSystem() && !m.pinned()) {
          out.set(i);
        }
      }
    }
    return out;
  }

  /// Returns where the last user message is; without one, the last message.
  private static int newestTurn(List<WindowMessage> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).isUser()) {
        return i;
      }
    }
    return Math.max(0, messages.size() - 1);
  }

  /// Returns what may leave, in the order in which it leaves.
  private static List<BitSet> units(List<WindowMessage> messages, BitSet covered) {
    List<BitSet> free = new ArrayList<>();
    List<BitSet> held = new ArrayList<>();
    int newest = newestTurn(messages);
    for (int start = 0; start < newest; ) {
      int end = start + 1;
      while (end < newest && !messages.get(end).isUser()) {
        end++;
      }
      BitSet unit = new BitSet();
      boolean pinned = false;
      for (int i = start; i < end; i++) {
        pinned |= messages.get(i).pinned();
        unit.set(i, !messages.get(i).pinned() && !messages.get(i).isSystem() && !covered.get(i));
      }
      if (!unit.isEmpty()) {
        (pinned ? held : free).add(unit);
      }
      start = end;
    }
    free.addAll(held);
    return free;
  }

  /// Returns how many units must leave.
  private int leaving(List<WindowMessage> messages, BitSet from, List<BitSet> units, int room) {
    int must = count(messages, without(from, units, units.size()), "");
    if (must > room) {
      throw new OutOfCapacityException(
          ("the system message, the pinned messages and the newest turn have %d tokens, and %d are"
                  + " kept for the answer, but the context holds %d; shorten them, or unpin some")
              .formatted(must, policy.reserve(), context));
    }
    return leavingAtMost(messages, from, units, room);
  }

  /// Returns the smallest number of units without which the prompt fits; all, if it never does.
  private int leavingAtMost(
      List<WindowMessage> messages, BitSet from, List<BitSet> units, int room) {
    int low = 0;
    int high = units.size();
    while (low < high) {
      int middle = (low + high) / 2;
      if (count(messages, without(from, units, middle), "") <= room) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static BitSet without(BitSet from, List<BitSet> units, int leaving) {
    BitSet out = (BitSet) from.clone();
    units.subList(0, leaving).forEach(out::andNot);
    return out;
  }

  private FittedWindow window(
      List<WindowMessage> messages,
      BitSet kept,
      String summary,
      int whole,
      Optional<Summary> fresh) {
    int prompt = count(messages, kept, summary);
    int plain = summary.isEmpty() ? prompt : count(messages, kept, "");
    Share gone = new Share(messages.size() - kept.cardinality(), whole - plain);
    WindowReport report =
        new WindowReport(
            policy.strategy(),
            context,
            policy.reserve(),
            prompt,
            new Share(kept.cardinality(), plain),
            summary.isEmpty() ? Share.NONE : gone,
            summary.isEmpty() ? gone : Share.NONE,
            prompt - plain);
    return new FittedWindow(render(messages, kept, summary), fresh, report);
  }

  private int count(List<WindowMessage> messages, BitSet kept, String summary) {
    return counter.count(render(messages, kept, summary));
  }

  private static List<Map<String, @Nullable Object>> bodies(
      List<WindowMessage> messages, BitSet which) {
    List<Map<String, @Nullable Object>> out = new ArrayList<>();
    which.stream().forEach(i -> out.add(messages.get(i).body()));
    return out;
  }

  private static List<Map<String, @Nullable Object>> render(
      List<WindowMessage> messages, BitSet kept, String summary) {
    List<Map<String, @Nullable Object>> out = bodies(messages, kept);
    if (summary.isEmpty()) {
      return out;
    }
    String text = "Summary of the conversation so far:\n" + summary;
    boolean system =
        "system".equals(role(out.getFirst())) || "developer".equals(role(out.getFirst()));
    int user = 0;
    while (user < out.size() && !"user".equals(role(out.get(user)))) {
      user++;
    }
    int at = system || user == out.size() ? 0 : user;
    Map<String, @Nullable Object> longer = new LinkedHashMap<>(out.get(at));
    longer.put("content", joined(longer.get("content"), text, system));
    out.set(at, longer);
    return out;
  }

  private static @Nullable Object role(Map<String, @Nullable Object> body) {
    return body.get("role");
  }

  /// Puts a text behind what a message says, or in front of it.
  private static Object joined(@Nullable Object content, String text, boolean behind) {
    if (content instanceof List<?> parts) {
      List<@Nullable Object> longer = new ArrayList<>(parts);
      longer.add(behind ? longer.size() : 0, Map.of("type", "text", "text", text));
      return longer;
    }
    if (!(content instanceof String said) || said.isEmpty()) {
      return text;
    }
    return behind ? said + "\n\n" + text : text + "\n\n" + said;
  }
}
