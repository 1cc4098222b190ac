/// Models as they come: GGUF files, Hugging Face folders, llama2.c files; opened, converted,
/// quantized.
package org.tokapu.model.source;
