package org.tokapu.assistant.store;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.tokapu.assistant.Owner;
import org.tokapu.assistant.Quota;
import org.tokapu.assistant.Scope;

/// A key as it is kept: without its secret.
///
/// @param id what it is called; the owner of all that is done with it
/// @param name what people call it
/// @param hint the first characters of the secret, to tell keys apart
/// @param scopes what it opens
/// @param quota how much may be asked with it
/// @param created when it was made
/// @param revoked since when it opens nothing
/// @param used when it was last used
public record ApiKey(
    String id,
    String name,
    String hint,
    Set<Scope> scopes,
    Quota quota,
    Instant created,
    Optional<Instant> revoked,
    Optional<Instant> used) {
  /// Returns whose everything is that is done with it.
  public Owner owner() {
    return new Owner(id);
  }
}
