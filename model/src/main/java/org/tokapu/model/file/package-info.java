/// The files that models come in, as raw containers: named bytes with shapes and types, and the
/// metadata beside them. What a tensor means to an architecture is nobody's business here.
///
/// | container | read by | written by |
/// |---|---|---|
/// | GGUF v2, v3, whole or split | [GgufFile] | [GgufWriter] |
/// | safetensors, whole or sharded | [SafetensorsFile] | [SafetensorsWriter] |
/// | llama2.c `.bin` | [Llama2cFile] | |
/// | the JSON files of a Hugging Face folder | [HfFolder] | |
///
/// [ModelFiles#kind] tells them apart by their bytes. Every reader maps its file (a 40 GB file
/// opens in milliseconds), owns the mapping until it is closed, and checks all that a header claims
/// against the bytes that are there before it uses or allocates anything: whatever the input, the
/// only failure is a [org.tokapu.base.ModelFormatException] that names file, field and remedy.
/// Writers go through [org.tokapu.base.AtomicFile] and stream, so a file may be larger than memory.
///
/// Tensor dimensions are as the container has them: GGUF lists the fastest-running one first,
/// safetensors last.
package org.tokapu.model.file;
