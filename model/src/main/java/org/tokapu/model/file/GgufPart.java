package org.tokapu.model.file;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/// What one GGUF file holds: the whole model, or a part of a split one.
///
/// @param file its name, for messages
/// @param version the format version, 2 or 3
/// @param alignment where tensors may begin, in bytes
/// @param values the metadata in file order
/// @param tensors the tensors in file order, checked
/// @param data the mapped file
record GgufPart(
    String file,
    int version,
    int alignment,
    Map<String, GgufValue> values,
    List<GgufTensor> tensors,
    MemorySegment data) {}
