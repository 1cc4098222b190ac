package org.tokapu.model.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;

/// Speaks HTTP with a host of the Hugging Face kind: requests, redirects, the token, what a status
/// means.
///
/// The token is sent to the host it is for and dropped when a redirect leads elsewhere; a redirect
/// from https to http is refused. Thread-safe; close it to release its connections.
public final class HubClient implements AutoCloseable {
  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final int MOST_REDIRECTS = 8;
  private static final int MOST_JSON = 64 << 20;

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final URI endpoint;
  private final Optional<String> token;
  private final Retries.Pause pause;

  /// Speaks with `endpoint`.
  ///
  /// @param token an access token, for gated and private repositories
  public HubClient(URI endpoint, Optional<String> token) {
    this(endpoint, token, Thread::sleep);
  }

  HubClient(URI endpoint, Optional<String> token, Retries.Pause pause) {
    String scheme = String.valueOf(endpoint.getScheme());
    if (endpoint.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new TokapuException("HF_ENDPOINT should be an http or https address, is " + endpoint);
    }
    this.endpoint = endpoint;
    this.token = token;
    this.pause = pause;
  }

  /// Speaks with `HF_ENDPOINT`, or the public hub, with the token of `HF_TOKEN`.
  ///
  /// @param environment returns a variable or null: `System::getenv`
  /// @throws TokapuException if `HF_ENDPOINT` is no address
  public static HubClient of(Function<String, @Nullable String> environment) {
    String address = environment.apply("HF_ENDPOINT");
    String token = environment.apply("HF_TOKEN");
    String base = address == null || address.isBlank() ? DEFAULT_ENDPOINT : address.strip();
    try {
      return new HubClient(
          new URI(base.endsWith("/") ? base.substring(0, base.length() - 1) : base),
          Optional.ofNullable(token).map(String::strip).filter(t -> !t.isEmpty()));
    } catch (URISyntaxException e) {
      throw new TokapuException("HF_ENDPOINT is no address: " + base, e);
    }
  }

  /// Asks what a repository holds.
  ///
  /// @throws TokapuException if there is none, it is gated, or the host cannot be reached
  /// @throws org.tokapu.base.ModelFormatException if the answer is not what the protocol says
  public HubRepository repository(HubReference reference) {
    String path =
        "/api/models/" + reference.id() + "/revision/" + encoded(reference.revision(), false);
    URI uri = URI.create(endpoint + path + "?blobs=true");
    Retries retries = new Retries(reference.id(), Retries.OF_A_LISTING, pause);
    while (true) {
      try (InputStream body = get(uri, 0).body()) {
        byte[] json = body.readNBytes(MOST_JSON + 1);
        if (json.length > MOST_JSON) {
          throw new TokapuException(uri + " answers with more than 64 MiB; is it a model host?");
        }
        return HubRepository.of(reference, Json.parseObject(json, uri.toString()));
      } catch (IOException e) {
        retries.failed(e, time -> {});
      }
    }
  }

  /// Returns where a file is.
  URI address(HubRepository repository, HubFile file) {
    return URI.create(
        "%s/%s/resolve/%s/%s"
            .formatted(
                endpoint,
                repository.id(),
                encoded(repository.commit(), false),
                encoded(file.path(), true)));
  }

  Retries retries(String what) {
    return new Retries(what, Retries.OF_A_FILE, pause);
  }

  /// Asks for a resource from byte `from` on, once, following redirects.
  ///
  /// @return an answer with status 200, 206 or 416
  /// @throws RetryableException if it may work later
  /// @throws TokapuException if it will not
  HttpResponse<InputStream> get(URI uri, long from) throws IOException {
    URI at = uri;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HttpResponse<InputStream> response = send(at, from);
      int status = response.statusCode();
      if (status == 200 || status == 206 || status == 416) {
        return response;
      }
      response.body().close();
      if (status < 300 || status > 399) {
        throw failure(at, response);
      }
      at = redirected(at, response.headers().firstValue("Location"));
    }
    throw new TokapuException(uri + " redirects more than " + MOST_REDIRECTS + " times");
  }

  private HttpResponse<InputStream> send(URI at, long from) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at).timeout(ANSWER).header("User-Agent", "tokapu");
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    if (sameOrigin(at, endpoint)) {
      token.ifPresent(t -> request.header("Authorization", "Bearer " + t));
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TokapuException("interrupted; run it again to go on", e);
    } catch (IllegalArgumentException e) {
      throw new TokapuException("cannot ask " + at + ": " + e.getMessage(), e);
    }
  }

  private static URI redirected(URI from, Optional<String> location) {
    URI to;
    try {
      to = from.resolve(location.orElse(""));
    } catch (IllegalArgumentException e) {
      throw new TokapuException(from + " redirects to no address: " + location.orElse(""), e);
    }
    boolean http = "http".equals(to.getScheme());
    if (location.isEmpty() || to.getHost() == null || !(http || "https".equals(to.getScheme()))) {
      throw new TokapuException(from + " redirects to no address: " + location.orElse("nothing"));
    }
    if (http && "https".equals(from.getScheme())) {
      throw new TokapuException(from + " redirects from https to http; refused");
    }
    return to;
  }

  private static boolean sameOrigin(URI a, URI b) {
    return String.valueOf(a.getScheme()).equals(b.getScheme())
        && String.valueOf(a.getHost()).equalsIgnoreCase(b.getHost())
        && a.getPort() == b.getPort();
  }

  private IOException failure(URI at, HttpResponse<?> response) {
    int status = response.statusCode();
    if (status == 401 || status == 403) {
      throw new TokapuException(
          at
              + " answers "
              + status
              + ": the repository is private, gated or absent; accept its terms on the host's"
              + " website and set HF_TOKEN to an access token"
              + (token.isPresent() ? " that may read it" : ""));
    }
    if (status == 429 || status == 408 || status >= 500) {
      return new RetryableException(
          at + " answers " + status,
          response.headers().firstValue("Retry-After").flatMap(HubClient::wait));
    }
    throw new TokapuException(
        at
            + " answers "
            + status
            + (status == 404 ? ": there is no such repository, revision or file" : ""));
  }

  /// Reads Retry-After: seconds, or a date.
  private static Optional<Duration> wait(String value) {
    try {
      return Optional.of(Duration.ofSeconds(Math.max(0, Integer.parseInt(value.strip()))));
    } catch (NumberFormatException e) {
      return date(value);
    }
  }

  private static Optional<Duration> date(String value) {
    try {
      Instant then =
          ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration time = Duration.between(Instant.now(), then);
      return Optional.of(time.isNegative() ? Duration.ZERO : time);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static String encoded(String text, boolean keepSlashes) {
    List<String> parts = new ArrayList<>();
    for (String part : keepSlashes ? text.split("/") : new String[] {text}) {
      parts.add(URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return String.join("/", parts);
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
