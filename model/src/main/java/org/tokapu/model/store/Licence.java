package org.tokapu.model.store;

import java.util.List;
import java.util.Locale;

/// The licence of a model as its card names it, and what that means for using it in a business.
///
/// A hint to read the text, not advice: unknown names are said to be unknown.
///
/// @param id the name, in lower case: `apache-2.0`
/// @param terms what it allows
public record Licence(String id, Terms terms) {
  /// What a licence allows.
  public enum Terms {
    /// Any use, with credit or notices at most.
    FREE,
    /// Any use; what is derived and passed on must be under the same licence.
    SHARE_ALIKE,
    /// Commercial use under conditions: forbidden uses, limits of size, naming duties.
    CONDITIONS,
    /// Research or private use alone.
    NON_COMMERCIAL,
    /// Not in our table.
    UNKNOWN
  }

  private record Rule(String begins, Terms terms) {}

  /// The first rule whose text the name begins with counts. Names as the Hub's list of licences has
  /// them, and the custom ones of well-known models.
  private static final List<Rule> RULES =
      List.of(
          new Rule("apache-", Terms.FREE),
          new Rule("mit", Terms.FREE),
          new Rule("bsd", Terms.FREE),
          new Rule("isc", Terms.FREE),
          new Rule("zlib", Terms.FREE),
          new Rule("unlicense", Terms.FREE),
          new Rule("cc0", Terms.FREE),
          new Rule("pddl", Terms.FREE),
          new Rule("odc-by", Terms.FREE),
          new Rule("cdla-permissive", Terms.FREE),
          new Rule("artistic-2.0", Terms.FREE),
          new Rule("cc-by-nc", Terms.NON_COMMERCIAL),
          new Rule("cc-by-sa", Terms.SHARE_ALIKE),
          new Rule("cc-by-nd", Terms.CONDITIONS),
          new Rule("cc-by", Terms.FREE),
          new Rule("gpl", Terms.SHARE_ALIKE),
          new Rule("agpl", Terms.SHARE_ALIKE),
          new Rule("lgpl", Terms.SHARE_ALIKE),
          new Rule("mpl", Terms.SHARE_ALIKE),
          new Rule("llama", Terms.CONDITIONS),
          new Rule("gemma", Terms.CONDITIONS),
          new Rule("qwen-research", Terms.NON_COMMERCIAL),
          new Rule("tongyi-qianwen-research", Terms.NON_COMMERCIAL),
          new Rule("qwen", Terms.CONDITIONS),
          new Rule("tongyi-qianwen", Terms.CONDITIONS),
          new Rule("deepseek", Terms.CONDITIONS),
          new Rule("hyperclovax", Terms.CONDITIONS),
          new Rule("bigscience", Terms.CONDITIONS),
          new Rule("bigcode", Terms.CONDITIONS),
          new Rule("creativeml", Terms.CONDITIONS),
          new Rule("openrail", Terms.CONDITIONS),
          new Rule("exaone", Terms.NON_COMMERCIAL),
          new Rule("mrl", Terms.NON_COMMERCIAL),
          new Rule("mnpl", Terms.NON_COMMERCIAL),
          new Rule("intel-research", Terms.NON_COMMERCIAL),
          new Rule("apple-amlr", Terms.NON_COMMERCIAL),
          new Rule("h-research", Terms.NON_COMMERCIAL),
          new Rule("fair-noncommercial", Terms.NON_COMMERCIAL));

  /// Looks a name up, in any case.
  public static Licence of(String name) {
    String id = name.strip().toLowerCase(Locale.ROOT);
    if (id.contains("non-commercial") || id.contains("noncommercial")) {
      return new Licence(id, Terms.NON_COMMERCIAL);
    }
    Terms terms =
        RULES.stream()
            .filter(rule -> id.startsWith(rule.begins))
            .map(Rule::terms)
            .findFirst()
            .orElse(Terms.UNKNOWN);
    return new Licence(id, terms);
  }
}
