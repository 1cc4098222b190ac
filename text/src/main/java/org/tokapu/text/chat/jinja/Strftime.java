package org.tokapu.text.chat.jinja;

import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/// `strftime` in the C locale, of a time without a zone.
final class Strftime {
  private static final int MAX_FORMAT = 1_000;

  private Strftime() {}

  static String format(String format, ZonedDateTime time) {
    if (format.length() > MAX_FORMAT) {
      throw new Failure("a time format is longer than " + MAX_FORMAT + " characters");
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
        continue;
      }
      char code = format.charAt(++i);
      if ((code == '-' || code == '_') && i + 1 < format.length()) {
        String value = one(format.charAt(++i), time);
        out.append(unpadded(value, code));
      } else {
        out.append(one(code, time));
      }
    }
    return out.toString();
  }

  private static String unpadded(String value, char flag) {
    int zeros = 0;
    while (zeros + 1 < value.length()
        && value.charAt(zeros) == '0'
        && Character.isDigit(value.charAt(zeros + 1))) {
      zeros++;
    }
    return (flag == '_' ? " ".repeat(zeros) : "") + value.substring(zeros);
  }

  private static String one(char code, ZonedDateTime t) {
    int hour12 = (t.getHour() + 11) % 12 + 1;
    return switch (code) {
      case 'Y' -> String.valueOf(t.getYear());
      case 'C' -> two(t.getYear() / 100);
      case 'y' -> two(Math.floorMod(t.getYear(), 100));
      case 'm' -> two(t.getMonthValue());
      case 'd' -> two(t.getDayOfMonth());
      case 'e' -> String.format("%2d", t.getDayOfMonth());
      case 'H' -> two(t.getHour());
      case 'I' -> two(hour12);
      case 'M' -> two(t.getMinute());
      case 'S' -> two(t.getSecond());
      case 'f' -> String.format("%06d", t.getNano() / 1_000);
      case 'p' -> t.getHour() < 12 ? "AM" : "PM";
      case 'j' -> String.format("%03d", t.getDayOfYear());
      case 'a' -> t.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'A' -> t.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b', 'h' -> t.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'B' -> t.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'w' -> String.valueOf(t.getDayOfWeek().getValue() % 7);
      case 'u' -> String.valueOf(t.getDayOfWeek().getValue());
      case 'U' -> two((t.getDayOfYear() + 6 - t.getDayOfWeek().getValue() % 7) / 7);
      case 'W' -> two((t.getDayOfYear() + 6 - (t.getDayOfWeek().getValue() + 6) % 7) / 7);
      case 'V' -> two(t.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'G' -> String.valueOf(t.get(IsoFields.WEEK_BASED_YEAR));
      case 's' -> String.valueOf(t.getLong(ChronoField.INSTANT_SECONDS));
      case 'D', 'x' -> format("%m/%d/%y", t);
      case 'F' -> format("%Y-%m-%d", t);
      case 'T', 'X' -> format("%H:%M:%S", t);
      case 'R' -> format("%H:%M", t);
      case 'r' -> format("%I:%M:%S %p", t);
      case 'c' -> format("%a %b %e %H:%M:%S %Y", t);
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'Z', 'z' -> "";
      case '%' -> "%";
      default -> "%" + code;
    };
  }

  private static String two(int value) {
    return value < 10 ? "0" + value : String.valueOf(value);
  }
}
