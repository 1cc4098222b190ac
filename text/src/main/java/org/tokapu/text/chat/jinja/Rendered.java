package org.tokapu.text.chat.jinja;

/// What a template wrote, and which parts of it came from its variables.
///
/// @param text the whole text
/// @param foreign sorted, disjoint char ranges `start, end, ...` that came from variables
public record Rendered(String text, int[] foreign) {}
