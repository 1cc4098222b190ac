/// The formats in which parameters are stored, one file each; [QuantFormats] lists them.
package org.tokapu.tensor.quant;
