package org.tokapu.server.http;

import java.util.Set;
import org.tokapu.assistant.Owner;

/// Who asks.
///
/// @param owner whose things the caller may see
/// @param scopes what the caller may do: [#CHAT], [#ADMIN]
public record Caller(Owner owner, Set<String> scopes) {
  /// May use the models and the own sessions.
  public static final String CHAT = "chat";

  /// May see what the operator sees.
  public static final String ADMIN = "admin";

  /// Whoever comes where no keys are asked for.
  public static final Caller LOCAL = new Caller(Owner.LOCAL, Set.of(CHAT, ADMIN));

  /// Copies the scopes.
  public Caller {
    scopes = Set.copyOf(scopes);
  }
}
