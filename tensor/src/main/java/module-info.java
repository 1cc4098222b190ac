/// Numbers in memory: tensors, weights, the formats they are stored in, and the kernels over them.
@org.jspecify.annotations.NullMarked
module org.tokapu.tensor {
  requires transitive org.tokapu.base;
  requires jdk.incubator.vector;

  exports org.tokapu.tensor;
  exports org.tokapu.tensor.kernels;
  exports org.tokapu.tensor.quant;
  exports org.tokapu.tensor.quant.mix;

  uses org.tokapu.tensor.KernelProvider;
}
