/// Tensors, weights and the kernels that work on them.
///
/// An activation is a [Tensor], float32 `[rows, cols]`, row-major, off-heap. A parameter is a
/// [Weight], in whatever [QuantFormat] its file has. [Kernels] turn weights into functions and do
/// everything else that touches numbers; the reference implementation defines what is right, the
/// vector implementation is fast, and [KernelProviders] says which one runs and why.
package org.tokapu.tensor;
