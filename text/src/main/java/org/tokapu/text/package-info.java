/// Tokenizers as everybody sees them: text to ids and back.
package org.tokapu.text;
