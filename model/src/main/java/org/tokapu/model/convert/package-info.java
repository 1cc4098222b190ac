/// Models written in another form: between GGUF and safetensors, and quantized.
package org.tokapu.model.convert;
