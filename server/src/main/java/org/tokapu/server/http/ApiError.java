package org.tokapu.server.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a request is refused with, in OpenAI's shape: `message`, `type`, `param`, `code`, all four
/// always there.
public final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final String INVALID_REQUEST = "invalid_request_error";

  private final int status;
  private final String type;
  private final @Nullable String param;
  private final @Nullable String code;
  private final int retryAfter;

  private ApiError(
      int status,
      String type,
      String message,
      @Nullable String param,
      @Nullable String code,
      int retryAfter) {
    super(message, null, false, false);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /// Refuses with any status.
  public static ApiError of(int status, String message, @Nullable String code) {
    return new ApiError(status, INVALID_REQUEST, message, null, code, 0);
  }

  /// 400: something in the body is wrong.
  ///
  /// @param param the path to it: `messages[1].role`; null for the body as a whole
  public static ApiError invalid(@Nullable String param, @Nullable String code, String message) {
    return new ApiError(400, INVALID_REQUEST, message, param, code, 0);
  }

  /// 404: there is no such thing.
  public static ApiError notFound(@Nullable String param, @Nullable String code, String message) {
    return new ApiError(404, INVALID_REQUEST, message, param, code, 0);
  }

  /// 401: nobody that we know.
  public static ApiError unauthorized(String message) {
    return new ApiError(401, INVALID_REQUEST, message, null, "invalid_api_key", 0);
  }

  /// 403: known, or foreign, but not allowed.
  public static ApiError forbidden(String code, String message) {
    return new ApiError(403, INVALID_REQUEST, message, null, code, 0);
  }

  /// 429: too much of something that is counted.
  ///
  /// @param seconds when to try again
  public static ApiError rateLimited(String code, String message, int seconds) {
    return new ApiError(429, "rate_limit_error", message, null, code, seconds);
  }

  /// 503: too much to do for now.
  ///
  /// @param seconds when to try again
  public static ApiError overloaded(String message, int seconds) {
    return new ApiError(503, "server_error", message, null, "overloaded", seconds);
  }

  /// 500: our own fault.
  public static ApiError internal(String message) {
    return new ApiError(500, "server_error", message, null, null, 0);
  }

  /// Returns the status of the answer.
  public int status() {
    return status;
  }

  /// Returns OpenAI's word for the kind of error.
  public String type() {
    return type;
  }

  /// Returns the path to what is wrong.
  public @Nullable String param() {
    return param;
  }

  /// Returns OpenAI's word for the very error.
  public @Nullable String code() {
    return code;
  }

  /// Returns after how many seconds another try makes sense; 0 if never.
  public int retryAfter() {
    return retryAfter;
  }

  /// Returns the body of the answer.
  public Map<String, @Nullable Object> toJson() {
    Map<String, @Nullable Object> error = new LinkedHashMap<>();
    error.put("message", getMessage());
    error.put("type", type);
    error.put("param", param);
    error.put("code", code);
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("error", error);
    return out;
  }
}
