package org.tokapu.text;

/// Token ids with the place of each in the text.
///
/// @param ids `[tokens]`
/// @param starts index of the first char of each token in the original text
/// @param ends index after its last char; equal to the start for tokens that the tokenizer added,
///   and for all but the first of several byte tokens that spell one character
public record Encoding(int[] ids, int[] starts, int[] ends) {}
