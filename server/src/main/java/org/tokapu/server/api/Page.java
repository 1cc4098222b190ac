package org.tokapu.server.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.tokapu.server.http.ApiError;
import org.tokapu.server.http.Endpoint;
import org.tokapu.server.http.Exchange;

/// The chat page and its parts, from the resources of this module.
final class Page implements Endpoint {
  private static final String ROOT = "/org/tokapu/server/web/";

  /// Nothing from elsewhere; KaTeX and markup set styles of elements.
  private static final String POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "json", "application/json",
          "txt", "text/plain; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "woff2", "font/woff2");

  private final String path;

  /// @param path `/`, or a pattern with the name of a file
  Page(String path) {
    this.path = path;
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String scope() {
    return "";
  }

  @Override
  public void handle(Exchange exchange) {
    String name =
        path.equals("/") ? "index.html" : path.substring(1).replace("{file}", file(exchange));
    byte[] content = read(name);
    String tag = tag(content);
    exchange.setHeader("etag", tag);
    exchange.setHeader("cache-control", "no-cache");
    exchange.setHeader("content-security-policy", POLICY);
    exchange.setHeader("x-content-type-options", "nosniff");
    exchange.setHeader("referrer-policy", "no-referrer");
    if (exchange.header("if-none-match").filter(tag::equals).isPresent()) {
      exchange.empty(304);
      return;
    }
    String ending = name.substring(name.lastIndexOf('.') + 1);
    exchange.send(200, TYPES.getOrDefault(ending, "application/octet-stream"), content);
  }

  private String file(Exchange exchange) {
    if (!path.contains("{file}")) {
      return "";
    }
    String file = exchange.parameter("file");
    if (!file.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
      throw missing(file);
    }
    return file;
  }

  private static byte[] read(String name) {
    try (InputStream in = Page.class.getResourceAsStream(ROOT + name)) {
      return Optional.ofNullable(in).orElseThrow(() -> missing(name)).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ApiError missing(String name) {
    return ApiError.notFound(null, "unknown_url", "There is no file %s.".formatted(name));
  }

  private static String tag(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
