package org.tokapu.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tokapu.model.KvPool;
import org.tokapu.model.KvSequence;

/// The keys and values of sequences that have run, kept for those that begin alike.
///
/// A tree of pages: an edge is the ids of one page, compared one by one, so that no two prefixes
/// are ever mistaken for each other. Every page belongs to a scope, or is public, and below a page
/// of a scope everything is that scope's; a scope finds its own pages and public ones, nothing
/// else. The last page of a sequence may be partly filled; any page may be taken over up to any
/// token, since whoever writes on a shared page copies it first.
///
/// Holds each page once in the pool ([KvPool#keep]) and gives up those that nobody else holds, the
/// longest unused first, when the pool asks for one. Belongs to the thread that runs the model.
final class PrefixCache {
  /// What a page is found by: who may, and the ids on it.
  private record Key(@Nullable String scope, int[] ids) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key(String otherScope, int[] otherIds)
          && Objects.equals(scope, otherScope)
          && Arrays.equals(ids, otherIds);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(ids) + Objects.hashCode(scope);
    }

    @Override
    public String toString() {
      return "Key[%s, %d ids]".formatted(scope, ids.length);
    }
  }

  private static final class Node {
    final @Nullable Node parent;
    Key key;
    final KvPool.@Nullable Page page;
    final Map<Key, Node> children = new HashMap<>();

    Node(@Nullable Node parent, Key key, KvPool.@Nullable Page page) {
      this.parent = parent;
      this.key = key;
      this.page = page;
    }

    KvPool.Page held() {
      if (page == null) {
        throw new IllegalStateException("the root holds no page");
      }
      return page;
    }
  }

  /// The longest known beginning of a prompt.
  ///
  /// @param pages its pages, in order
  /// @param tokens how many ids they share with the prompt
  record Match(List<KvPool.Page> pages, int tokens) {
    /// Returns how many of the pages nobody but the cache holds.
    int idlePages() {
      return (int) pages.stream().filter(KvPool.Page::idle).count();
    }
  }

  private final KvPool pool;
  private final int pageTokens;
  private final Node root = new Node(null, new Key(null, new int[0]), null);

  /// All nodes, the longest unused first; a page always stands before the one it continues.
  private final LinkedHashSet<Node> byUse = new LinkedHashSet<>();

  /// Starts an empty cache, which gives pages up when `pool` asks.
  PrefixCache(KvPool pool) {
    this.pool = pool;
    pageTokens = pool.layout().pageTokens();
    pool.reclaimBy(this::evict);
  }

  /// Returns how many pages are kept.
  int pages() {
    return byUse.size();
  }

  /// Finds the longest beginning of `prompt` that `scope` may use, at most `most` tokens.
  Match match(int[] prompt, int most, String scope) {
    return match(deepest(prompt, most, scope));
  }

  /// Starts a sequence with what [#match] finds, and counts that as a use.
  KvSequence take(int[] prompt, int most, String scope) {
    Place place = deepest(prompt, most, scope);
    touch(place.node());
    Match match = match(place);
    return pool.open(match.pages(), match.tokens());
  }

  /// As [#take], but forgets a last page that is shared in part only, and all that follows it, so
  /// that it can be written on without a copy unless other sequences hold it.
  KvSequence claim(int[] prompt, int most, String scope) {
    Place place = deepest(prompt, most, scope);
    KvSequence sequence = take(prompt, most, scope);
    if (place.shared() % pageTokens != 0) {
      dropAll(place.node());
    }
    return sequence;
  }

  private void dropAll(Node node) {
    List.copyOf(node.children.values()).forEach(this::dropAll);
    drop(node);
  }

  /// Where a prompt stops being known.
  private record Place(Node node, int shared) {}

  private Match match(Place place) {
    List<KvPool.Page> pages = new ArrayList<>();
    for (Node n = place.node(); n.parent != null; n = n.parent) {
      pages.add(n.held());
    }
    return new Match(pages.reversed(), place.shared());
  }

  /// Walks the public pages, and from each of them into the scope's own.
  private Place deepest(int[] prompt, int most, String scope) {
    Place best = new Place(root, 0);
    Node shared = root;
    for (int depth = 0; shared != null; depth++) {
      Node own = whole(shared, depth, prompt, most, scope);
      Place place =
          own == null
              ? partly(shared, depth, prompt, most, scope)
              : own(own, depth + 1, prompt, most, scope);
      if (place.shared() > best.shared()) {
        best = place;
      }
      shared = whole(shared, depth, prompt, most, null);
    }
    return best;
  }

  /// Goes down as far as whole pages reach, and on into one more.
  private Place own(Node from, int pages, int[] prompt, int most, String scope) {
    Node at = from;
    int depth = pages;
    Node next = whole(at, depth, prompt, most, scope);
    while (next != null) {
      at = next;
      next = whole(at, ++depth, prompt, most, scope);
    }
    return partly(at, depth, prompt, most, scope);
  }

  private @Nullable Node whole(Node at, int depth, int[] prompt, int most, @Nullable String scope) {
    int from = depth * pageTokens;
    return from + pageTokens > most
        ? null
        : at.children.get(new Key(scope, Arrays.copyOfRange(prompt, from, from + pageTokens)));
  }

  /// Finds the page after `at` that shares the most tokens.
  private Place partly(Node at, int depth, int[] prompt, int most, String scope) {
    int from = depth * pageTokens;
    Place best = new Place(at, from);
    for (Node child : at.children.values()) {
      if (visible(child, scope)) {
        int[] ids = child.key.ids;
        int room = Math.min(ids.length, most - from);
        int mismatch = Arrays.mismatch(ids, 0, room, prompt, from, from + room);
        int same = from + (mismatch < 0 ? room : mismatch);
        if (same > best.shared()) {
          best = new Place(child, same);
        }
      }
    }
    return best;
  }

  private static boolean visible(Node node, String scope) {
    return node.key.scope == null || node.key.scope.equals(scope);
  }

  /// Keeps pages of a sequence. Where a page with the same ids is known already, the sequence takes
  /// that one in place of its own.
  ///
  /// @param ids what the sequence holds, one for each of its positions
  /// @param publicTokens how many of them, from the first, any scope may use
  /// @param partial whether a last page that is partly filled is kept too; only of a sequence that
  ///   has ended, since nobody may write on it any more
  void insert(KvSequence sequence, int[] ids, String scope, int publicTokens, boolean partial) {
    Node at = root;
    for (int i = 0; i * pageTokens < ids.length; i++) {
      int to = Math.min(ids.length, (i + 1) * pageTokens);
      int[] page = Arrays.copyOfRange(ids, i * pageTokens, to);
      Key key = new Key(to <= publicTokens ? null : scope, page);
      if (page.length < pageTokens && !partial) {
        break;
      }
      Node known = known(at, key, scope);
      if (known == null) {
        known = add(at, key, sequence.page(i));
      } else if (page.length == pageTokens && known.held() != sequence.page(i)) {
        sequence.adopt(i, known.held());
      }
      at = known;
    }
    touch(at);
  }

  /// Returns the page that serves as well as one of this key; what was private becomes public if
  /// the key is.
  private @Nullable Node known(Node at, Key key, String scope) {
    if (key.ids.length < pageTokens) {
      for (Node child : at.children.values()) {
        if (visible(child, scope) && startsWith(child.key.ids, key.ids)) {
          return child;
        }
      }
      return null;
    }
    Node shared = at.children.get(new Key(null, key.ids));
    Node own = shared != null ? shared : at.children.get(new Key(scope, key.ids));
    if (own != null && own.key.scope != null && key.scope == null) {
      at.children.remove(own.key);
      own.key = key;
      at.children.put(key, own);
    }
    return own;
  }

  private Node add(Node at, Key key, KvPool.Page page) {
    List<Node> shorter =
        at.children.values().stream()
            .filter(child -> Objects.equals(child.key.scope, key.scope))
            .filter(child -> startsWith(key.ids, child.key.ids))
            .toList();
    shorter.forEach(this::drop);
    pool.keep(page);
    Node node = new Node(at, key, page);
    at.children.put(key, node);
    byUse.add(node);
    return node;
  }

  private static boolean startsWith(int[] ids, int[] prefix) {
    return prefix.length <= ids.length
        && Arrays.equals(ids, 0, prefix.length, prefix, 0, prefix.length);
  }

  /// Counts a use of a page and of all that it continues, which thereby stand behind it.
  private void touch(Node node) {
    for (Node n = node; n.parent != null; n = n.parent) {
      byUse.remove(n);
      byUse.add(n);
    }
  }

  private void drop(Node node) {
    byUse.remove(node);
    if (node.parent != null) {
      node.parent.children.remove(node.key);
    }
    pool.drop(node.held());
  }

  /// Gives up the page that was unused for the longest time, among those that nobody else holds.
  private void evict() {
    for (Node node : byUse) {
      if (node.held().idle() && node.children.isEmpty()) {
        drop(node);
        return;
      }
    }
  }

  /// Gives up all pages of a scope.
  void forget(String scope) {
    List<Node> own = byUse.stream().filter(node -> scope.equals(node.key.scope)).toList();
    own.forEach(this::drop);
  }
}
