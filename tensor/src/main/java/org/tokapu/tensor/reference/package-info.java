/// The living definition of every kernel: scalar, slow, readable.
package org.tokapu.tensor.reference;
