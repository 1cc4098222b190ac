/// Which parameter of a model gets which format: named mixtures ([QuantMix]) and what is known
/// about which inputs matter ([ImportanceMatrix]).
package org.tokapu.tensor.quant.mix;
