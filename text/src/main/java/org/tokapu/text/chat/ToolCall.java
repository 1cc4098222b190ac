package org.tokapu.text.chat;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A tool that the assistant asks to be called.
///
/// @param id what the answer refers to
/// @param name the name of the tool
/// @param arguments plain JSON values by name
public record ToolCall(String id, String name, Map<String, ? extends @Nullable Object> arguments) {}
