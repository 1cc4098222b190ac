package org.tokapu.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.MissingFormatArgumentException;
import java.util.ResourceBundle;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MessagesTests {
  private final ResourceBundle english = Messages.of(Locale.ENGLISH).bundle();
  private final ResourceBundle korean = Messages.of(Locale.KOREA).bundle();

  @Test
  void bothLanguagesHaveTheSameKeys() {
    // The Korean bundle falls back on the English one key by key, so its own keys are compared.
    assertThat(own(korean)).isEqualTo(own(english));
  }

  private static TreeSet<String> own(ResourceBundle bundle) {
    TreeSet<String> keys = new TreeSet<>();
    for (String key : bundle.keySet()) {
      if (bundle.containsKey(key)) {
        keys.add(key);
      }
    }
    return keys;
  }

  @Test
  void translationsSaySomethingElse() {
    long same =
        english.keySet().stream()
            .filter(key -> english.getString(key).equals(korean.getString(key)))
            .filter(key -> !key.contains("footer"))
            .filter(key -> Pattern.compile("[a-z]{4}").matcher(english.getString(key)).find())
            .count();
    assertThat(same).as("texts that nobody translated").isZero();
  }

  @Test
  void bothLanguagesTakeTheSameArguments() {
    for (String key : english.keySet()) {
      assertThat(arguments(korean.getString(key)))
          .as(key)
          .isEqualTo(arguments(english.getString(key)));
    }
  }

  private static int arguments(String pattern) {
    Object[] given = new Object[0];
    while (true) {
      try {
        String.format(Locale.ROOT, pattern, given);
        return given.length;
      } catch (MissingFormatArgumentException e) {
        given = new Object[given.length + 1];
      }
    }
  }

  @Test
  void otherLanguagesAreAnsweredInEnglish() {
    assertThat(Messages.of(Locale.FRANCE).text("yes")).isEqualTo("yes");
    assertThat(Messages.of(Locale.of("ko", "KP")).text("yes")).isEqualTo("있음");
  }
}
