package org.tokapu.server.api;

/// What a model is to go on from.
///
/// @param ids its tokens
/// @param answers whether what comes is a text of its own, not the rest of this one
record Prompt(int[] ids, boolean answers) {}
