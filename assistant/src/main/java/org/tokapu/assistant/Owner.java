package org.tokapu.assistant;

import org.tokapu.base.TokapuException;

/// Whose something is: nothing of an owner is ever shown to another.
///
/// @param id an API key's id, or `local` where no keys are asked for
public record Owner(String id) {
  /// The owner of everything where no keys are asked for.
  public static final Owner LOCAL = new Owner("local");

  /// Checks the id.
  public Owner {
    if (id.isBlank()) {
      throw new TokapuException("an owner's id is empty");
    }
  }
}
