package org.tokapu.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Finds the endpoint for a method and a path. Immutable.
final class Router {
  /// An endpoint, and the values of the path's segments in braces.
  record Match(Endpoint endpoint, Map<String, String> parameters) {}

  private record Route(Endpoint endpoint, List<String> segments) {
    Optional<Map<String, String>> match(List<String> path) {
      if (path.size() != segments.size()) {
        return Optional.empty();
      }
      Map<String, String> parameters = new HashMap<>();
      for (int i = 0; i < path.size(); i++) {
        String segment = segments.get(i);
        if (segment.startsWith("{") && !path.get(i).isEmpty()) {
          parameters.put(segment.substring(1, segment.length() - 1), path.get(i));
        } else if (!segment.equals(path.get(i))) {
          return Optional.empty();
        }
      }
      return Optional.of(parameters);
    }
  }

  private final List<Route> routes;

  Router(List<Endpoint> endpoints) {
    routes = endpoints.stream().map(e -> new Route(e, List.of(e.path().split("/", -1)))).toList();
  }

  /// Finds an endpoint; `HEAD` goes where `GET` goes.
  ///
  /// @param rawPath as it came, percent signs and all
  /// @throws ApiError 404 or 405
  Match find(String method, String rawPath) {
    List<String> path = segments(rawPath);
    TreeSet<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      Optional<Map<String, String>> parameters = route.match(path);
      if (parameters.isPresent()) {
        String takes = route.endpoint.method();
        if (takes.equals(method) || (takes.equals("GET") && method.equals("HEAD"))) {
          return new Match(route.endpoint, parameters.get());
        }
        allowed.add(takes);
      }
    }
    if (allowed.isEmpty()) {
      throw ApiError.notFound(
          null, "unknown_url", "Unknown request URL: %s %s.".formatted(method, rawPath));
    }
    throw ApiError.of(
        405,
        "%s is not allowed on %s; allowed: %s."
            .formatted(method, rawPath, String.join(", ", allowed)),
        "method_not_allowed");
  }

  private static List<String> segments(String rawPath) {
    List<String> out = new ArrayList<>();
    for (String segment : rawPath.split("/", -1)) {
      try {
        out.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        throw ApiError.invalid(null, "invalid_url", "The URL has a broken percent sign.");
      }
    }
    return out;
  }
}
