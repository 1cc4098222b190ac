package org.tokapu.assistant.store;

import java.util.List;
import java.util.Optional;

/// Some sessions of a list.
///
/// @param sessions the last used first
/// @param next where the next page begins; nothing at the end
public record SessionPage(List<Session> sessions, Optional<String> next) {}
