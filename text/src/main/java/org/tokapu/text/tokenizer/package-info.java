/// The kinds of tokenizers and the files they come in.
package org.tokapu.text.tokenizer;
