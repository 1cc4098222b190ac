package org.tokapu.assistant.window;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the model is shown of a conversation.
///
/// @param messages what to render, a summary included
/// @param fresh a summary that was made for it and is to be kept; nothing: none was made
/// @param report what became of the rest
public record FittedWindow(
    List<Map<String, @Nullable Object>> messages, Optional<Summary> fresh, WindowReport report) {}
